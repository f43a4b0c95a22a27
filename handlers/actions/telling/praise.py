"""A word of praise from the staff, at one tap: somebody noticed."""

from datetime import timedelta

from bot.store.members import line_accounts, members
from handlers.actions.recording.work import Work
from rules.outlook.moments import MomentKind

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .messages import SayPraise, tell

#: Praise that comes days later sounds like a machine's.
_FRESH = timedelta(days=2)


def praise(
    work: Work, *, member_id: int, moment: MomentKind, target: str | None, text: str = ""
) -> Acknowledgement:
    """Queues a word of praise for `moment` (`target`: the rank reached), signed by the store; in
    the staff's own words if there is a `text`.

    One a day for each member: praise for everything is noise. Refused with praise_unreachable or
    praise_again.
    """
    asked = f"praise {member_id} {moment} {target} {text}".rstrip()

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        account = line_accounts.get(work.uow, member.line_user_id or "")
        if account is None or account.blocked or member.membership != "active":
            return Acknowledgement("praise_unreachable")
        say = SayPraise(moment=moment, target=target, store=work.staff.store, text=text)
        day = work.day
        if not tell(work, member, say, period=day.isoformat(), topic=None, useful=_FRESH):
            return Acknowledgement("praise_again")
        note(work, "praise", member_id=member_id, moment=moment)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, asked, act)
