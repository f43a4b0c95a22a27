"""A member, as other systems know them."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from bot.store.many import member_lists
from bot.store.members import legible, profiles
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Membership, Source
from rules.base import Lang
from rules.facts import Birthday

from .models import AnswerPart, CardNumber, Moment


class BornOn(AnswerPart):
    """A birthday, of which the year may be nobody's business."""

    month: int
    day: int
    year: int | None


class MemberInShort(AnswerPart):
    """A member in a list."""

    card_number: CardNumber
    name: str = Field(description="As the shop knows them, else as LINE does; may be empty.")
    kana: str = Field(description="How the name is read; may be empty.")
    membership: Membership = Field(description="在籍, 休会 or 退会.")
    rank: str | None = Field(description="The id of their rank; null where they have none.")
    points: int = Field(description="The points that they have.")
    visits: int
    last_visit_at: Moment | None
    joined_at: Moment


class MemberInFull(MemberInShort):
    """A member."""

    phone: str | None = Field(description="In E.164, such as +819012345678.")
    birthday: BornOn | None
    language: Lang
    source: Source = Field(description="By which way they joined.")
    on_line: bool = Field(description="Whether they have the card in LINE.")
    badges: list[str]
    merged: bool = Field(
        description="Whether the card that was asked for was put together with this one."
    )


def member_in_full(work: Work, member: Member, *, asked: str | None = None) -> MemberInFull:
    """The member as they are now, whose card was `asked` for by that number."""
    contact = profiles.contact(work.uow, member)
    facts, local = work.settled(member), work.programme.shop.local
    return MemberInFull(
        card_number=member.number,
        name=contact.name,
        kana=contact.profile.kana,
        membership=facts.membership,
        rank=facts.rank.id,
        points=facts.balance,
        visits=facts.visits,
        last_visit_at=_local(work, facts.last_visit_at),
        joined_at=local(member.joined_at),
        phone=contact.profile.phone or None,
        birthday=_born(facts.birthday),
        language=member.language,
        source=facts.source,
        on_line=contact.on_line,
        badges=list(facts.badges),
        merged=asked not in (None, member.number),
    )


def members_in_short(work: Work, ids: Sequence[int]) -> list[MemberInShort]:
    """Those members, in that order; by two statements however many."""
    known = {member.id: member for member in legible.many(work.uow, ids)}
    beside = member_lists.listed(work.uow, ids, ladder=work.programme.ranks is not None)
    return [_in_short(work, known[each], beside[each]) for each in ids if each in known]


def _in_short(work: Work, member: Member, beside: member_lists.ListedMember) -> MemberInShort:
    facts = work.settled(member)
    return MemberInShort(
        card_number=member.number,
        name=beside.name,
        kana=beside.kana,
        membership=facts.membership,
        rank=facts.rank.id,
        points=facts.balance,
        visits=facts.visits,
        last_visit_at=_local(work, facts.last_visit_at),
        joined_at=work.programme.shop.local(member.joined_at),
    )


def _local(work: Work, at: datetime | None) -> datetime | None:
    return work.programme.shop.local(at) if at is not None else None


def _born(born: Birthday | None) -> BornOn | None:
    return BornOn(month=born.month, day=born.day, year=born.year) if born else None
