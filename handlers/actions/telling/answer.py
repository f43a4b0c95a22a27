"""Staff deal with what a member wrote: by an answer from here, or elsewhere."""

from datetime import datetime, timedelta

from bot.store import UnitOfWork
from bot.store.members import line_accounts, members
from bot.store.messages import inbox
from rules.base import Refusal
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from .messages import SayAnswer, tell

#: An answer to somebody's words stays one for so long.
_USEFUL = timedelta(days=7)
#: Longer than this is a letter, not an answer.
ANSWER_LENGTH_MAX = 1_000


def answer_letter(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    *,
    letter_id: int,
    text: str,
    key: str,
    now: datetime,
) -> Outcome:
    """Closes a letter of the inbox. `text` is pushed to who wrote it; empty where staff have
    answered them in LINE's own chat or by word of mouth.

    Refused with letter_gone (somebody else was quicker), answer_too_long or answer_unreachable.
    """
    text = text.strip()

    def work() -> Outcome:
        letter = inbox.lock(uow, letter_id)
        if letter is None or letter.answered_at is not None:
            return refused(0, Refusal("letter_gone"), balance=0)
        if len(text) > ANSWER_LENGTH_MAX:
            return refused(0, Refusal("answer_too_long"), balance=0)
        if text and not _queued(uow, timeline, letter, text, now=now):
            return refused(0, Refusal("answer_unreachable"), balance=0)
        inbox.mark_answered(uow, letter_id, at=now, staff_id=desk.staff_id)
        note(
            uow,
            desk,
            "answer" if text else "letter_closed",
            now=now,
            key=key,
            member_id=letter.member_id,
            letter=letter_id,
        )
        return Outcome(letter.member_id or 0)

    return once(uow, key, f"answer {letter_id} {text}", work, now=now)


def _queued(
    uow: UnitOfWork, timeline: Timeline, letter: inbox.Letter, text: str, *, now: datetime
) -> bool:
    """Whether the answer waits to be sent: only members can be written to."""
    member = members.get(uow, letter.member_id) if letter.member_id is not None else None
    if member is None or member.line_user_id is None:
        return False
    account = line_accounts.get(uow, member.line_user_id)
    if account is None or account.blocked:
        return False
    shop = timeline.at(now).programme.shop
    quote = letter.text if len(letter.text) <= 60 else f"{letter.text[:59]}…"
    say = SayAnswer(text=text, quote=quote, asked_on=shop.business_date(letter.at))
    return tell(uow, member, say, period=str(letter.id), topic=None, now=now, useful=_USEFUL)
