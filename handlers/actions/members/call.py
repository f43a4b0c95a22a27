"""Staff telephoned a member who stayed away. Who was spoken with gets no message about it."""

from dataclasses import replace

from bot.store.members import members, profiles
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .profile import NOTE_MAX

#: What is worth telling colleagues of a call fits on a line.
WORDS_MAX = 120


def note_call(work: Work, member_id: int, *, spoke: bool, words: str) -> Acknowledgement:
    """Notes a call, and whether staff `spoke` with the member. `words` (may be empty) are added to
    the colleagues' note: the log, which is kept for ever, says nothing of anybody.

    Refused with erased, or call_note_full when the note has no room for the words.
    """
    told = " ".join(words.split())

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        if member.erased_at is not None:
            return Acknowledgement("erased")
        day = work.day
        if told and not _noted(work, member_id, f"{day.isoformat()} ☎ {told}"):
            return Acknowledgement("call_note_full")
        note(work, "called" if spoke else "called_no_answer", member_id=member_id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"call {member_id} {spoke} {told}", act)


def _noted(work: Work, member_id: int, line: str) -> bool:
    """Whether the line found room in the colleagues' note."""
    profile = profiles.get(work.uow, member_id)
    whole = f"{profile.note}\n{line}".strip()
    if len(whole) > NOTE_MAX:
        return False
    profiles.put(work.uow, member_id, replace(profile, note=whole), at=work.now)
    return True
