"""Members of another system: cards without LINE, to be linked when their owners come."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.store.members import consents, members, profiles
from bot.store.members.members import Member, MemberToBe
from bot.store.members.profiles import Profile
from handlers.actions.members.card_numbers import free_card_numbers, is_card_number
from handlers.actions.recording.work import Work
from rules.activity import BirthdayTold, BroughtAlong, ProfileTold, Registration, StepId, What
from rules.facts import newcomer
from rules.importing.rows import RowSaid
from rules.wording.words import Words

from ..recording.record import Request
from ..recording.record_many import KeyedRequest, record_many
from .finding import OLD_NUMBER, PageFinding


@dataclass(frozen=True, slots=True)
class ImportedMember:
    """Who is to be made."""

    said: RowSaid
    #: The row's outside key.
    key: str
    #: The old card of stamps that they bring; None for none.
    stamps: BroughtAlong | None = None


def join_imported(work: Work, told: Sequence[ImportedMember], finding: PageFinding) -> list[int]:
    """Makes the members, with all that the rows say; gives their ids. Nobody is welcomed, and
    nothing earned by it: that they had where they come from."""
    shop = work.programme.shop
    free = iter(free_card_numbers(work.uow, len(told)))
    new = []
    for each in told:
        said = each.said
        at = work.now if said.joined is None else min(shop.opens(said.joined), work.now)
        is_ours = is_card_number(said.number) and finding.is_free(said.number)
        number = said.number if is_ours else next(free)
        facts = newcomer(shop.business_date(at), at, "import")
        new.append(MemberToBe(facts, number, said.language or "ja", at))
    made = members.insert_members(work.uow, new, work.foresight)
    work.look_at_segments([each.id for each in made])
    for each, member in zip(told, made, strict=True):
        _begin(work, each, member, finding)
    return [each.id for each in made]


def _begin(work: Work, told: ImportedMember, member: Member, finding: PageFinding) -> None:
    said = told.said
    profiles.write_number(work.uow, "number", member.number, member.id)
    if said.number and said.number != member.number:
        profiles.write_number(work.uow, OLD_NUMBER, said.number, member.id)
    # In which words it is kept that they had agreed.
    wording = Words(work.programme, member.language).say("privacy.by_file.consent")
    consents.note(work.uow, member.id, "purpose", channel="import", wording=wording, at=work.now)
    profile = Profile(said.name, said.kana, finding.phone_of(said.phone)[0])
    numbers = {member.number, said.number} - {""}
    profiles.put_new(work.uow, member.id, profile, numbers, at=work.now)
    at = member.joined_at
    first = [Registration("import", again=True), *_told(said, profile)]
    wanted = [KeyedRequest(told.key, Request(member.id, what, at)) for what in first]
    if said.points or said.visits:
        what = BroughtAlong(said.points or 0, said.visits, said.until)
        wanted.append(KeyedRequest(told.key, Request(member.id, what, work.now)))
    if told.stamps is not None:
        wanted.append(KeyedRequest(told.key, Request(member.id, told.stamps, work.now)))
    record_many(work.under(told.key), member.id, wanted)


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
