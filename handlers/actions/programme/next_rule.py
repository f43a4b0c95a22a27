"""The next way to earn, offered to the owner: looked up, put into the draft, or put off."""

from dataclasses import dataclass
from datetime import timedelta

from bot.store.history import put_offs, rule_uses
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme, parse
from rules.editing.next_rule import LOOKED_AT, NextWay, WayUse, latest_way, next_way, parts_of
from rules.editing.parts import Part

from ..recording.log import note
from ..recording.work import Work
from .drafting import CHANGED, PartChange, change_parts, draft_of

#: Who said "not now" is left in peace for so long.
STAYS_AWAY = timedelta(weeks=6)
_WHAT = "next_rule"


@dataclass(frozen=True, slots=True)
class WayOffer:
    """A way to earn that the shop had best add next, and how well the last one is used."""

    way: NextWay
    use: WayUse


def offered(work: Work) -> WayOffer | None:
    """The offer of this moment; None where there is none: nothing is ready, the last isn't used
    yet, somebody writes another already or waits for one, or doesn't want it now."""
    put_off_at = put_offs.put_off_at(work.uow, _WHAT)
    if put_off_at is not None and work.now < put_off_at + STAYS_AWAY:
        return None
    versions = work.timeline.versions
    if versions[-1].since > work.now:
        return None
    draft, newest = parse(draft_of(work).text), versions[-1].programme
    if isinstance(draft, InvalidProgramme):
        return None
    if (draft.earning, draft.campaigns) != (newest.earning, newest.campaigns):
        return None
    latest = latest_way(versions)
    use = WayUse(*rule_uses.users_lately(work.uow, latest.rule, limit=LOOKED_AT))
    way = next_way(draft, latest, use, work.now)
    return WayOffer(way, use) if way else None


def take_up(work: Work, way: str) -> Part | Refusal | InvalidProgramme:
    """Puts what was offered into the draft, and tells the part that is to be looked at; refused
    where something else would be offered by now."""
    offer = offered(work)
    if offer is None or offer.way != way:
        return CHANGED
    draft = parse(draft_of(work).text)
    if isinstance(draft, InvalidProgramme):
        return draft
    changes = [PartChange(part, values) for part, values in parts_of(offer.way, draft)]
    done = change_parts(work, changes)
    return done if isinstance(done, InvalidProgramme | Refusal) else changes[0].part


def not_now(work: Work) -> None:
    """Nothing is offered for some weeks."""
    put_offs.put_off(work.uow, _WHAT, at=work.now)
    note(work, "next_rule_put_off")
