"""Each thing that can be wrong is brought about from outside, and `/readyz` says it in a word."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.line.sender import SendRequest
from bot.store import Store, StoreFull
from bot.store.engine.leader import Leadership
from bot.store.finding import ticks
from bot.store.messages import quota, webhook_events
from bot.store.messages.webhook_events import ArrivedEvent
from handlers.showing import readiness
from tests.bot.line.loopback import Answer, Loopback, serving
from tests.conftest import FreshDatabase
from tests.handlers.clubs import MONDAY_NOON, HandClock, SmallClub, club_on
from tests.handlers.pages.conftest import browser_of

TODAY = date(2026, 1, 5)


@pytest.fixture
def line() -> Iterator[Loopback]:
    with serving() as loopback:
        yield loopback


@pytest.fixture
def led(database_url: str, line: Loopback) -> Iterator[SmallClub]:
    """A club with all that it needs, and a scheduler that leads."""
    with club_on(database_url, line_url=line.url) as cafe:
        leadership = Leadership(cafe.store)
        assert leadership.held()
        yield cafe
        leadership.release()


def said(cafe: SmallClub, **instead: Any) -> tuple[int, str, str]:
    """(HTTP's status, a word, a sentence) of the club, or of one with something else in it."""
    answer = browser_of(replace(cafe.club, **instead)).get("/readyz")
    assert answer.json is not None
    return answer.status_code, answer.json["status"], answer.json["says"]


def test_all_is_well(led: SmallClub) -> None:
    assert said(led) == (200, "ready", "All is well.")


def test_a_database_that_is_not_there(led: SmallClub, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    url = f"sqlite:///{gone}" if led.store.is_sqlite else "postgresql+psycopg://x@127.0.0.1:9/x"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.store.engine.db._make_private", lambda _: None)
        store = Store(url)
    status, word, sentence = said(led, store=store)
    assert (status, word) == (503, "not ready")
    opened = "The database's file can't be opened: is its disk there, and may we write to it?"
    reached = "The database isn't reached: is its server running, and DATABASE_URL right?"
    assert sentence == (opened if led.store.is_sqlite else reached)
    store.close()


def test_a_file_that_is_broken(fresh_sqlite: FreshDatabase) -> None:
    with fresh_sqlite() as url, club_on(url) as cafe:
        cafe.store.close()
        file = Path(url.removeprefix("sqlite:///"))
        for each in file.parent.glob(f"{file.name}*"):
            each.write_bytes(b"nothing of the kind" * 1000)
        broken = "The database's file is broken, or none of SQLite's: bring back the replica."
        assert said(cafe) == (503, "not ready", broken)


def at_revision(cafe: SmallClub, revision: str) -> None:
    with cafe.store.begin() as uow:
        uow.run(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})


@pytest.mark.unused_database
def test_a_database_that_was_not_migrated(led: SmallClub) -> None:
    at_revision(led, "0085")
    status, word, sentence = said(led)
    assert (status, word) == (503, "not ready")
    assert sentence.startswith("The database is at 0085, and this code at ")
    assert sentence.endswith(": run `flask --app app migrate`.")


@pytest.mark.unused_database
def test_one_that_a_newer_version_migrated_is_served_on(led: SmallClub) -> None:
    at_revision(led, "9999")
    status, word, sentence = said(led)
    assert (status, word) == (200, "unwell")
    assert sentence.startswith("A newer version migrated the database to 9999, this code is at ")


def fill_the_disk(store: Store) -> None:
    """What the database itself says where there is no room any more."""
    if store.is_sqlite:

        @event.listens_for(store.engine, "begin")
        def no_more(connection: Any) -> None:
            connection.connection.driver_connection.execute("PRAGMA max_page_count = 1")

        return
    with store.begin() as uow:
        uow.run(
            text(
                "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$"
            )
        )
        uow.run(
            text(
                "CREATE TRIGGER full_up BEFORE INSERT ON webhook_events"
                " FOR EACH ROW EXECUTE FUNCTION full_up()"
            )
        )


@pytest.mark.unused_database
def test_a_disk_that_is_full(led: SmallClub, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(led.store)
    with pytest.raises(StoreFull), led.store.begin() as uow:
        webhook_events.store(uow, [ArrivedEvent("e", None, "x" * 100_000)], at=MONDAY_NOON)
    assert said(led) == (503, "not ready", "The database's disk is full: nothing is written.")
    # Where nobody is led to it any more, nothing would find out that there is room again.
    monkeypatch.setattr("bot.store.engine.db._FULL_SECONDS", 0.0)
    with pytest.raises(StoreFull), led.store.begin() as uow:
        webhook_events.store(uow, [ArrivedEvent("f", None, "x" * 100_000)], at=MONDAY_NOON)
    assert said(led)[0] == 200


def test_a_disk_that_is_nearly_full(
    fresh_sqlite: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "_ROOM_BYTES", 1 << 62)
    with fresh_sqlite() as url, club_on(url) as cafe:
        status, word, sentence = said(cafe)
    assert (status, word) == (200, "unwell")
    assert sentence.endswith(" MB left: make room before it is full.")


def test_events_that_no_worker_takes(led: SmallClub) -> None:
    with led.store.begin() as uow:
        webhook_events.store(uow, [ArrivedEvent("e", "U1", "{}")], at=MONDAY_NOON)
    assert said(led)[1] == "ready"
    led.passes(minutes=7)
    waits = "Events of LINE have waited for 7 minutes: no worker takes them, or too slowly."
    assert said(led) == (200, "unwell", waits)
    with led.store.begin() as uow:
        webhook_events.close(uow, "e")
    assert said(led)[1] == "ready"


def test_a_club_where_no_scheduler_leads(fresh_postgresql: FreshDatabase) -> None:
    with fresh_postgresql() as url, club_on(url) as cafe:
        leads = "No scheduler leads: no worker runs, so no night's work, and nothing is sent."
        assert said(cafe) == (200, "unwell", leads)
        leadership = Leadership(cafe.store)
        assert leadership.held()
        assert said(cafe)[1] == "ready"
        leadership.release()
        until_nobody_leads(cafe)
        assert said(cafe)[2] == leads


def until_nobody_leads(cafe: SmallClub) -> None:
    from bot.store.engine import leader
    from tests.waiting import until

    def nobody() -> bool:
        with cafe.store.read() as uow:
            return not leader.is_any(uow)

    until(nobody, "the lock to be free")


def night(cafe: SmallClub, day: date) -> None:
    with cafe.store.begin() as uow:
        ticks.mark_tick(uow, f"tick:nightly:{day}", at=MONDAY_NOON)


def test_a_night_that_is_late(led: SmallClub) -> None:
    night(led, TODAY - timedelta(days=1))
    status, word, sentence = said(led)
    assert (status, word) == (200, "unwell")
    assert "The night's work isn't finished 8 hours after 2026-01-05 began" in sentence
    assert sentence.endswith("; the last was of 2026-01-04.")
    night(led, TODAY)
    assert said(led)[1] == "ready"


def test_a_date_that_jumped(led: SmallClub) -> None:
    night(led, TODAY - timedelta(days=60))
    jumped = "The date is 60 days after the last night: set it right, or say it is true."
    assert said(led) == (200, "unwell", jumped)


REFUSED = "LINE refuses the channel access token: nothing is sent; set a new one."


def test_a_token_that_line_refuses_until_it_takes_one_again(led: SmallClub, line: Loopback) -> None:
    line.answers = [Answer(401, {"message": "Authentication failed"}), Answer()]
    sender = led.club.line.sender(1)
    for refused in (True, False):
        sender.give([SendRequest(f"00000000-0000-4000-8000-00000000000{refused:d}", "push", b"{}")])
        assert sender.collect()
        assert (said(led)[2] == REFUSED) is refused
    sender.stop()


def test_a_token_refused_to_whoever_asks_by_the_sdk(led: SmallClub, line: Loopback) -> None:
    line.answers = [Answer(401, {"message": "Authentication failed"})]
    with pytest.raises(Exception, match="401"):
        led.club.line.bot_info()
    assert said(led) == (200, "unwell", REFUSED)


def test_a_token_refused_to_another_process(led: SmallClub) -> None:
    month = TODAY.replace(day=1)
    with led.store.begin() as uow:
        quota.begin_month(uow, month)
        quota.hold(uow, month, until=MONDAY_NOON + timedelta(minutes=1), reason="credentials")
    assert said(led) == (200, "unwell", REFUSED)


def test_a_clock_that_is_not_lines(
    led: SmallClub, line: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: theirs)
    sender = led.club.line.sender(1)
    sender.give([SendRequest("00000000-0000-4000-8000-000000000001", "push", b"{}")])
    assert sender.collect()
    sender.stop()
    set_back = "This machine's clock is 60 minutes behind LINE's: set it right."
    assert said(led) == (200, "unwell", set_back)


def test_a_clock_that_is_not_the_databases(fresh_postgresql: FreshDatabase) -> None:
    with fresh_postgresql() as url, club_on(url) as cafe:
        leadership = Leadership(cafe.store)
        assert leadership.held()
        fast = HandClock(datetime.now(UTC) + timedelta(hours=3))
        wrong = "This machine's clock is 3 hours ahead of the database's: set it right."
        assert said(cafe, wall=fast) == (200, "unwell", wrong)
        leadership.release()


def test_nothing_else_is_asked_of_a_club_that_is_not_there(fresh_sqlite: FreshDatabase) -> None:
    with fresh_sqlite() as url, club_on(url) as cafe:
        file = url.removeprefix("sqlite:///")
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0001'")
        answer = browser_of(cafe.club).get("/readyz")
        assert answer.json is not None
        assert answer.json["checks"].keys() == readiness.NEEDS.keys()
