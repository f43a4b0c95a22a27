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


@pytest.mark.parametrize(
    "common",
    [
        "Password123!", "qwertyuiop", "1q2w3e4r5t", "p@ssw0rd2024", "zaq12wsxcde3", "iloveyou2024",
        "sakurasakura", "kawaii12345", "dragon1234567", "aaaaaaaaaaaa",
        "haruka-2026", "MoriHaruka1",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_easy(common: str) -> None:
    assert passwords.is_easy(common, ("haruka", "Mori Haruka"))


@pytest.mark.parametrize("good", ["kumo no nai hi", "mugi ga suki desu", "tV7#qPz02mLw"])
def test_what_nobody_guesses_is_not(good: str) -> None:
    assert passwords.is_easy(good, ("haruka", "森")) is False
