"""Whether two cards with one telephone number are one person's: staff are asked, who can look and
ask. Nobody else is told that a number is known."""

from flask.typing import ResponseReturnValue

from bot.phones import e164
from bot.store.members import members, profiles
from bot.store.members.members import Member
from handlers.actions.members.profile import SAME_MAX, same_phone, tell_apart
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.recording.work import Work

from ...current import current_club, current_programme
from ..frame.access import staff_page
from ..frame.blueprint import pages
from ..frame.forms import field
from .member_acts import act
from .member_views import MemberRow, member_rows


def same_phone_as(who: Member) -> list[MemberRow]:
    """Of whom staff are asked on the member's page."""
    with current_club().reading() as work:
        return member_rows(work.uow, same_phone(work, who.id))


def with_phone(typed: str) -> list[MemberRow]:
    """Who has the number that was typed, in any spelling."""
    phone = e164(typed, current_programme().shop.country) or ""
    with current_club().store.read() as uow:
        return member_rows(uow, sorted(profiles.with_phone(uow, phone))[:SAME_MAX])


@pages.post("/members/<card:number>/apart")
@staff_page
def member_apart(number: str) -> ResponseReturnValue:
    """They are two people."""
    return act(number, "apart", _tell_apart)


def _tell_apart(work: Work, who: Member) -> Acknowledgement:
    other = members.by_code(work.uow, "number", field("other", 20))
    if other is None:
        return Acknowledgement("merge_unknown")
    return tell_apart(work, who.id, other)
