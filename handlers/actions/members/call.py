"""Staff telephoned a member who stayed away. Who was spoken with gets no message about it."""

from dataclasses import replace
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members, profiles
from rules.base import Refusal
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from .profile import NOTE_MAX

#: What is worth telling colleagues of a call fits on a line.
WORDS_MAX = 120


def note_call(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    member_id: int,
    *,
    spoke: bool,
    words: str,
    key: str,
    now: datetime,
) -> Outcome:
    """Notes a call, and whether staff `spoke` with the member. `words` (may be empty) are added to
    the colleagues' note: the log, which is kept for ever, says nothing of anybody.

    Refused with erased, or call_note_full when the note has no room for the words.
    """
    told = " ".join(words.split())

    def work() -> Outcome:
        member = members.lock(uow, member_id)
        balance = member.facts.balance
        if member.erased_at is not None:
            return refused(member_id, Refusal("erased"), balance=balance)
        day = timeline.at(now).programme.shop.business_date(now)
        if told and not _noted(uow, member_id, f"{day.isoformat()} ☎ {told}", now=now):
            return refused(member_id, Refusal("call_note_full"), balance=balance)
        note(
            uow, desk, "called" if spoke else "called_no_answer",
            now=now, key=key, member_id=member_id,
        )  # fmt: skip
        return Outcome(member_id, balance=balance)

    return once(uow, key, f"call {member_id} {spoke} {told}", work, now=now)


def _noted(uow: UnitOfWork, member_id: int, line: str, *, now: datetime) -> bool:
    """Whether the line found room in the colleagues' note."""
    profile = profiles.get(uow, member_id)
    whole = f"{profile.note}\n{line}".strip()
    if len(whole) > NOTE_MAX:
        return False
    profiles.put(uow, member_id, replace(profile, note=whole), at=now)
    return True
