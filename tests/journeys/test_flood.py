"""Accounts that send again and again: nobody waits behind what they have piled up."""

import pytest

from bot.line.events import Event
from bot.store.messages import webhook_events
from handlers.chat import claims, worker
from handlers.chat.claims import SHARE, Claim
from handlers.chat.replies import Replies
from handlers.chat.turn import take_turn
from handlers.chat.worker import TOGETHER_MAX, EventWorkers
from handlers.club import Club
from tests.bot.line.examples import event, sign, webhook
from tests.journeys.town import Town
from tests.waiting import until

#: More than are taken up at once; none of it is answered, so that nothing waits for LINE.
FLOODERS, EACH = TOGETHER_MAX + 1, 9


def counts(town: Town) -> dict[str, int]:
    with town.club.store.read() as uow:
        return webhook_events.counts(uow)


def test_a_flood_of_junk_makes_no_member_wait_behind_it(
    cafe: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "SHARE_SECONDS", 1e6)
    order: list[Event] = []
    known = take_turn

    def taking(club: Club, claim: Claim, replies: Replies) -> str | None:
        order.append(claim.event)
        return known(club, claim, replies)

    member = cafe.newcomer()
    member.follows()
    junk = [
        event("unsend", number=n, reply=False, unsend={"messageId": str(n)}, source=source)
        for n in range(FLOODERS * EACH)
        for source in [{"type": "user", "userId": f"U{n % FLOODERS:032x}"}]
    ]
    body = webhook(*junk)
    headers = {"X-Line-Signature": sign(cafe.channel_secret, body)}
    assert cafe.http.post("/callback", data=body, headers=headers).status_code == 200
    cafe.simulator.customers.write(member.user_id, "ポイント")
    monkeypatch.setattr(worker, "take_turn", taking)
    workers = EventWorkers(cafe.club, threads=1)
    workers.start()
    until(lambda: "new" not in counts(cafe), "everything to be done")
    workers.stop()
    assert "ポイント" in member.reads()
    place = [each.user_id for each in order].index(member.user_id)
    # In the order in which they came, theirs would be the last.
    assert place < SHARE * FLOODERS + TOGETHER_MAX
    # And each account's own stay in theirs.
    for n in range(FLOODERS):
        theirs = [each.event_id for each in order if each.user_id == f"U{n:032x}"]
        assert theirs == sorted(theirs)
        assert len(theirs) == EACH
