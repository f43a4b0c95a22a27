"""A word of praise from the staff, at one tap: somebody noticed."""

from datetime import datetime, timedelta

from bot.store import UnitOfWork
from bot.store.members import line_accounts, members
from rules.base import Refusal
from rules.outlook.moments import MomentKind
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once
from ..recording.outcome import Outcome, refused
from .messages import SayPraise, tell

#: Praise that comes days later sounds like a machine's.
_FRESH = timedelta(days=2)


def praise(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    *,
    member_id: int,
    moment: MomentKind,
    target: str | None,
    key: str,
    now: datetime,
) -> Outcome:
    """Queues a word of praise for `moment` (`target`: the rank reached), signed by the store.

    One a day for each member: praise for everything is noise. Refused with praise_unreachable or
    praise_again.
    """
    asked = f"praise {member_id} {moment} {target}"

    def work() -> Outcome:
        member = members.lock(uow, member_id)
        balance = member.facts.balance
        account = line_accounts.get(uow, member.line_user_id or "")
        if account is None or account.blocked or member.membership != "active":
            return refused(member_id, Refusal("praise_unreachable"), balance=balance)
        say = SayPraise(moment=moment, target=target, store=desk.store)
        day = timeline.at(now).programme.shop.business_date(now)
        if not tell(uow, member, say, period=day.isoformat(), topic=None, now=now, useful=_FRESH):
            return refused(member_id, Refusal("praise_again"), balance=balance)
        note(uow, desk, "praise", now=now, key=key, member_id=member_id, moment=moment)
        return Outcome(member_id, balance=balance)

    return once(uow, key, asked, work, now=now)
