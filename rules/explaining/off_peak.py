"""A campaign proposed for off-peak hours, as text that a programme takes: what was seen, what it
may cost, and how its effect will show, stand in it as comments."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from math import ceil

from ..base import LANGS, WEEKDAYS, Hours, Lang, Weekday
from ..checking.generosity import points_of_ordinary_visit
from ..journeys.kinds.off_peak import OffPeakHours
from ..journeys.programme import whole
from ..programme.campaigns import Campaign
from ..programme.programme import Programme
from ..programme.rewards import worth_yen
from ..science.off_peak import NoOffPeak, OffPeak, Seen
from ..shop import days, week_start
from ..wording.texts import long_date, say
from ..wording.words import Words

#: So long a proposed campaign runs, from the next Monday on.
PROPOSED_WEEKS = 8
#: What is added to a visit where an ordinary one brings nothing.
_POINTS = 10
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CampaignSince:
    """A campaign for certain hours, and what was seen in these and in the others since it began."""

    campaign: Campaign
    inside: Seen
    others: Seen


@dataclass(frozen=True, slots=True)
class BranchLook:
    """What was found at a branch."""

    found: OffPeak | NoOffPeak
    running: tuple[CampaignSince, ...] = ()


@dataclass(frozen=True, slots=True)
class OffPeakLook:
    """What was looked at: the visits from `first` up to the day before `today`, of each branch."""

    today: date
    first: date
    #: By store; None where the hours of the branch aren't told.
    by_store: Mapping[str, BranchLook | None]
    #: So many members a message would be for.
    people: int

    @property
    def found(self) -> dict[str, OffPeak]:
        """Off-peak hours, by store."""
        looks = {store: look.found for store, look in self.by_store.items() if look}
        return {store: found for store, found in looks.items() if isinstance(found, OffPeak)}


@dataclass(frozen=True, slots=True)
class ProposedCampaign:
    """A campaign for the hours found at a store."""

    id: str
    store: str
    found: OffPeak
    starts: date
    #: The last day.
    ends: date
    #: On top of each visit.
    points: int
    #: On so many days it will run.
    days: int

    @property
    def hours(self) -> Hours:
        return _hours(self.found)

    @property
    def visits_as_now(self) -> int:
        """The visits that it is given for if nobody more comes."""
        return ceil(self.found.inside.rate * self.found.hours * self.days)

    @property
    def visits_as_elsewhere(self) -> int:
        """Those if its hours get as busy as the others."""
        return ceil(self.found.others.rate * self.found.hours * self.days)


def propose(
    programme: Programme, look: OffPeakLook, *, points: int | None = None
) -> ProposedCampaign | None:
    """A campaign for the branch where most is missing, of so many points, or of what an ordinary
    visit brings; None where no branch has off-peak hours."""
    found = look.found
    if not found:
        return None
    store = max(found, key=lambda each: found[each].missing_a_week)
    starts = week_start(look.today) + 7 * _DAY
    end = starts + PROPOSED_WEEKS * 7 * _DAY
    weekdays = found[store].weekdays
    run = [d for d in days(starts, end) if d.weekday() in weekdays and programme.shop.is_open(d)]
    return ProposedCampaign(
        id=_free_id(programme),
        store=store,
        found=found[store],
        starts=starts,
        ends=end - _DAY,
        points=points or round(points_of_ordinary_visit(programme)) or _POINTS,
        days=len(run),
    )


def proposal(words: Words, look: OffPeakLook, proposed: ProposedCampaign | None) -> str:
    """All of it, to be put at the end of the programme's file: comments alone where nothing is
    proposed."""
    programme = words.programme
    comments = [
        words.say("off_peak.title", today=long_date(words.lang, look.today)),
        *_seen(words, look),
    ]
    if proposed is None:
        return _commented(comments)
    tells = bool(whole(programme).journeys)
    comments += [*_why(words, look, proposed), words.say("off_peak.use")]
    comments.insert(-1, _measured(words, look, tells=tells))
    parts = [_commented(comments), _campaign(programme, proposed)]
    return "\n".join([*parts, _journey(proposed)] if tells else parts)


def _seen(words: Words, look: OffPeakLook) -> Iterator[str]:
    """What was counted, and what it came to at each branch."""
    yield words.say("off_peak.counted", first=look.first, last=look.today - _DAY)
    yield words.say("off_peak.members")
    if any(each.hours and not each.is_over(look.today) for each in words.programme.campaigns):
        yield words.say("off_peak.taken")
    for store, branch in look.by_store.items():
        is_only = len(words.programme.stores) == 1
        where = "" if is_only else words.say("off_peak.where", store=words.stores((store,)))
        if branch is None:
            yield where + words.say("off_peak.no_hours")
            continue
        yield where + _finding(words, branch.found)
        for each in branch.running:
            name = words.name(each.campaign.name)
            since = max(each.campaign.starts or look.first, look.first)
            rates = _rates(each.inside, each.others)
            yield where + words.say("off_peak.running", name=name, since=since, **rates)


def _rates(inside: Seen, others: Seen) -> dict[str, str]:
    return {"rate": f"{inside.rate:.1f}", "others": f"{others.rate:.1f}"}


def _finding(words: Words, found: OffPeak | NoOffPeak) -> str:
    match found:
        case NoOffPeak(why=why, visits=visits, needed=needed):
            return words.say(f"off_peak.{why}", visits=visits, needed=needed)
        case OffPeak(inside=inside, others=others):
            rates = _rates(inside, others)
            return words.say("off_peak.found", when=_when(words, found), **rates)


def _when(words: Words, found: OffPeak) -> str:
    hours, weekdays = words.hours(_hours(found)), _some_weekdays(words.programme, found)
    if not weekdays:
        return words.say("off_peak.when_daily", hours=hours)
    return words.say("off_peak.when", weekdays=words.weekdays(weekdays), hours=hours)


def _some_weekdays(programme: Programme, found: OffPeak) -> tuple[Weekday, ...]:
    """Its weekdays; none, as in a campaign, where it is on each on which the shop is open."""
    names = tuple(WEEKDAYS[weekday] for weekday in found.weekdays)
    return () if {*names, *programme.shop.closed_weekdays} >= set(WEEKDAYS) else names


def _why(words: Words, look: OffPeakLook, proposed: ProposedCampaign) -> Iterator[str]:
    """What is proposed, and what it may cost."""
    yield words.say("off_peak.chance")
    if len(look.found) > 1:
        yield words.say("off_peak.chosen", store=words.stores((proposed.store,)))
    amount = words.amount(proposed.points)
    yield words.say("off_peak.offer", amount=amount, weeks=PROPOSED_WEEKS, days=proposed.days)
    yield words.say("off_peak.cost", **_cost(words, proposed))


def _cost(words: Words, proposed: ProposedCampaign) -> dict[str, object]:
    """The points, and what they are worth, if as many come as now, and as elsewhere."""
    said: dict[str, object] = {}
    for end, visits in (("low", proposed.visits_as_now), ("high", proposed.visits_as_elsewhere)):
        points = visits * proposed.points
        yen = worth_yen(words.programme.rewards, points)
        said |= {end: words.amount(points), f"{end}_visits": visits, f"{end}_yen": yen}
    return said


def _measured(words: Words, look: OffPeakLook, *, tells: bool) -> str:
    if not tells:
        return words.say("off_peak.no_journeys")
    days_back, weeks = (
        OffPeakHours.model_fields[name].default for name in ("within_days", "every_weeks")
    )
    return words.say("off_peak.measured", days=days_back, weeks=weeks, people=look.people)


def _commented(sentences: list[str]) -> str:
    """The sentences as comments, whatever signs a shop has in its names."""
    lines = [line for sentence in sentences for line in sentence.splitlines()]
    printable = ("".join(c if c.isprintable() else " " for c in line) for line in lines)
    return "\n" + "".join(f"# {line}".rstrip() + "\n" for line in printable)


def _campaign(programme: Programme, proposed: ProposedCampaign) -> str:
    names = ", ".join(f"{lang} = {_quoted(_name(programme, proposed, lang))}" for lang in LANGS)
    hours, weekdays = proposed.hours, _some_weekdays(programme, proposed.found)
    lines = [
        "[[campaigns]]",
        f'id = "{proposed.id}"',
        f"name = {{ {names} }}",
        'on = ["visit"]',
        f'effect = {{ kind = "bonus", points = {proposed.points} }}',
        f"starts = {proposed.starts.isoformat()}",
        f"ends = {proposed.ends.isoformat()}",
        f"hours = {{ start = {hours.start.isoformat()}, end = {hours.end.isoformat()} }}",
    ]
    if weekdays:
        lines.append(f"weekdays = {json.dumps(weekdays)}")
    if len(programme.stores) > 1:
        lines.append(f'stores = ["{proposed.store}"]')
    if programme.visits.per_day_max > 1:
        lines.append("limit = { day = 1 }")
    return "\n".join(lines) + "\n"


def _name(programme: Programme, proposed: ProposedCampaign, lang: Lang) -> str:
    store = programme.store(proposed.store)
    if store is None or len(programme.stores) == 1:
        return say(lang, "off_peak.name")
    return say(lang, "off_peak.name_at", store=store.name.in_(lang))


def _quoted(text: str) -> str:
    """As TOML writes a text: its basic strings take all that JSON makes of one."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _journey(proposed: ProposedCampaign) -> str:
    lines = ["[[journeys]]", 'kind = "off_peak"', f'campaign = "{proposed.id}"']
    if proposed.id != "off_peak":
        lines.insert(2, f'id = "{proposed.id}"')
    return "\n".join(lines) + "\n"


def _hours(found: OffPeak) -> Hours:
    return Hours(start=time(found.first_hour % 24), end=time(found.end_hour % 24))


def _free_id(programme: Programme) -> str:
    """A name that neither a campaign nor a journey has."""
    named = {campaign.id for campaign in programme.campaigns}
    named |= {journey.id for journey in whole(programme).journeys}
    names = ("off_peak", *(f"off_peak_{n}" for n in range(2, len(named) + 3)))
    return next(name for name in names if name not in named)
