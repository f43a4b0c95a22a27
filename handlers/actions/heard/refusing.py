"""「電話・DMは不要」: how a member doesn't want to be turned to, by their own word or as staff
heard it. The newest word counts."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.heard import contacts
from bot.store.members import changes, members, mergers
from handlers.actions.recording.work import Work
from rules.heard.cases import Way

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement


@dataclass(frozen=True, slots=True)
class WayChoice:
    """Whether a member may be turned to in a way, and when they said so."""

    way: Way
    wanted: bool
    at: datetime


def choose_way(work: Work, member_id: int, choice: WayChoice) -> Acknowledgement:
    """Notes it, unless the member chose again since; of two choices at one moment, the no.

    Refused with erased.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        if member.erased_at is not None:
            return Acknowledgement("erased")
        _choose(work, member_id, choice)
        return Acknowledgement()

    asked = f"way {member_id} {choice.way} {choice.wanted}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def refuse_way(work: Work, member_id: int, way: Way) -> None:
    """A no, within an action that has claimed the key and locked the member."""
    _choose(work, member_id, WayChoice(way, wanted=False, at=work.now))


def _choose(work: Work, member_id: int, choice: WayChoice) -> None:
    subject, way = work.codes.marks("member", str(member_id)), choice.way
    no = not choice.wanted
    if not changes.newest(work.uow, subject, f"way:{way}", at=choice.at, wins_ties=no):
        return
    if choice.wanted:
        contacts.allow(work.uow, mergers.with_absorbed(work.uow, member_id), way)
    else:
        contacts.refuse(work.uow, member_id, way, at=choice.at)
    if work.actor is not None:
        note(work, "way_refused" if no else "way_wanted", member_id=member_id, way=way)
