"""Which events there are, by what they are about. Other systems know them by these names: one that
was ever sent is never called otherwise."""

from typing import Literal, get_args

HookTopic = Literal["visit", "purchase", "rank", "badge", "reward", "member", "message"]
TOPICS: tuple[HookTopic, ...] = get_args(HookTopic)

HookType = Literal[
    "visit.recorded", "visit.undone",
    "purchase.recorded", "purchase.returned", "purchase.undone", "purchase.return_undone",
    "rank.changed",
    "badge.earned", "badge.lost",
    "reward.received", "reward.used", "reward.cancelled", "reward.withdrawn",
    "member.joined", "member.changed", "member.paused", "member.resumed", "member.left",
    "member.merged", "member.separated", "member.erased",
    "message.sent", "message.failed",
    "test.sent",
]  # fmt: skip
TYPES: tuple[HookType, ...] = get_args(HookType)
#: What an owner sends to see whether it arrives; nobody asks for it.
TEST: HookType = "test.sent"


def topic_of(event_type: HookType) -> str:
    """What it is about; of the owner's own test "test"."""
    return event_type.partition(".")[0]
