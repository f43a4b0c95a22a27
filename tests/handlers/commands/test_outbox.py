"""What the command line and Prometheus tell of the outbox."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from bot.settings import load_settings
from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.messages import attempts, outbox, quota
from bot.store.messages.attempts import Attempt, EndedAttempt
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.work import Work
from handlers.club import Club
from handlers.commands.installation import Installation
from rules.sending.quota import month_of
from tests.conftest import FreshDatabase

SECRET = "commands-need-a-secret-key-of-some-length"
DAY = timedelta(days=1)


@pytest.fixture
def app(fresh_sqlite: FreshDatabase, tmp_path: Path) -> Iterator[Flask]:
    with fresh_sqlite() as url:
        yield _app(url, tmp_path)


def _app(url: str, tmp_path: Path) -> Flask:
    settings = load_settings({"SECRET_KEY": SECRET, "DATABASE_URL": url})
    app = create_app(settings, simulator_file=tmp_path / "simulator.sqlite3")
    _run(app, "migrate")
    return app


@pytest.fixture
def club(app: Flask) -> Club:
    installation: Installation = app.extensions["kayoi"]
    return installation.club


def _run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return result.output


def _joins(work: Work, club: Club) -> int:
    joining = JoinRequest(club.now(), "ja", "p", source="counter")
    return join(work.acting("member").under("k"), joining).member_id


def _queue(uow: UnitOfWork, member: int, period: str, at: datetime) -> None:
    name = outbox.MessageKey(member, "birthday", period)
    outbox.queue(uow, name, "{}", topic=None, now=at, useful_until=at + DAY)


def _sends(uow: UnitOfWork, member: int, ended: EndedAttempt, at: datetime) -> None:
    """Queues a message and ends the attempt at it."""
    _queue(uow, member, ended.id, at)
    sending = outbox.MessageDecision(
        member, "birthday", ended.id, "sending", None, at, at + DAY, ended.id, at
    )
    outbox.decide(uow, [sending])
    attempts.freeze(uow, [Attempt(ended.id, "push", 1, "{}", at, tries=1)], lease_until=at)
    attempts.end(uow, [ended], now=at)


def test_it_tells_what_became_of_messages_and_of_the_month(app: Flask, club: Club) -> None:
    now = club.now()
    month = month_of(club.timeline().latest.programme.shop, now)
    with club.work() as work:
        member = _joins(work, club)
        _sends(work.uow, member, EndedAttempt("a", "uncertain", "unknown_after_24h"), now)
        _sends(work.uow, member, EndedAttempt("b", "delivered"), now)
        known = members.get(work.uow, member)
        quota.begin_month(work.uow, month)
        quota.note_figures(work.uow, month, plan=200, used=150, now=now)
        quota.hold(work.uow, month, until=now + DAY, reason="monthly_limit")
    told = _run(app, "outbox", "status")
    assert known is not None
    assert re.search(r"sent +birthday +1\n", told)
    assert re.search(r"uncertain +birthday +unknown_after_24h +1\n", told)
    assert f"card {known.number}  birthday  a  unknown_after_24h" in told
    assert "0 sent by the club, 150 by LINE's count; of 200, 50 left" in told
    assert "Nothing is pushed until" in told
    assert "used up" in _run(app, "outbox", "drain")


def test_a_club_that_sent_nothing_yet_is_told_so(app: Flask) -> None:
    told = _run(app, "outbox", "status")
    assert "The outbox is empty." in told
    assert "no known limit" in told


def test_prometheus_reads_how_the_outbox_stands(app: Flask, club: Club) -> None:
    with club.work() as work:
        _queue(work.uow, _joins(work, club), "a", club.now() - timedelta(minutes=5))
    told = app.test_client().get("/metrics").text
    assert 'outbox_messages{status="queued"} 1.0' in told
    assert 'outbox_messages{status="sending"} 0.0' in told
    waited = re.search(r"outbox_oldest_due_seconds (\d+)", told)
    assert waited is not None
    assert 300 <= int(waited[1]) < 400
