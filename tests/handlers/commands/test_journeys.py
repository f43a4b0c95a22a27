"""What the commands about journeys show, and what they do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from bot.settings import load_settings
from bot.store.members import line_accounts, members
from bot.store.messages import outbox, outbox_figures
from bot.store.messages.outbox import PlannedMessage
from bot.store.tables import members as members_table
from bot.store.tables import outbox as table
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.record import Request
from handlers.club import Club
from handlers.commands.installation import Installation
from rules.activity import Visit
from tests.conftest import FreshDatabase
from tests.rules.examples import CAFE

SECRET = "commands-need-a-secret-key-of-some-length"
USER = "U" + "1" * 32


@pytest.fixture
def app(fresh_sqlite: FreshDatabase, tmp_path: Path) -> Iterator[Flask]:
    with fresh_sqlite() as url:
        yield _app(url, tmp_path)


def _app(url: str, tmp_path: Path, lapsed: str = "") -> Flask:
    programme = tmp_path / "program.toml"
    text = CAFE.replace("[[journeys]]\nkind", "[[journeys]]\nholdout = 0\nkind")
    if lapsed:
        text = text.replace('holdout = 0\nkind = "lapsed"', f'{lapsed}\nkind = "lapsed"')
    programme.write_text(text, encoding="utf-8")
    settings = {"SECRET_KEY": SECRET, "DATABASE_URL": url, "PROGRAM_FILE": str(programme)}
    app = create_app(load_settings(settings), simulator_file=tmp_path / "simulator.sqlite3")
    _run(app, "migrate")
    return app


@pytest.fixture
def club(app: Flask) -> Club:
    installation: Installation = app.extensions["kayoi"]
    return installation.club


def _run(app: Flask, *words: str, fails: bool = False) -> str:
    result = app.test_cli_runner().invoke(args=list(words))
    assert (result.exit_code != 0) == fails, result.output
    return result.output


def _came(club: Club, *, days_ago: int, user: str | None = USER) -> str:
    """Somebody who came once, so long ago; gives the card's number."""
    at = club.now() - timedelta(days=days_ago)
    with club.work() as work:
        if user:
            line_accounts.ensure(work.uow, user, display_name="さくら", language="ja", at=at)
        joining = JoinRequest(at, "ja", "p", source="counter", line_user_id=user)
        member_id = join(work.moment(at).acting("member").under(f"j:{user}"), joining).member_id
        visit = Request(member_id, Visit("staff"), at, "ekimae")
        assert check_in(work.moment(at).acting("staff").under(f"v:{user}"), visit).done
        # They heard of it then.
        work.answered.add(member_id)
        member = members.get(work.uow, member_id)
    assert member is not None
    return member.number


def _queued(club: Club) -> int:
    with club.store.read() as uow:
        return sum(outbox_figures.counts(uow).values())


def test_the_journeys_are_listed_the_most_important_first(app: Flask) -> None:
    lines = _run(app, "journeys", "list").splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert {line.split()[1] for line in lines} >= {"birthday", "lapsed", "first_visit"}


def test_a_preview_says_who_gets_what_and_who_not_and_writes_nothing(
    app: Flask, club: Club
) -> None:
    number = _came(club, days_ago=62)
    _came(club, days_ago=62, user=None)
    told = _run(app, "journeys", "preview", "--journey", "lapsed")
    assert "lapsed: 1 message(s)" in told
    assert f"card {number}  line" in told
    assert "1 not: Can't be reached" in told
    assert "In all 1 message(s) by LINE, 0 by SMS." in told
    assert _queued(club) == 0


def test_a_preview_of_a_later_day_shows_what_will_be_due_then(app: Flask, club: Club) -> None:
    _came(club, days_ago=40)
    assert "lapsed: 0 message(s)" in _run(app, "journeys", "preview", "--journey", "lapsed")
    later = club.now() + timedelta(days=21)
    at = f"{later:%Y-%m-%d} 12:00"
    told = _run(app, "journeys", "preview", "--journey", "lapsed", "--at", at)
    assert "lapsed: 1 message(s)" in told


def test_a_preview_of_one_member_says_why_not(app: Flask, club: Club) -> None:
    number = _came(club, days_ago=62)
    told = _run(app, "journeys", "preview", "--member", number)
    assert "lapsed: would be sent" in told
    assert "birthday: No birthday told" in told


def test_a_preview_shows_the_warnings_that_are_promised_too(app: Flask, club: Club) -> None:
    number = _came(
        club, days_ago=310
    )  # points go after a year, the first warning is 60 days before
    told = _run(app, "journeys", "preview")
    assert "points_expiring: 1 message(s)" in told
    assert f"card {number}  line  a  ポイントの期限が近づいています" in told
    assert "rank_at_risk: 0 message(s)" in told
    assert "points_expiring: would be sent" in _run(app, "journeys", "preview", "--member", number)
    assert _queued(club) == 0
    assert "points_expiring" in _run(app, "journeys", "list")
    # The night's work queues them, and notes what was warned of.
    _run(app, "journeys", "run", "--journey", "points_expiring", fails=True)


def test_a_preview_names_those_whom_the_run_will_write_to(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_sqlite() as url:
        app = _app(url, tmp_path, lapsed="holdout = 0.5")
        club = app.extensions["kayoi"].club
        numbers = [_came(club, days_ago=62, user=f"U{n:032}") for n in range(8)]
        told = _run(app, "journeys", "preview", "--journey", "lapsed")
        named = {number for number in numbers if f"card {number}" in told}
        assert 0 < len(named) < 8
        assert f"{8 - len(named)} not: held back" in told
        _run(app, "journeys", "run", "--journey", "lapsed")
        with club.store.read() as uow:
            theirs = table.c.member_id == members_table.c.id
            rows = uow.run(select(members_table.c.number, table.c.status).where(theirs)).all()
        assert {row.number for row in rows if row.status == "queued"} == named
        assert {row.number for row in rows} == set(numbers)


def test_a_preview_says_who_was_drawn_to_a_version_for_others(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_sqlite() as url:
        app = _app(
            url, tmp_path, lapsed='holdout = 0\narms = [{ id = "regulars", visits_min = 2 }]'
        )
        number = _came(app.extensions["kayoi"].club, days_ago=62)
        told = _run(app, "journeys", "preview", "--journey", "lapsed")
        assert "lapsed: 0 message(s)\n       1 not: drawn to a version that is for others" in told
        told = _run(app, "journeys", "preview", "--journey", "lapsed", "--member", number)
        assert "lapsed: drawn to a version that is for others (" in told


def test_what_a_year_shows_is_told_for_the_club_as_it_is(
    app: Flask, club: Club, tmp_path: Path
) -> None:
    (tmp_path / "program.toml").write_text(CAFE, encoding="utf-8")
    assert "times a year" not in _run(app, "program", "check", "--lang", "en")
    number = _came(club, days_ago=62)
    _came(club, days_ago=62, user=None)
    told = _run(app, "program", "check", "--lang", "en")
    assert "journeys: With 2 members, all messages together fall due about 4 times a year" in told
    assert 'journeys[1] "lapsed": With 2 members it falls due about once a year: too' in told
    # Once the club has seen it for a while, its own figures count.
    with club.work() as work:
        at, member = club.now() - timedelta(days=100), members.by_code(work.uow, "number", number)
        assert member
        rows = [
            PlannedMessage(member, "journey:lapsed", str(n), "{}", None, at, at, at, arm="a")
            for n in range(100)
        ]
        outbox.queue_many(work.uow, rows)
    told = _run(app, "program", "check", "--lang", "en")
    assert "With 2 members it falls due about 365 times a year: too" in told
    told = _run(app, "program", "check", "--lang", "en", "--members", "2000")
    assert "With 2,000 members it falls due about 960 times a year." in told


def test_running_queues_each_message_once(app: Flask, club: Club) -> None:
    number = _came(club, days_ago=62)
    assert "lapsed: 1 new of 1 due." in _run(app, "journeys", "run")
    assert "lapsed: 0 new of 1 due." in _run(app, "journeys", "run")
    assert _queued(club) == 1
    told = _run(app, "journeys", "preview", "--journey", "lapsed")
    assert "1 not: has it already" in told
    assert "has it already" in _run(app, "journeys", "preview", "--member", number)


@pytest.mark.parametrize(
    "words",
    [
        ("preview", "--at", "2001-01-01 10:00"),
        ("preview", "--at", "soon"),
        ("preview", "--journey", "nothing"),
        ("preview", "--member", "0"),
        ("results", "--journey", "nothing"),
        ("results", "--journey", "points_expiring"),
        ("run", "--at", "2001-01-01 10:00"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(app: Flask, words: tuple[str, ...]) -> None:
    told = _run(app, "journeys", *words, fails=True)
    assert told.startswith("Error: ")
    assert "Traceback" not in told


def test_in_the_simulator_running_a_later_moment_travels_there(app: Flask, club: Club) -> None:
    then = club.now() + timedelta(hours=3)
    assert "Travelled there" in _run(app, "journeys", "run", "--at", then.isoformat())
    assert club.now() >= then
