"""A word of praise from the staff, at one tap: somebody noticed."""

from dataclasses import dataclass
from datetime import timedelta

from bot.store.members import line_accounts, members
from bot.store.staff import staff
from handlers.actions.recording.work import Work
from rules.outlook.moments import PraiseKind

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .messages import SayPraise, tell

#: Praise that comes days later sounds like a machine's.
_FRESH = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class WordOfPraise:
    """What is said: for `moment`, and the rank reached by it (`target`)."""

    moment: PraiseKind
    target: str | None = None
    #: The staff's own words; empty for ours.
    text: str = ""
    #: Whether who sends it signs it, if they have a name for members; else it is from the store.
    is_signed: bool = False


def praise(work: Work, member_id: int, word: WordOfPraise) -> Acknowledgement:
    """Queues a word of praise from the actor, or from their store.

    One a day for each member: praise for everything is noise. Refused with praise_unreachable or
    praise_again.
    """
    asked = f"praise {member_id} {word!r}"

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        account = line_accounts.get(work.uow, member.line_user_id or "")
        if account is None or account.blocked or member.membership != "active":
            return Acknowledgement("praise_unreachable")
        say = SayPraise(
            moment=word.moment,
            target=word.target,
            store=work.staff.store,
            text=word.text,
            by=_name(work) if word.is_signed else "",
        )
        day = work.day
        if not tell(work, member, say, period=day.isoformat(), topic=None, useful=_FRESH):
            return Acknowledgement("praise_again")
        note(work, "praise", member_id=member_id, moment=word.moment)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def _name(work: Work) -> str:
    """What the actor is called to members."""
    person = staff.get(work.uow, work.staff.staff_id)
    return person.public_name if person else ""
