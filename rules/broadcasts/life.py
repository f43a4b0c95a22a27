"""What may become of a broadcast, and what stands against sending it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from ..base import Refusal
from ..programme.programme import Programme
from .broadcast import Broadcast, Whom, named_parts, parts_of

#: draft: being written. waits: for its moment. sending: it is on its way. paused: what hasn't left
#: waits. stopped: what hadn't left is withdrawn. done: nothing of it is on its way any more.
State = Literal["draft", "waits", "sending", "paused", "stopped", "done"]
Step = Literal["send", "wait", "take_back", "pause", "go_on", "stop", "end"]
#: Which step leads from where to where.
STEPS: dict[Step, dict[State, State]] = {
    "send": {"draft": "sending", "waits": "sending"},
    "wait": {"draft": "waits"},
    "take_back": {"waits": "draft"},
    "pause": {"sending": "paused"},
    "go_on": {"paused": "sending"},
    "stop": {"sending": "stopped", "paused": "stopped"},
    "end": {"sending": "done"},
}
#: A moment further ahead than this was mistyped.
AHEAD_MAX = timedelta(days=180)
#: Why something isn't sent that names what the programme has not.
_GONE = {
    "rank": "broadcast_rank_gone",
    "store": "broadcast_store_gone",
    "age": "broadcast_age_gone",
    "interest": "broadcast_interest_gone",
    "reward": "broadcast_reward_gone",
}


def after(state: State, step: Step) -> State | None:
    """Where the step leads; None where it can't be taken."""
    return STEPS[step].get(state)


def unfit(broadcast: Broadcast, programme: Programme) -> Refusal | None:
    """Why the programme in force doesn't let it go out: it names what isn't there (any more)."""
    for what, name in named_parts(broadcast):
        if _is_gone(programme, what, name):
            return Refusal(_GONE[what])
    button = broadcast.button
    shop = programme.shop
    pages = {"booking": shop.booking_url, "menu": shop.menu_url}
    if button and button.leads in pages and pages[button.leads] is None:
        return Refusal("broadcast_no_page")
    first = unfit_filter(broadcast.first.whom, programme) if broadcast.first else None
    return first or unfit_filter(broadcast.whom, programme)


def first_is_past(broadcast: Broadcast, day: date) -> Refusal | None:
    """Why it can't begin on that business day: those who come first have no day left."""
    first = broadcast.first
    return Refusal("broadcast_first_past") if first and first.until < day else None


def unfit_filter(whom: Whom, programme: Programme) -> Refusal | None:
    """Why a filter finds nobody by the programme in force: it names what isn't there (any
    more)."""
    for what, name in parts_of(whom):
        if _is_gone(programme, what, name):
            return Refusal(_GONE[what])
    if "newsletter" in whom.topics and programme.newsletter is None:
        return Refusal("broadcast_no_newsletter")
    return None


def _is_gone(programme: Programme, what: str, name: str) -> bool:
    match what:
        case "rank":
            return programme.ranks is None or programme.ranks.get(name) is None
        case "store":
            return programme.store(name) is None
        case "age" | "interest":
            asked = programme.profile.step("age_band" if what == "age" else "interests")
            return asked is None or asked.choice(name) is None
        case _:
            return not _is_given(programme, name)


def _is_given(programme: Programme, name: str) -> bool:
    """Whether a promise can bring that reward (as for a journey's)."""
    reward = programme.reward(name)
    return reward is not None and reward.given is not None


def bad_moment(at: datetime | None, now: datetime) -> Refusal | None:
    """Why it can't wait for that moment; None is no moment at all."""
    if at is None:
        return Refusal("moment_unreadable")
    if at <= now:
        return Refusal("broadcast_moment_past")
    return Refusal("broadcast_moment_far") if at > now + AHEAD_MAX else None


@dataclass(frozen=True, slots=True)
class Crowd:
    """Whom a broadcast finds, by what would become of it for them now: "ok", or why not."""

    fates: dict[str, int]

    @property
    def found(self) -> int:
        return sum(self.fates.values())

    @property
    def reached(self) -> int:
        """Who would get it now."""
        return self.fates.get("ok", 0)

    @property
    def never(self) -> list[tuple[str, int]]:
        """Who won't, by why: most first."""
        found = ((why, count) for why, count in self.fates.items() if why not in ("ok", "cap"))
        return sorted(found, key=lambda each: (-each[1], each[0]))

    @property
    def full(self) -> int:
        """Who has got as many messages as they may, and gets it only if there is room in time."""
        return self.fates.get("cap", 0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What so many messages cost, and what they leave of the month's."""

    messages: int
    yen: int
    #: What is left of the month's before; None without a limit, or before LINE told.
    before: int | None

    @property
    def after(self) -> int | None:
        return None if self.before is None else max(0, self.before - self.messages)

    @property
    def missing(self) -> int:
        """How many find no room in the month."""
        return 0 if self.before is None else max(0, self.messages - self.before)


def cost_of(crowd: Crowd, *, message_yen: float, free: int | None) -> Cost:
    """What it costs to write all who are reached now; `free`: what of the month's messages is
    left for it."""
    return Cost(crowd.reached, round(crowd.reached * message_yen), free)
