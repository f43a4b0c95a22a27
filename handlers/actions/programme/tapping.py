"""What one tap of the console puts into the draft. Each says what is wanted in the end, so that a
second tap, or another owner's, changes nothing more."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.store.history.drafts import ProgrammeDraft
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme, parse
from rules.editing import taps
from rules.editing.parts import Part, id_of, mark_of, values_of
from rules.journeys.programme import WholeProgramme
from rules.programme.campaigns import Campaign

from ..recording.work import Work
from .drafting import PartChange, change_part, draft_of

#: The draft as it is kept, or why it isn't.
Kept = ProgrammeDraft | InvalidProgramme | Refusal


def switch_journey(work: Work, journey: str, *, on: bool) -> Kept:
    """Sends that journey, or doesn't."""
    draft = draft_of(work)
    programme, data = _read(draft)
    known = taps.journey_known(programme, journey)
    if known is None:
        return Refusal("journey_gone")
    if known.is_promised:
        return Refusal("journey_promised")
    there = values_of(data, Part("journeys", journey))
    if known.off != on and (there is not None or on):
        return draft
    return _put(work, Part("journeys", journey), taps.switched(data, known, on=on))


def new_version(work: Work, journey: str, *, after: int) -> Kept:
    """Begins another version of that journey, so that what it brings is counted anew; only once
    where it is still the version `after`."""
    draft = draft_of(work)
    programme, data = _read(draft)
    known = taps.journey_known(programme, journey)
    if known is None:
        return Refusal("journey_gone")
    if known.version != after:
        return draft
    return _put(work, Part("journeys", journey), taps.next_version(data, known))


def announce(work: Work, campaign: str, *, on: bool) -> Kept:
    """Tells members once when that campaign begins, or doesn't. Where a journey tells of every
    campaign, nothing is added to it."""
    draft = draft_of(work)
    programme, data = _read(draft)
    found = _campaign(programme, campaign)
    if found is None:
        return Refusal("campaign_undrafted")
    own = taps.announcements(data, campaign)
    if not on:
        kept: Kept = draft
        for part in own:
            kept = _put(work, part, None)
        return kept
    if not taps.may_be_announced(found, work.day):
        return Refusal("campaign_untold")
    if taps.tellers(programme, campaign):
        return draft
    return _put(work, *taps.announcement(data, campaign))


def end_campaign(work: Work, campaign: str) -> Kept:
    """Makes today its last day; one that has not begun is taken out by its form."""
    draft = draft_of(work)
    programme, data = _read(draft)
    found = _campaign(programme, campaign)
    if found is None:
        return Refusal("campaign_undrafted")
    if found.is_over(work.day + timedelta(days=1)):
        return draft
    if found.starts and found.starts > work.day:
        return Refusal("campaign_waits")
    part = Part("campaigns", campaign)
    return _put(work, part, taps.ended(values_of(data, part) or {}, work.day))


def repeat_next_year(work: Work, campaign: str) -> tuple[Part, Kept] | Refusal:
    """Adds the same campaign a year later, once, and names it."""
    programme, data = _read(draft_of(work))
    found = _campaign(programme, campaign)
    if found is None:
        return Refusal("campaign_undrafted")
    if not (found.starts or found.ends):
        return Refusal("campaign_endless")
    values = taps.next_year(data, values_of(data, Part("campaigns", campaign)) or {})
    part = Part("campaigns", id_of(values))
    return part, _put(work, part, values)


def _read(draft: ProgrammeDraft) -> tuple[WholeProgramme, Mapping[str, Any]]:
    """The draft as it is read, and as it is written. ValueError where it can't be read, which no
    draft is that was kept."""
    programme = parse(draft.text)
    if isinstance(programme, InvalidProgramme):
        raise ValueError(programme.listed("en"))
    return programme, tomllib.loads(draft.text)


def _campaign(programme: WholeProgramme, campaign: str) -> Campaign | None:
    return next((each for each in programme.campaigns if each.id == campaign), None)


def _put(work: Work, part: Part, values: Mapping[str, Any] | None) -> Kept:
    data = tomllib.loads(draft_of(work).text)
    if part.section == "journeys":
        for silent in taps.silence_kept(data):
            if silent["kind"] != part.id:
                kept = change_part(work, PartChange(Part("journeys", silent["kind"]), silent))
                if not isinstance(kept, ProgrammeDraft):
                    return kept
    seen = mark_of(values_of(data, part))
    return change_part(work, PartChange(part, values, seen))
