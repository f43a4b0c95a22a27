import pytest
from argon2 import PasswordHasher

from bot import passwords


def test_only_the_same_secret_fits() -> None:
    kept = passwords.hashed("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert "horse" not in kept
    assert passwords.fits("correct horse battery", kept)
    assert not passwords.fits("correct horse batterY", kept)
    assert passwords.hashed("correct horse battery") != kept


def test_nothing_fits_where_nothing_is_kept() -> None:
    assert not passwords.fits("anything", None)
    assert not passwords.fits("nobody's", None)
    assert not passwords.fits("anything", "not a hash")


def test_nothing_kept_costs_as_much_as_a_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        def verify(self, kept: str, secret: str) -> bool:
            looked_at.append(kept)
            return hasher.verify(kept, secret)

        def hash(self, secret: str) -> str:
            return hasher.hash(secret)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    passwords.fits("anything", None)
    [kept] = looked_at
    assert kept.split("$")[1:4] == hasher.hash("x").split("$")[1:4]


def test_a_hash_made_in_a_weaker_way_is_dated() -> None:
    assert passwords.is_dated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.is_dated(passwords.hashed("x"))
