"""Who brings friends (`/staff/referrals`), for those who manage: to be thanked in person or by a
message, and with what may be worth a look."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.finding import referrers
from bot.store.finding.today import last_praised
from bot.store.members import line_accounts, members, mergers, profiles
from bot.store.members.members import Member
from bot.store.staff import staff
from bot.store.staff.staff import StaffMember
from handlers.actions.telling.praise import WordOfPraise
from rules.outlook.bringing import Person, hints
from rules.wording.texts import show

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import language, manager_page, signed
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, problem_line
from ..frame.looks import note_look
from ..frame.praising import PraiseForm, praise_form, send_praise
from .member_views import MemberRow, by_number, member_row

SHOWN_MAX = 50
#: So many of somebody's friends are looked at for hints.
_FRIENDS_MAX = 30
#: And so far back along who brought whom.
_BACK_MAX = 5


@dataclass(frozen=True, slots=True)
class ReferrerView:
    """Somebody who brings friends: how many joined, for how many of them it counted, and in words
    what is worth a look."""

    who: MemberRow
    joined: int
    counted: int
    hints: tuple[str, ...]
    #: The day of the last word that was sent to them; empty for none.
    thanked: str
    #: None where nothing reaches them, or they had one today.
    form: PraiseForm | None


_THANKS = WordOfPraise("referral")

layout.link(75, "staff.referrals", "members")


@pages.get("/referrals")
@manager_page
def referrals() -> ResponseReturnValue:
    note_look(signed().desk, "referrals_seen")
    with current_club().store.read() as uow:
        me = staff.get(uow, signed().staff_id)
        shown = [_view(uow, who, joined, me) for who, joined in _most(uow)]
    done, problem = done_line("staff.today.done"), problem_line()
    return layout.page("referrals", people=shown, done=done, problem=problem)


@pages.post("/referrals/thanks")
@manager_page
def referrals_thanks() -> ResponseReturnValue:
    """A word of thanks to somebody who brought friends."""
    with current_club().store.read() as uow:
        who = by_number(uow, forms.field("number", 10))
        cards = mergers.with_absorbed(uow, who.id)
        if not referrers.brought(uow, cards, limit=1):
            layout.not_found()
    return back_to("staff.referrals", send_praise(who, _THANKS), "praised")


def _most(uow: UnitOfWork) -> list[tuple[Member, int]]:
    """Whoever stands for those who brought them now, the most first."""
    joined: dict[int, int] = {}
    for card, count in referrers.most(uow, limit=SHOWN_MAX):
        keeper = members.keeper(uow, card)
        joined[keeper] = joined.get(keeper, 0) + count
    found = [(members.get(uow, card), count) for card, count in joined.items()]
    known = [(who, count) for who, count in found if who is not None and who.erased_at is None]
    return sorted(known, key=lambda each: -each[1])


def _view(uow: UnitOfWork, who: Member, joined: int, me: StaffMember | None) -> ReferrerView:
    cards = mergers.with_absorbed(uow, who.id)
    friends = referrers.brought(uow, cards, limit=_FRIENDS_MAX)
    shop, now = current_programme().shop, current_club().now()
    thanked = last_praised(uow, who.id)
    on = shop.business_date(thanked) if thanked else None
    may = _is_reached(uow, who) and on != shop.business_date(now)
    found = hints(_person(uow, who.id), [_person(uow, friend) for friend in friends])
    return ReferrerView(
        who=member_row(uow, who),
        joined=joined,
        counted=who.facts.counts.get("referral", 0),
        hints=tuple(layout.words(f"staff.referrals.hint.{hint}") for hint in found),
        thanked=show(language(), on) if on else "",
        form=praise_form(current_programme(), who, _THANKS, me) if may else None,
    )


def _is_reached(uow: UnitOfWork, who: Member) -> bool:
    account = line_accounts.get(uow, who.line_user_id or "")
    return account is not None and not account.blocked and who.membership == "active"


def _person(uow: UnitOfWork, member_id: int) -> Person:
    member = members.get(uow, member_id)
    if member is None:
        raise LookupError("no such member")
    known = profiles.get(uow, member_id)
    account = line_accounts.get(uow, member.line_user_id or "")
    return Person(
        id=member_id,
        joined_at=member.joined_at,
        phone=known.phone,
        account=member.line_user_id or "",
        device=(account.browser or "") if account else "",
        home=f"{known.postcode} {known.address}" if known.address else "",
        brought_by=tuple(_chain(uow, member)),
    )


def _chain(uow: UnitOfWork, member: Member) -> list[int]:
    """Who brought them, and who brought these."""
    chain: list[int] = []
    by = member.referred_by
    while by is not None and by not in chain and len(chain) < _BACK_MAX:
        chain.append(members.keeper(uow, by))
        before = members.get(uow, chain[-1])
        by = before.referred_by if before else None
    return chain
