"""Turns: whose events come first, where many wait."""

from bot.store.messages.webhook_events import ClaimedEvent
from handlers.chat.claims import SHARE, SHARE_SECONDS, Shares
from tests.bot.store.messages.test_webhook_events import NOW


def event(user_id: str | None) -> ClaimedEvent:
    return ClaimedEvent("e", "{}", NOW, 1, None, user_id)


def test_who_had_their_share_has_another_after_some_seconds() -> None:
    time = [0.0]
    shares = Shares(lambda: time[0])
    for turn in range(SHARE):
        assert shares.had() == frozenset()
        time[0] = float(turn)
        shares.note([event("U1"), event(None), event(f"U{turn + 2}")])
    # All who write in groups are one.
    assert shares.had() == {"U1", ""}
    time[0] = SHARE_SECONDS
    assert shares.had() == frozenset()
