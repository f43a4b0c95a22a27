"""Which way to earn a shop had best add next, and a part for it ready to be put into the draft:
three to begin with, the next one when the last is used, in the order of deepening.

The last counts as used when four weeks have passed since any way came in, and of the members who
did something most lately one in twenty, three at the least, have earned by the last that asks
something of them. What happens by itself (a birthday) asks nothing, so nobody need use it first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from ..activity import Trigger
from ..base import LANGS
from ..checking.generosity import points_of_ordinary_visit
from ..checking.warnings import BY_ITSELF, RULES_MAX, to_remember
from ..programme.programme import Programme
from ..programme.timeline import Version
from ..wording.texts import say
from .ids import new_id
from .parts import Part

#: The ways, in the order in which they deepen what a member has with the shop.
NextWay = Literal[
    "registration", "purchase", "visit", "profile", "birthday", "review", "share", "referral",
    "campaign", "spend", "anniversary", "eco", "feedback",
]  # fmt: skip
#: So long after a way came in there is no talk of another.
SETTLES = timedelta(weeks=4)
#: So many of those who did something most lately are looked at; of them one in so many is enough,
#: but so many at the least.
LOOKED_AT, ONE_IN, USERS_MIN = 100, 20, 3
#: No points are asked of less than this.
_POINTS_MIN = 5


@dataclass(frozen=True, slots=True)
class LatestWay:
    """The way that asks something of members and came in last: `rule` as the ledger names it, ""
    where none does; and when any way came in last."""

    rule: str
    any_since: datetime


@dataclass(frozen=True, slots=True)
class WayUse:
    """Of so many members who did something lately, how many have earned by it."""

    members: int
    users: int

    @property
    def is_enough(self) -> bool:
        return self.users >= max(USERS_MIN, -(-self.members // ONE_IN))


def latest_way(versions: Sequence[Version]) -> LatestWay:
    """What came in last of the ways that the last of the versions has; of several the one that
    stands last in the file."""
    newest, since = versions[-1].programme, _since(versions)
    asking = {rule.id for rule in newest.earning if rule.on not in BY_ITSELF}
    asking |= {f"campaign:{campaign.id}" for campaign in newest.campaigns}
    ways = [name for name in since if name in asking]
    last = max(ways, key=lambda name: since[name], default="")
    # Of several with the same moment, `max` gives the first.
    same = [name for name in ways if since[name] == since[last]]
    return LatestWay(same[-1] if same else "", max(since.values(), default=versions[0].since))


def _since(versions: Sequence[Version]) -> dict[str, datetime]:
    """Since when the last of the versions has each of its ways, without a break."""
    since: dict[str, datetime] = {}
    for version in versions:
        since = {name: since.get(name, version.since) for name in _ways(version.programme)}
    return since


def _ways(programme: Programme) -> list[str]:
    earned = [rule.id for rule in programme.earning]
    return [*earned, *(f"campaign:{campaign.id}" for campaign in programme.campaigns)]


def next_way(programme: Programme, latest: LatestWay, use: WayUse, now: datetime) -> NextWay | None:
    """The way to offer; None where nothing is to be added now."""
    is_settled = now >= latest.any_since + SETTLES
    is_used = not latest.rule or use.is_enough
    if not (is_settled and is_used) or to_remember(programme) >= RULES_MAX:
        return None
    return next((way for way, lacks in _LACKS.items() if lacks(programme)), None)


def _without(*triggers: Trigger) -> Callable[[Programme], bool]:
    return lambda programme: not any(map(programme.earning_on, triggers))


def _without_of_purchases(*triggers: Trigger) -> Callable[[Programme], bool]:
    lacks = _without(*triggers)
    return lambda programme: programme.purchase is not None and lacks(programme)


def _without_visits(programme: Programme) -> bool:
    """Coming and buying are one thing to the member: the second is not missed."""
    return programme.purchase is None and not programme.earning_on("visit")


def _without_anniversary(programme: Programme) -> bool:
    return programme.purchase is None and not programme.earning_on("anniversary")


#: When each is missing.
_LACKS: dict[NextWay, Callable[[Programme], bool]] = {
    "registration": _without("registration"),
    "purchase": _without_of_purchases("purchase"),
    "visit": _without_visits,
    "profile": _without("profile"),
    "birthday": _without("birthday"),
    "review": _without("review"),
    "share": _without("share"),
    "referral": _without("referral"),
    "campaign": lambda programme: not programme.campaigns,
    "spend": _without_of_purchases("spend", "anniversary"),
    "anniversary": _without_anniversary,
    "eco": _without("eco"),
    "feedback": _without("feedback"),
}

#: How much each gives, in ordinary visits.
_WORTH: dict[NextWay, float] = {
    "registration": 3, "visit": 1, "profile": 1, "birthday": 5, "review": 1, "share": 1,
    "referral": 5, "spend": 5, "anniversary": 10, "eco": 0.25, "feedback": 1,
}  # fmt: skip
#: What staff have to see, or what could be told over and over.
_SEEN_BY_STAFF = ("review", "share", "eco")
_MONTHLY = {"review": 1, "share": 1, "referral": 3, "feedback": 1}


def parts_of(way: NextWay, programme: Programme) -> tuple[tuple[Part, dict[str, Any]], ...]:
    """The parts that make it, with what each says, for this shop; the one to be looked at first."""
    match way:
        case "campaign":
            doubled = {"kind": "multiplier", "times": 2}
            said = {"days_of_month": [5, 15, 25], "effect": doubled}
            return (_entry("campaigns", way, said, programme),)
        case "referral":
            return _referral(programme)
        case "eco":
            return _eco(programme)
        case _:
            return (_rule(way, way, programme),)


def _rule(way: NextWay, on: Trigger, programme: Programme) -> tuple[Part, dict[str, Any]]:
    said: dict[str, Any] = {"on": on, "award": _award(way, on, programme)}
    if way in _MONTHLY and on != "referred":
        said["limit"] = {"month": _MONTHLY[way]}
    if way in _SEEN_BY_STAFF:
        said["needs_staff"] = True
    return _entry("earning", on, said, programme)


def _award(way: NextWay, on: Trigger, programme: Programme) -> dict[str, Any]:
    if on == "purchase":
        return {"kind": "per_amount", "points": 1, "yen": 100}
    points = _points(_WORTH[way], programme)
    if on == "spend":
        return {"kind": "per_amount", "points": points, "yen": 10_000}
    once = on in ("registration", "profile", "referred")
    return {"kind": "first" if once else "fixed", "points": points}


def _points(visits: float, programme: Programme) -> int:
    """What so many ordinary visits bring, as a round number."""
    exact = visits * (points_of_ordinary_visit(programme) or 2 * _POINTS_MIN)
    return max(_POINTS_MIN, round(exact / _POINTS_MIN) * _POINTS_MIN)


def _referral(programme: Programme) -> tuple[tuple[Part, dict[str, Any]], ...]:
    """Both sides; where nobody earns by coming, it counts with the friend's first purchase."""
    both = tuple(_rule("referral", on, programme) for on in ("referral", "referred"))
    if programme.earning_on("visit") or not programme.earning_on("purchase"):
        return both
    return (*both, (Part("referral"), {"counts_at": "first_purchase"}))


def _eco(programme: Programme) -> tuple[tuple[Part, dict[str, Any]], ...]:
    """The rule, and the button on the counter that it needs."""
    action = "own_bag" if programme.purchase else "own_bottle"
    part, said = _rule("eco", "eco", programme)
    said |= {"actions": [action], "limit": {"day": 1}}
    named = {"id": action, "name": _both(f"owner.next.eco.{action}")}
    counter = programme.counter.model_dump(mode="json", exclude_unset=True)
    return (part, said), (Part("counter"), counter | {"eco": [*counter.get("eco", ()), named]})


def _entry(
    section: Literal["earning", "campaigns"], name: str, said: Mapping[str, Any], p: Programme
) -> tuple[Part, dict[str, Any]]:
    """An entry of that list, with an id and a name."""
    taken = {each.id for each in getattr(p, section)}
    own = new_id({}, "days_of_5" if name == "campaign" else name, taken)
    values = {"id": own, "name": _both(_name_key(name, p), visit=p.shop.visit_word), **said}
    return Part(section, own), values


def _name_key(name: str, programme: Programme) -> str:
    match name:
        case "birthday":
            return f"owner.next.name.birthday_{programme.profile.birthday_is}"
        case "profile" if not programme.profile.steps:
            return "owner.next.name.birthday_told"
        case _:
            return f"owner.next.name.{name}"


def _both(key: str, **values: str) -> dict[str, str]:
    return {lang: say(lang, key, **values) for lang in LANGS}
