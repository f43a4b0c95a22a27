"""A club begins whole, or not at all."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.choice import ClubFolder, choose_demo, chosen
from bot.codes import Codes
from bot.passwords import fits
from bot.store import Store
from bot.store.engine.migrate import behind
from bot.store.finding.due_members import count_members
from bot.store.history import programs
from bot.store.messages import line_channel
from bot.store.staff import first_steps, staff
from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding import begin as beginning_module
from handlers.actions.founding.begin import ClubBeginning, begin_apart, begin_here, missing
from handlers.actions.founding.channel import TypedChannel, seal, unseal
from rules.base import Refusal
from tests.handlers.works import CODES

from .conftest import NOW

CHANNEL = TypedChannel("5ec4e7fedcba9876" * 2, "t" * 170)


def beginning(steps: FirstSteps) -> ClubBeginning:
    return ClubBeginning(steps, CODES, NOW, "ja")


def looks_whole(store: Store) -> None:
    with store.read() as uow:
        assert count_members(uow) == 0
        assert tomllib.loads(programs.newest(uow).text)["shop"]["name"]["ja"] == "喫茶あおぞら"
        [owner] = staff.everybody(uow)
        assert (owner.login, owner.role, owner.store) == ("haruka", "owner", None)
        assert fits("murasaki-no-kaidan", owner.password_hash)
        steps = first_steps.find(uow)
    assert steps is not None
    assert steps.begun_at == NOW
    assert steps.password_hash is None, "nobody keeps it twice"


def test_a_club_begins_in_a_database_of_its_own(tmp_path: Path, told: FirstSteps) -> None:
    folder = begin_apart(tmp_path, beginning(told))
    assert isinstance(folder, ClubFolder)
    assert chosen(tmp_path) == folder
    assert folder.programme.read_text(encoding="utf-8") == told.text
    store = Store(f"sqlite:///{folder.database}")
    assert behind(store) is None
    looks_whole(store)
    store.close()


def test_begun_twice_it_is_the_same_club(tmp_path: Path, told: FirstSteps) -> None:
    first = begin_apart(tmp_path, beginning(told))
    assert begin_apart(tmp_path, beginning(told)) == first
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_who_dies_half_way_leaves_the_demo_and_can_begin_again(
    tmp_path: Path, told: FirstSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("upgrade", "write_programme", "choose"):
        with monkeypatch.context() as patch:
            patch.setattr(beginning_module, step, dies)
            with pytest.raises(KeyboardInterrupt):
                begin_apart(tmp_path, beginning(told))
        assert chosen(tmp_path) is None, step
    folder = begin_apart(tmp_path, beginning(told))
    assert isinstance(folder, ClubFolder)
    assert chosen(tmp_path) == folder


def test_a_club_that_was_begun_is_never_cleared_away(tmp_path: Path, told: FirstSteps) -> None:
    first = begin_apart(tmp_path, beginning(told))
    assert isinstance(first, ClubFolder)
    (first.path / "of its own").write_text("members")
    choose_demo(tmp_path)
    second = begin_apart(tmp_path, beginning(told))
    assert isinstance(second, ClubFolder)
    assert (first.path / "of its own").exists()
    assert chosen(tmp_path) == second != first
    assert begin_apart(tmp_path, beginning(told)) == second, "tapped twice"


def test_a_club_begins_in_an_empty_database_that_somebody_named(
    store: Store, told: FirstSteps
) -> None:
    with store.begin() as uow:
        first_steps.put(uow, told, at=NOW)
    assert begin_here(store, beginning(told)) is None
    looks_whole(store)
    assert begin_here(store, beginning(told)) is None, "tapped twice, it is there"


def test_no_club_begins_where_somebody_is(store: Store, told: FirstSteps) -> None:
    with store.begin() as uow:
        staff.add(uow, login="x1", name="X", role="owner", store=None, language="ja", at=NOW)
    assert begin_here(store, beginning(told)) == Refusal("setup_taken")
    with store.read() as uow:
        assert [person.login for person in staff.everybody(uow)] == ["x1"]


@pytest.mark.parametrize("step", ["template", "shop", "owner"])
def test_no_club_begins_before_all_is_told(tmp_path: Path, told: FirstSteps, step: str) -> None:
    half = replace(told, done=told.done - {step})
    assert missing(half) == (step,)
    assert begin_apart(tmp_path, beginning(half)) == Refusal("setup_unfinished")
    assert chosen(tmp_path) is None


def test_a_channel_is_kept_sealed_and_opened_with_keys_of_before(
    tmp_path: Path, told: FirstSteps
) -> None:
    sealed = seal(CODES, CHANNEL, "あおぞら (@aozora)")
    steps = replace(
        told,
        channel_secret=sealed.secret,
        channel_token=sealed.token,
        channel_account=sealed.account,
    )
    folder = begin_apart(tmp_path, beginning(steps))
    assert isinstance(folder, ClubFolder)
    found = line_channel.channel_at(f"sqlite:///{folder.database}")
    assert found == sealed
    bytes_kept = b"".join(path.read_bytes() for path in folder.path.iterdir())
    assert CHANNEL.secret.encode() not in bytes_kept
    assert CHANNEL.token.encode() not in bytes_kept
    assert unseal(CODES, sealed) == CHANNEL
    later = "another secret of the tests that is long enough"
    assert unseal(Codes(later), sealed) is None
    assert unseal(Codes(later, ["a secret of the tests that is long enough"]), sealed) == CHANNEL
    assert CHANNEL.secret not in repr(CHANNEL)


def test_a_database_that_is_not_there_knows_no_channel(tmp_path: Path) -> None:
    assert line_channel.channel_at(f"sqlite:///{tmp_path / 'none.sqlite3'}") is None
    assert not (tmp_path / "none.sqlite3").exists()
