"""Members: found, listed, joined, and what is told of them."""

from typing import Annotated, Literal

from pydantic import Field

from bot.phones import e164
from bot.store.members import members, profiles
from bot.store.members.profiles import Profile
from bot.store.messages import crowds
from bot.store.messages.crowds import asked_for
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.membership import change_membership
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.work import Work
from handlers.actions.systems.told_profile import ProfileWord, tell_profile
from handlers.showing.birthdays import guardian_wording
from rules.activity import Membership
from rules.base import Lang, Refusal
from rules.broadcasts.broadcast import Whom
from rules.facts import Birthday
from rules.programme.birthdays import read_birthday
from rules.wording.words import Words

from ..frame.came import WhatCame, done, what_came
from ..frame.current import api_work, asking, reading
from ..frame.doors import does, reads
from ..frame.models import AnswerPart, Moment, RequestPart, ShortText, utc
from ..frame.paging import PageQuery, next_link
from ..frame.people import MemberInFull, MemberInShort, member_in_full, members_in_short
from ..frame.problems import PREFIX, refuse
from ..frame.subjects import member_with

#: What is told of a member who was erased meanwhile, in a repeat of how they joined.
_NOBODY = "0000000000"


class MembersQuery(PageQuery):
    """Which members."""

    phone: str | None = Field(
        None, min_length=1, max_length=30, description="Those with that telephone, however written."
    )


class MembersPage(AnswerPart):
    """Part of a list of members."""

    members: list[MemberInShort]
    next: str | None = Field(description="Where the next part is; null after the last one.")


class BirthdayAsked(RequestPart):
    """A birthday."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    year: Annotated[int, Field(ge=1900, le=2200)] | None = None


class NewMember(RequestPart):
    """Who joins at the counter, without LINE."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
    kana: ShortText = ""
    phone: Annotated[str, Field(max_length=30, pattern=r"^[^\x00]*$")] = Field(
        "", description="However it is written."
    )
    language: Lang = "ja"
    birthday: BirthdayAsked | None = None
    agreed: Literal[True] = Field(
        description="They were shown what the shop uses their data for, and agreed."
    )
    guardian_agreed: bool = Field(
        False, description="The guardian agreed; asked for where a birthday is a child's."
    )
    another: bool = Field(
        False, description="Whoever else has that telephone is known to be somebody else."
    )


class Joined(AnswerPart):
    """A member who has just joined."""

    card_number: str
    came: WhatCame


class ProfileChange(RequestPart):
    """What is told of a member; what is left away stays, an empty text takes away."""

    at: Moment | None = Field(
        None, description="When it was changed there; now if left away. An older word than is "
        "known changes nothing."
    )  # fmt: skip
    name: ShortText | None = None
    kana: ShortText | None = None
    phone: Annotated[str, Field(max_length=30, pattern=r"^[^\x00]*$")] | None = None
    language: Lang | None = None


class MembershipAsked(RequestPart):
    """在籍 (active), 休会 (paused) or 退会 (left)."""

    state: Membership
    at: Moment | None = Field(None, description="As of when; now if left away.")


@reads("/members", MembersPage, "members:read", found=True)
def list_members(query: MembersQuery) -> MembersPage:
    """List the members, or find those with a telephone.

    A key of one store lists those who come there most often; by telephone anybody is found.
    """
    with reading() as work:
        if query.phone is not None:
            ids, last = _with_phone(work, query.phone), None
        else:
            page = _page(work, query.place(), query.limit + 1)
            ids = page[: query.limit]
            last = ids[-1] if len(page) > query.limit else None
        return MembersPage(members=members_in_short(work, ids), next=next_link(last, query.limit))


def _with_phone(work: Work, typed: str) -> list[int]:
    phone = e164(typed, work.programme.shop.country)
    found = profiles.with_phone(work.uow, phone) if phone else []
    return sorted({members.keeper(work.uow, each) for each in found})


def _page(work: Work, after: int, limit: int) -> list[int]:
    own = asking().store
    also = (Whom(stores=(own,)),) if own and len(work.programme.stores) > 1 else ()
    asked = asked_for(work.programme, Whom(), work.day, also)
    return crowds.page(work.uow, asked, after=after, limit=limit)


@reads("/members/<number>", MemberInFull, "members:read", found=True)
def get_member(number: str) -> MemberInFull:
    """Get whoever has that card now.

    A card that was put together with another one leads to the member who has both.
    """
    with reading() as work:
        return member_in_full(work, member_with(work.uow, number), asked=number)


@does(
    "/members", Joined, "members:write",
    "phone_known", "phone_unknown", "profile_name", "birthday_unread", "birthday_year",
    "guardian_missing",
    status=201, found=False,
)  # fmt: skip
def join_member(json: NewMember) -> tuple[Joined, int, dict[str, str]]:
    """Make somebody a member who joins at the counter.

    As on paper: a card number comes back, and the welcome of the programme.
    """
    with api_work() as work:
        words = Words(work.programme, json.language)
        newcomer = Newcomer(
            language=json.language,
            purpose=work.programme.privacy.purpose.in_(json.language),
            profile=Profile(name=json.name, kana=json.kana, phone=json.phone),
            birthday=_birthday(json.birthday),
            guardian=guardian_wording(words) if json.guardian_agreed else None,
            another=json.another,
        )
        outcome = join_at_counter(work, newcomer)
        number = _number_of(work, outcome)
    joined = Joined(card_number=number, came=what_came(done(outcome), work.key))
    return joined, 201, {"Location": f"{PREFIX}/members/{number}"}


def _number_of(work: Work, outcome: Outcome) -> str:
    """The card of who joined; whoever was put together with another one has that one's."""
    if not outcome.member_id:
        return _NOBODY
    member = members.get(work.uow, members.keeper(work.uow, outcome.member_id))
    return (member.number if member else "") or _NOBODY


def _birthday(told: BirthdayAsked | None) -> Birthday | None:
    if told is None:
        return None
    if read_birthday(f"{told.year or 2024:04}-{told.month:02}-{told.day:02}") is None:
        raise refuse(Refusal("birthday_unread"))
    return Birthday(told.month, told.day, told.year)


@does(
    "/members/<number>", MemberInFull, "members:write",
    "erased", "merged", "phone_unknown", "profile_long",
    method="PATCH",
)  # fmt: skip
def tell_member(number: str, json: ProfileChange) -> MemberInFull:
    """Tell what is known of a member elsewhere.

    Of two words on one field the newer counts, whoever said it and whichever comes first.
    """
    with api_work() as work:
        member = member_with(work.uow, number)
        at = utc(json.at) if json.at is not None else work.now
        word = ProfileWord(member.id, at, json.name, json.kana, json.phone, json.language)
        no = tell_profile(work, word).refused
        told = member_in_full(work, member_with(work.uow, number), asked=number)
    if no is not None:
        raise refuse(Refusal(no))
    return told


@does(
    "/members/<number>/membership", WhatCame, "members:write",
    "membership_same", "erased", "merged",
)  # fmt: skip
def change_member(number: str, json: MembershipAsked) -> WhatCame:
    """Pause, end or resume a membership.

    What was earned stays for a return.
    """
    with api_work() as work:
        member = member_with(work.uow, number)
        at = utc(json.at) if json.at is not None else work.now
        outcome = change_membership(work, member.id, json.state, at=at)
    return what_came(done(outcome), work.key)
