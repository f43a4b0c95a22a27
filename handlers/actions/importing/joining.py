"""A member of another system: a card without LINE, to be linked when its owner comes."""

from dataclasses import dataclass

from bot.store.members import consents, members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.card_numbers import free_card_number, is_card_number
from handlers.actions.recording.work import Work
from rules.activity import BirthdayTold, BroughtAlong, ProfileTold, Registration, StepId, What
from rules.facts import newcomer
from rules.importing.rows import RowSaid

from ..recording.record import Request
from ..recording.record_many import KeyedRequest, record_many
from .finding import OLD_NUMBER, phone_of


@dataclass(frozen=True, slots=True)
class ImportedMember:
    """Who is to be made."""

    said: RowSaid
    #: The row's outside key.
    key: str
    #: In which words it is kept that they had agreed.
    wording: str
    #: The old card of stamps that they bring; None for none.
    stamps: BroughtAlong | None = None


def join_imported(work: Work, told: ImportedMember) -> int:
    """Makes the member, with all that the row says; gives their id. Nobody is welcomed, and nothing
    earned by it: that they had where they come from."""
    said, shop = told.said, work.programme.shop
    at = work.now if said.joined is None else min(shop.opens(said.joined), work.now)
    day = shop.business_date(at)
    is_ours = is_card_number(said.number) and not members.by_code(work.uow, "number", said.number)
    number = said.number if is_ours else free_card_number(work.uow)
    member = members.insert_member(
        work.uow,
        newcomer(day, at, "import"),
        work.foresight,
        number=number,
        language=said.language or "ja",
        line_user_id=None,
        joined_at=at,
        referred_by=None,
    )
    profiles.write_number(work.uow, "number", number, member.id)
    if said.number and not is_ours:
        profiles.write_number(work.uow, OLD_NUMBER, said.number, member.id)
    consents.note(
        work.uow, member.id, "purpose", channel="import", wording=told.wording, at=work.now
    )
    profile = Profile(said.name, said.kana, phone_of(work, said.phone)[0])
    numbers = {number, said.number} - {""}
    profiles.put_new(work.uow, member.id, profile, numbers, at=work.now)
    first = [Registration("import", again=True), *_told(said, profile)]
    wanted = [KeyedRequest(told.key, Request(member.id, what, at)) for what in first]
    if said.points or said.visits:
        what = BroughtAlong(said.points or 0, said.visits, said.until)
        wanted.append(KeyedRequest(told.key, Request(member.id, what, work.now)))
    if told.stamps is not None:
        wanted.append(KeyedRequest(told.key, Request(member.id, told.stamps, work.now)))
    record_many(work.under(told.key), member.id, wanted)
    return member.id


def _told(said: RowSaid, profile: Profile) -> list[What]:
    """What they had told elsewhere earns nothing here, now or later."""
    steps: list[tuple[StepId, str]] = [
        ("name", profile.name), ("kana", profile.kana), ("phone", profile.phone),
    ]  # fmt: skip
    found: list[What] = [ProfileTold(step, again=True) for step, text in steps if text]
    if said.birthday is not None:
        year, month, day = said.birthday
        found.append(BirthdayTold(month, day, year, again=True))
    return found
