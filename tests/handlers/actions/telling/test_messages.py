"""What waits to be said of an action that is undone is dropped; what was said is corrected."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.store.messages import outbox
from bot.store.tables import outbox as messages
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32


def queues(cafe: SmallClub, member: int, journey: str, period: str) -> None:
    with cafe.store.begin() as uow:
        outbox.queue(
            uow, outbox.MessageKey(member, journey, period), "{}", topic=None, now=cafe.now,
            useful_until=cafe.now + timedelta(days=1),
        )  # fmt: skip


def in_the_outbox(cafe: SmallClub) -> dict[tuple[str, str], tuple[str, str | None]]:
    with cafe.store.read() as uow:
        return {
            (row.journey, row.period): (row.status, row.reason) for row in uow.run(select(messages))
        }


def test_what_waits_to_be_said_is_dropped(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    seq = cafe.visits(member, key="scan:1").seq
    for period in (str(seq), f"1+{seq}+9", f"{seq}0"):
        queues(cafe, member, "reached", period)
    queues(cafe, member, "used", "scan:1")
    queues(cafe, member, "praise", str(seq))
    assert not cafe.undoes(member, "scan:1").told
    dropped = ("skipped", "undone")
    assert in_the_outbox(cafe) == {
        ("reached", str(seq)): dropped,
        ("reached", "1+9"): ("queued", None),
        ("reached", f"{seq}0"): ("queued", None),
        ("used", "scan:1"): dropped,
        ("praise", str(seq)): ("queued", None),
    }


@pytest.mark.parametrize("status", ["sent", "uncertain", "sending"])
def test_what_was_said_or_may_have_been_is_corrected(cafe: SmallClub, status: str) -> None:
    member = cafe.joins(USER)
    seq = cafe.visits(member, key="scan:1").seq
    queues(cafe, member, "reached", str(seq))
    with cafe.store.begin() as uow:
        tried = "UPDATE outbox SET status = '{}', first_tried_at = queued_at"
        uow.run(text(tried.format(status)))
    assert cafe.undoes(member, "scan:1").told
    assert in_the_outbox(cafe) == {
        ("reached", str(seq)): (status, None),
        ("corrected", str(seq)): ("queued", None),
    }


def test_who_was_told_in_the_chat_hears_of_it_there(cafe: SmallClub) -> None:
    member, without_line = cafe.joins(USER), cafe.joins()
    cafe.visits(member, key="line:1", by="member")
    cafe.visits(without_line, key="line:2", by="member")
    assert cafe.undoes(member, "line:1").told
    assert not cafe.undoes(without_line, "line:2").told
    assert len(in_the_outbox(cafe)) == 1
