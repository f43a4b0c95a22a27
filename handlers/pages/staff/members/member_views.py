"""What staff see of a member: enough to serve them, and no more."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.phones import masked
from bot.store import UnitOfWork
from bot.store.members import consents, members, mergers, profiles
from bot.store.members.members import Member
from bot.store.members.profiles import Contact, Profile
from handlers.showing.viewer import viewer_as_known
from rules.characters import spaced_number
from rules.facts import Birthday
from rules.wording.counter import CounterIdentity
from rules.wording.name_search import normalised
from rules.wording.names import formal
from rules.wording.texts import long_date, month_word, show

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language
from ..frame.words import words_now


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list. `phone` shows the last four digits, `last` the day of the last visit,
    `born` the month of birth where another in the list has the same name; each empty where there is
    none."""

    number: str
    spaced: str
    name: str
    kana: str
    phone: str
    rank: str
    last: str
    left: bool
    born: str = ""


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A member's page. `state` is their membership, `on_line` whether a LINE account has the card,
    `blocked` whether it blocked us, `sms_since` since when they agree to SMS (empty: they don't);
    `cards` are numbers of cards merged into this one."""

    row: MemberRow
    profile: Profile
    points: str
    shortfall: str
    visits: int
    month_visits: int
    birthday: str
    joined: str
    state: str
    on_line: bool
    blocked: bool
    sms_since: str
    issue: int
    cards: tuple[str, ...]


def by_number(uow: UnitOfWork, number: str) -> Member:
    """Who stands for the card with this number now; 404 for nobody, or for somebody erased."""
    member_id = members.by_code(uow, "number", number) if number.isdecimal() else None
    member = members.get(uow, members.keeper(uow, member_id)) if member_id is not None else None
    if member is None or member.erased_at is not None:
        layout.not_found()
    return member


def member_rows(uow: UnitOfWork, found: Sequence[int]) -> list[MemberRow]:
    """Members in a list, in their order; those of one name with what tells them apart. However many
    there are, they are read by two statements."""
    there = {member.id: member for member in members.many(uow, found)}
    contacts = profiles.contacts(uow, found)
    known = [there[each] for each in found if each in there]
    rows = [_row(member, contacts[member.id]) for member in known]
    names = Counter(normalised(row.name) for row in rows)
    return [
        replace(row, born=_month_of_birth(member)) if names[normalised(row.name)] > 1 else row
        for row, member in zip(rows, known, strict=True)
    ]


def _month_of_birth(member: Member) -> str:
    born = member.facts.birthday
    if born is None:
        return ""
    month = month_word(language(), date(2000, born.month, 1))
    return layout.words("staff.members.born_in", month=month)


def member_row(uow: UnitOfWork, member: Member) -> MemberRow:
    return _row(member, profiles.contact(uow, member))


def _row(member: Member, known: Contact) -> MemberRow:
    programme, lang = current_programme(), language()
    # Whatever the night has still to judge: the same as the member's own card says.
    facts = viewer_as_known(current_club(), member).facts
    rank = programme.ranks.get(facts.rank.id) if programme.ranks else None
    return MemberRow(
        number=member.number,
        spaced=spaced_number(member.number),
        name=formal(known.name, lang),
        kana=known.profile.kana,
        phone=masked(known.profile.phone),
        rank=rank.name.in_(lang) if rank else "",
        last=long_date(lang, facts.last_visit_on) if facts.last_visit_on else "",
        left=facts.membership == "left",
    )


def member_page(uow: UnitOfWork, member: Member) -> MemberPage:
    """The member's page, as of now."""
    viewer = viewer_as_known(current_club(), member)
    facts, day = viewer.facts, viewer.day
    known = profiles.contact(uow, member)
    return MemberPage(
        row=member_row(uow, member),
        profile=known.profile,
        points=words_now().amount(facts.balance),
        shortfall=words_now().amount(facts.shortfall) if facts.shortfall else "",
        visits=facts.visits,
        month_visits=facts.totals(day.replace(day=1), day + day.resolution).visits,
        birthday=_birthday(facts.birthday),
        joined=long_date(language(), facts.joined_on),
        state=facts.membership,
        on_line=known.on_line,
        blocked=known.blocked,
        sms_since=_sms_since(uow, member),
        issue=member.issue,
        cards=_merged_cards(uow, member),
    )


def _merged_cards(uow: UnitOfWork, member: Member) -> tuple[str, ...]:
    others = (members.get(uow, each) for each in mergers.absorbed(uow, member.id))
    return tuple(spaced_number(other.number) for other in others if other is not None)


def _birthday(born: Birthday | None) -> str:
    """The day and month; the year is nobody's business at the counter."""
    return show(language(), date(2000, born.month, born.day)) if born else ""


def _sms_since(uow: UnitOfWork, member: Member) -> str:
    """Since which day the member agrees to SMS; empty if they don't."""
    at = consents.sms_agreed_at(uow, member.id)
    return long_date(language(), current_programme().shop.business_date(at)) if at else ""


def counter_identity(uow: UnitOfWork, member: Member) -> CounterIdentity:
    """Who a member is, as the counter shows them."""
    known = profiles.contact(uow, member)
    return CounterIdentity(
        number=member.number,
        name=known.name,
        note=known.profile.note,
        on_line=known.on_line,
        blocked=known.blocked,
    )
