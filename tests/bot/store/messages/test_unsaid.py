"""What was said to nobody is counted, with its reason."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.store.messages import outbox, unsaid, webhook_events
from bot.store.messages.outbox import MessageKey
from bot.store.messages.webhook_events import ArrivedEvent
from bot.store.tables import outbox as table
from tests.conftest import FreshDatabase
from tests.handlers.clubs import SmallClub, club_on

DAY = timedelta(days=1)


def _reasons(club: SmallClub) -> dict[str, int]:
    with club.store.read() as uow:
        return unsaid.reasons(uow, since=club.now - DAY)


def test_events_are_counted_by_why_nobody_got_an_answer(database_url: str) -> None:
    with club_on(database_url) as club:
        with club.store.begin() as uow:
            arrived = [ArrivedEvent(f"e{n}", "U1", "{}") for n in range(5)]
            webhook_events.store(uow, arrived, at=club.now)
            old = [ArrivedEvent("old", "U1", "{}")]
            webhook_events.store(uow, old, at=club.now - 2 * DAY)
            webhook_events.close(uow, "e0")
            for name in ("e1", "e2", "old"):
                webhook_events.close(uow, name, unsaid="too_late")
            webhook_events.put_aside(uow, "e3", "ValueError")
        assert _reasons(club) == {"too_late": 2, "ValueError": 1}


@pytest.mark.parametrize(
    ("journey", "status", "reason", "counted"),
    [
        ("messages", "skipped", "blocked", {"blocked": 1}),
        ("messages", "uncertain", None, {"uncertain": 1}),
        ("messages", "sent", None, {}),
        ("messages", "queued", "quiet", {}),
        ("lapsed", "skipped", "blocked", {}),
    ],
)
def test_an_answer_that_was_to_be_pushed_counts_when_it_is_not(
    fresh_sqlite: FreshDatabase, journey: str, status: str, reason: str | None, counted: object
) -> None:
    with fresh_sqlite() as url, club_on(url) as club:
        key = MessageKey(club.joins(), journey, "e1")
        with club.store.begin() as uow:
            useful = club.now + DAY
            outbox.queue(uow, key, "{}", topic=None, now=club.now, useful_until=useful)
            of_it = update(table).where(table.c.journey == journey)
            uow.run(of_it.values(status=status, reason=reason))
        assert _reasons(club) == counted
