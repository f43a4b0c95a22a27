"""Staff deal with what a member wrote: by an answer from here, or elsewhere."""

from datetime import timedelta

from bot.store.members import line_accounts, members
from bot.store.messages import inbox
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .messages import SayAnswer, tell

#: An answer to somebody's words stays one for so long.
_USEFUL = timedelta(days=7)
#: Longer than this is a letter, not an answer.
ANSWER_LENGTH_MAX = 1_000


def answer_letter(work: Work, *, letter_id: int, text: str) -> Acknowledgement:
    """Closes a letter of the inbox. `text` is pushed to who wrote it; empty where staff have
    answered them in LINE's own chat or by word of mouth.

    Refused with letter_gone (somebody else was quicker), answer_too_long or answer_unreachable.
    """
    text = text.strip()

    def act() -> Acknowledgement:
        letter = inbox.lock(work.uow, letter_id)
        if letter is None or letter.answered_at is not None:
            return Acknowledgement("letter_gone")
        if len(text) > ANSWER_LENGTH_MAX:
            return Acknowledgement("answer_too_long")
        if text and not _queued(work, letter, text):
            return Acknowledgement("answer_unreachable")
        inbox.mark_answered(work.uow, letter_id, at=work.now, staff_id=work.staff.staff_id)
        note(
            work,
            "answer" if text else "letter_closed",
            member_id=letter.member_id,
            letter=letter_id,
        )
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"answer {letter_id} {text}", act)


def _queued(work: Work, letter: inbox.Letter, text: str) -> bool:
    """Whether the answer waits to be sent: only members can be written to."""
    member = members.get(work.uow, letter.member_id) if letter.member_id is not None else None
    if member is None or member.line_user_id is None:
        return False
    account = line_accounts.get(work.uow, member.line_user_id)
    if account is None or account.blocked:
        return False
    shop = work.programme.shop
    say = SayAnswer(text=text, quote=beginning(letter.text), asked_on=shop.business_date(letter.at))
    return tell(work, member, say, period=str(letter.id), topic=None, useful=_USEFUL)


def beginning(text: str) -> str:
    """So much of what somebody wrote that they know what is meant."""
    return text if len(text) <= 60 else f"{text[:59]}…"
