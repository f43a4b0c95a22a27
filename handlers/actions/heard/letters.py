"""Rounds of letters by post: to whom one is to go, and that it went, noted once with each."""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from bot.store.finding.addressees import PostalAddressee
from bot.store.heard import contacts
from bot.store.heard.contacts import NotedContact
from bot.store.history import claims
from bot.store.members import members
from rules.heard.letters import LetterRound
from rules.wording.texts import month_name, say

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.work import Work
from .labelling import Mailing, may_be_written_to, waiting

#: So many at once; who is left comes with the next.
LETTERS_MAX = 480


@dataclass(frozen=True, slots=True)
class PostedLetters:
    """The letters of a round that were posted, by whom they went to."""

    begins: date
    member_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PostedOutcome:
    """How many of them were noted just now; how many were left out, since they want none any more.
    `refused` is the code where there was nobody to note."""

    noted: int = 0
    left_out: int = 0
    refused: str | None = None


_POSTED: TypeAdapter[PostedOutcome] = TypeAdapter(PostedOutcome)


def round_now(work: Work) -> LetterRound | None:
    """The round that is open today."""
    policy = work.programme.letters
    return policy.round_on(work.day) if policy is not None else None


def letter_name(begins: date) -> str:
    """What a round's letter is called among each member's contacts: never otherwise, as it is by
    that name that nobody gets it twice."""
    return say("ja", "staff.letters.letter", month=month_name("ja", begins))


def to_write_to(work: Work, its: LetterRound) -> list[PostalAddressee]:
    """Whom the round's letter is for and hasn't gone to, by postcode."""
    policy = work.programme.letters
    if policy is None:
        return []
    mailing = Mailing(
        letter_name(its.begins),
        policy.ranks,
        policy.visits_min,
        policy.within_days,
        policy.away_days,
    )
    return waiting(work, mailing)[:LETTERS_MAX]


def still_among(work: Work, posted: PostedLetters) -> list[PostalAddressee]:
    """Those of a list who may still be written to, whatever else became of them, by postcode."""
    wanted = set(posted.member_ids)
    mailing = Mailing(letter_name(posted.begins))
    return [each for each in may_be_written_to(work, mailing) if each.member_id in wanted]


def note_posted(work: Work, posted: PostedLetters) -> PostedOutcome:
    """Notes with each of them that the letter went to them, unless it is noted, or they want none
    by now. A repeat of the key changes nothing. Refused with letters_none where nobody was left."""
    asked = f"letters {posted.begins} {posted.member_ids}"
    return once_for(_POSTED, work, asked, lambda: _note(work, posted))


def _note(work: Work, posted: PostedLetters) -> PostedOutcome:
    for member_id in sorted(posted.member_ids):
        members.lock(work.uow, member_id)
    name = letter_name(posted.begins)
    may = {each.member_id for each in still_among(work, posted)}
    left = may & {each.member_id for each in waiting(work, Mailing(name))}
    for member_id in sorted(left):
        sent = NotedContact(work.now, "mailed", name, work.staff.staff_id, None)
        contacts.add(work.uow, member_id, sent)
        note(work, "mailed", member_id=member_id)
    its = round_now(work)
    if its is not None and its.begins == posted.begins and not to_write_to(work, its):
        claims.claim(work.uow, done_key(its.begins), "", at=work.now)
    if not left:
        return PostedOutcome(refused="letters_none")
    return PostedOutcome(len(left), len(set(posted.member_ids) - may))


def done_key(begins: date) -> str:
    """Under what it stands that everybody of a round was written to."""
    return f"letters:{begins.isoformat()}"


def is_time(work: Work) -> bool:
    """Whether a round is open of which somebody may wait for the letter."""
    its = round_now(work)
    return its is not None and not claims.is_claimed(work.uow, done_key(its.begins))
