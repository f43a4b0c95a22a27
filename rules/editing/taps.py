"""What one tap of the console changes in a programme's file: a journey on or off, a campaign that
is announced, ends sooner, or comes again next year."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ..journeys.journey import Journey
from ..journeys.kinds.campaign import CampaignBegins
from ..journeys.programme import DEFAULTS, WholeProgramme
from ..outlook.campaign_days import has_days
from ..programme.campaigns import Campaign
from .ids import new_id
from .parts import Part, parts_in, values_of

#: How ids of announcements begin, and of what comes again.
_TELLS = "tells_"
_DATES = ("starts", "ends")
_KIND = str(CampaignBegins.model_fields["kind"].default)
#: So long after its first day a campaign's beginning is still told.
_TOLD_FOR = timedelta(hours=CampaignBegins.model_fields["useful_hours"].default)


def journeys_known(programme: WholeProgramme) -> tuple[Journey, ...]:
    """Every journey that is sent, and those that the programme names and has switched off; the
    one that goes first leading."""
    off = [each for each in programme.journeys if each.off]
    return tuple(sorted((*programme.journeys_sent, *off), key=lambda journey: journey.priority))


def journey_known(programme: WholeProgramme, journey: str) -> Journey | None:
    """The one of them with that id."""
    return next((each for each in journeys_known(programme) if each.id == journey), None)


def switched(data: Mapping[str, Any], journey: Journey, *, on: bool) -> Mapping[str, Any]:
    """The table of `journey` in a file, with which it is sent or isn't."""
    there = values_of(data, Part("journeys", journey.id)) or _named(journey)
    rest = {key: value for key, value in there.items() if key != "off"}
    return rest if on else rest | {"off": True}


def next_version(data: Mapping[str, Any], journey: Journey) -> Mapping[str, Any]:
    """The table of `journey` in a file as its next version, of which all is drawn and counted
    anew."""
    there = values_of(data, Part("journeys", journey.id)) or _named(journey)
    return {**there, "version": journey.version + 1}


def _named(journey: Journey) -> Mapping[str, Any]:
    """What names a journey of which a file says nothing."""
    own = {} if journey.id == journey.kind else {"id": journey.id}
    return {"kind": journey.kind, **own}


def silence_kept(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a file must say besides, if an entry is added to its list of journeys: where it wants
    none at all, the first one would bring with it those that every club sends."""
    if data.get("journeys") == []:
        sent = (each for each in DEFAULTS if not each.is_promised)
        yield from ({"kind": each.kind, "off": True} for each in sent)


def tellers(programme: WholeProgramme, campaign: str) -> tuple[Journey, ...]:
    """The journeys by which members are told when that campaign begins."""
    return tuple(
        journey
        for journey in programme.journeys_sent
        if campaign in (each.id for each in journey.told(programme))
    )


def may_be_announced(campaign: Campaign, day: date) -> bool:
    """Whether a message may tell of its beginning: it has a first day that is known beforehand and
    not long past, and isn't over."""
    if campaign.starts is None or not has_days(campaign) or campaign.is_over(day):
        return False
    return day < campaign.starts + _TOLD_FOR


def announcement(data: Mapping[str, Any], campaign: str) -> tuple[Part, Mapping[str, Any]]:
    """The journey that tells of that campaign alone, as it is to stand in the file."""
    for entry in _own_tellers(data, campaign):
        rest = {key: value for key, value in entry.items() if key != "off"}
        return Part("journeys", str(entry.get("id", "campaign"))), rest
    taken = {each.id for each in parts_in(data) if each.section == "journeys"}
    own = new_id({}, f"{_TELLS}{campaign}", taken | {"campaign"})
    values = {"kind": _KIND, "id": own, "campaign": campaign}
    return Part("journeys", own), values


def announcements(data: Mapping[str, Any], campaign: str) -> tuple[Part, ...]:
    """The journeys of a file that tell of that campaign alone."""
    return tuple(
        Part("journeys", str(each.get("id", each["kind"]))) for each in _own_tellers(data, campaign)
    )


def _own_tellers(data: Mapping[str, Any], campaign: str) -> Iterator[Mapping[str, Any]]:
    found = data.get("journeys")
    for entry in found if isinstance(found, list) else ():
        if entry.get("kind") == _KIND and entry.get("campaign") == campaign:
            yield entry


def ended(values: Mapping[str, Any], last: date) -> Mapping[str, Any]:
    """A campaign's table with that last day."""
    return {**values, "ends": last}


def next_year(data: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A campaign's table a year later, under an id of its own; the same that is there already where
    it was copied before."""
    moved = {key: _year_later(values[key]) for key in _DATES if key in values}
    again = {**values, **moved}
    others = [each for each in data.get("campaigns", ()) if each.get("id") != values.get("id")]
    for other in others:
        if {**again, "id": other.get("id")} == {**other}:
            return {**other}
    taken = {str(each.get("id")) for each in data.get("campaigns", ())}
    year = max(day.year for day in moved.values())
    base = str(values.get("id", "campaign"))[:20].removesuffix(f"_{year - 1}")
    return {**again, "id": new_id({}, f"{base}_{year}", taken)}


def _year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        # 29 February.
        return day.replace(year=day.year + 1, day=28)
