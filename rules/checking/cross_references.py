"""What a programme's parts say of each other: ids used twice, and names of things not there. And
which of the owner's saved segments they name: what those say stands beside the programme, so that
whoever knows them asks."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..base import Id
from ..first import FirstFor
from ..journeys.programme import WholeProgramme
from ..programme.badges import ActivityCount, StreakWeeks
from ..programme.programme import Programme
from ..programme.ranks import Perk
from ..programme.rewards import ByDeliveries, ByPurchases, ByRank
from .caution import Problem
from .journey_problems import journey_problems
from .schema_errors import listed, part_path
from .surveys import survey_problems

#: A problem's code, and its values.
_Needs = tuple[str, dict[str, str]]
_NEEDS_PURCHASE: _Needs = "needs_section", {"section": "[purchase]"}
_NEEDS_SUBSCRIPTIONS: _Needs = "needs_section", {"section": "[[subscriptions]]"}


def dangling(programme: WholeProgramme) -> tuple[Problem, ...]:
    """Every id used twice and every reference to something that is not there."""
    return (
        *_twice(programme),
        *_perks_twice(programme),
        *_beacons_twice(programme),
        *_unknown_ranks(programme),
        *_unknown_rewards(programme),
        *_unknown_stores(programme),
        *_unknown_streaks(programme),
        *_without_purchases(programme),
        *_without_subscriptions(programme),
        *_line_plans_twice(programme),
        *_unasked_steps(programme),
        *survey_problems(programme),
        *journey_problems(programme),
    )


def _twice(programme: WholeProgramme) -> Iterator[Problem]:
    ladder = programme.ranks.steps if programme.ranks else ()
    goods = programme.purchase.excluded if programme.purchase else ()
    sections: dict[str, list[str]] = {
        "stores": [store.id for store in programme.stores],
        "earning": [rule.id for rule in programme.earning],
        "campaigns": [campaign.id for campaign in programme.campaigns],
        "badges": [badge.id for badge in programme.badges],
        "rewards": [reward.id for reward in programme.rewards],
        "streaks": [streak.id for streak in programme.streaks],
        "subscriptions": [each.id for each in programme.subscriptions],
        "surveys": [survey.id for survey in programme.surveys],
        "words": [own.id for own in programme.words],
        "journeys": [journey.id for journey in programme.journeys],
        "ranks.steps": [rank.id for rank in ladder],
        "purchase.excluded": [excluded.id for excluded in goods],
        "counter.eco": [action.id for action in programme.counter.eco],
        "profile.steps": [step.id for step in programme.profile.steps],
    }
    for section, ids in sections.items():
        for place, part in enumerate(ids):
            if part in ids[:place]:
                first = f"{section}[{ids.index(part)}]"
                yield Problem(
                    part_path(section, place, part, "id"),
                    "used_twice",
                    {"id": part, "first": first},
                )


def _perks_twice(programme: Programme) -> Iterator[Problem]:
    """One id is one perk, which may stand at several places by the same name."""
    seen: dict[str, tuple[str, str]] = {}
    for path, perk in _perks(programme):
        name, first = seen.setdefault(perk.key, (perk.name.ja, path))
        if name != perk.name.ja:
            values = {"id": perk.key, "first": first, "name": name}
            yield Problem(f"{path}.id", "perk_used_twice", values)


def _perks(programme: Programme) -> Iterator[tuple[str, Perk]]:
    """All that there are, and where in the file."""
    for place, rank in enumerate(programme.ranks.steps if programme.ranks else ()):
        for n, perk in enumerate(rank.perks):
            yield part_path("ranks.steps", place, rank.id, f"perks[{n}]"), perk
    for place, each in enumerate(programme.subscriptions):
        for n, perk in enumerate(each.perks):
            yield part_path("subscriptions", place, each.id, f"perks[{n}]"), perk


def _beacons_twice(programme: Programme) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for place, store in enumerate(programme.stores):
        for beacon in store.beacons:
            if beacon in seen:
                yield Problem(
                    part_path("stores", place, store.id, "beacons"),
                    "beacon_twice",
                    {"beacon": beacon, "store": seen[beacon]},
                )
            seen.setdefault(beacon, store.id)


def _missing(path: str, wanted: Iterable[str], known: list[str], kind: str) -> Iterator[Problem]:
    for value in wanted:
        if value not in known:
            yield Problem(path, f"no_{kind}", {"id": value, "there": listed(known)})


def _unknown_ranks(programme: Programme) -> Iterator[Problem]:
    known = [rank.id for rank in programme.ranks.steps] if programme.ranks else []
    sections = {
        "earning": [(rule.id, rule.ranks) for rule in programme.earning],
        "campaigns": [(campaign.id, campaign.ranks) for campaign in programme.campaigns],
        "rewards": [(reward.id, reward.ranks) for reward in programme.rewards],
        "surveys": [(survey.id, survey.ranks) for survey in programme.surveys],
    }
    for section, parts in sections.items():
        for place, (part, ranks) in enumerate(parts):
            yield from _missing(part_path(section, place, part, "ranks"), ranks, known, "rank")
    for place, campaign in enumerate(programme.campaigns):
        if campaign.first:
            path = part_path("campaigns", place, campaign.id, "first", "ranks")
            yield from _missing(path, campaign.first.ranks, known, "rank")
    letters = programme.letters
    yield from _missing("letters.ranks", letters.ranks if letters else (), known, "rank")
    for place, reward in enumerate(programme.rewards):
        if isinstance(reward.given, ByRank):
            path = part_path("rewards", place, reward.id, "given", "ranks")
            yield from _missing(path, reward.given.ranks, known, "rank")
        if reward.first:
            path = part_path("rewards", place, reward.id, "first", "ranks")
            yield from _missing(path, reward.first.ranks, known, "rank")


def _unknown_rewards(programme: Programme) -> Iterator[Problem]:
    known = [reward.id for reward in programme.rewards]
    for path, perk in _perks(programme):
        yield from _missing(
            f"{path}.reward", (perk.reward,) if perk.reward else (), known, "reward"
        )


def _line_plans_twice(programme: Programme) -> Iterator[Problem]:
    seen: dict[int, str] = {}
    for place, each in enumerate(programme.subscriptions):
        for plan in each.line_memberships:
            if plan in seen:
                path = part_path("subscriptions", place, each.id, "line_memberships")
                yield Problem(path, "line_plan_twice", {"plan": plan, "other": seen[plan]})
            seen.setdefault(plan, each.id)


def _without_subscriptions(programme: Programme) -> Iterator[Problem]:
    """What counts deliveries where nobody can subscribe to any."""
    if not programme.subscriptions:
        yield from _counting(programme, ("delivery",), ByDeliveries, _NEEDS_SUBSCRIPTIONS)


def _unknown_stores(programme: Programme) -> Iterator[Problem]:
    known = [store.id for store in programme.stores]
    sections = {
        "earning": [(rule.id, rule.stores) for rule in programme.earning],
        "campaigns": [(campaign.id, campaign.stores) for campaign in programme.campaigns],
    }
    for section, parts in sections.items():
        for place, (part, stores) in enumerate(parts):
            yield from _missing(part_path(section, place, part, "stores"), stores, known, "store")


def _unknown_streaks(programme: Programme) -> Iterator[Problem]:
    known = [streak.id for streak in programme.streaks]
    for place, rule in enumerate(programme.earning):
        path = part_path("earning", place, rule.id, "streak")
        yield from _missing(path, (rule.streak,) if rule.streak else (), known, "streak")
    for place, badge in enumerate(programme.badges):
        if isinstance(badge.needs, StreakWeeks):
            path = part_path("badges", place, badge.id, "needs", "streak")
            yield from _missing(path, (badge.needs.streak,), known, "streak")


def _without_purchases(programme: Programme) -> Iterator[Problem]:
    if programme.purchase is not None:
        return
    if programme.ranks and programme.ranks.measure == "spend":
        yield Problem("ranks.measure", *_NEEDS_PURCHASE)
    yield from _counting(programme, ("purchase", "spend"), ByPurchases, _NEEDS_PURCHASE)


def _counting(
    programme: Programme, triggers: tuple[str, ...], given: type, needs: _Needs
) -> Iterator[Problem]:
    """What looks at one of these triggers, or is given so, where nothing of the kind happens."""
    for place, rule in enumerate(programme.earning):
        if rule.on in triggers:
            yield Problem(part_path("earning", place, rule.id, "on"), *needs)
    for place, badge in enumerate(programme.badges):
        if isinstance(badge.needs, ActivityCount) and badge.needs.on in triggers:
            yield Problem(part_path("badges", place, badge.id, "needs", "on"), *needs)
    for place, reward in enumerate(programme.rewards):
        if isinstance(reward.given, given):
            yield Problem(part_path("rewards", place, reward.id, "given", "kind"), *needs)


def _unasked_steps(programme: Programme) -> Iterator[Problem]:
    asked: list[str] = list(programme.profile.asked)
    for place, rule in enumerate(programme.earning):
        path = part_path("earning", place, rule.id, "step")
        yield from _missing(path, (rule.step,) if rule.step else (), asked, "step")


@dataclass(frozen=True, slots=True)
class SegmentUse:
    """A part of the programme that names segments."""

    #: Which list it is of, and its id.
    section: str
    id: Id
    #: The place in the file where they stand.
    path: str
    segments: tuple[Id, ...]


def segment_uses(programme: WholeProgramme) -> Iterator[SegmentUse]:
    """Every part that names any."""
    lists: dict[str, Iterable[tuple[Id, FirstFor | None]]] = {
        "campaigns": [(each.id, each.first) for each in programme.campaigns],
        "rewards": [(each.id, each.first) for each in programme.rewards],
    }
    for section, parts in lists.items():
        for place, (part, first) in enumerate(parts):
            if first and first.segments:
                path = part_path(section, place, part, "first", "segments")
                yield SegmentUse(section, part, path, first.segments)
    for place, journey in enumerate(programme.journeys):
        if journey.segments:
            path = part_path("journeys", place, journey.id, "segments")
            yield SegmentUse("journeys", journey.id, path, journey.segments)
        for n, arm in enumerate(journey.arms):
            if arm.segments:
                path = part_path("journeys", place, journey.id, f"arms[{n}]", "segments")
                yield SegmentUse("journeys", journey.id, path, arm.segments)


def segments_named(programme: WholeProgramme) -> frozenset[str]:
    """All that it names."""
    return frozenset(each for use in segment_uses(programme) for each in use.segments)


def unknown_segments(programme: WholeProgramme, known: Collection[str]) -> tuple[Problem, ...]:
    """Every one that it names and that isn't among those `known`."""
    return tuple(
        Problem(use.path, "no_segment", {"id": each, "there": listed(known)})
        for use in segment_uses(programme)
        for each in use.segments
        if each not in known
    )
