"""Rounds of letters by post: to whom one is to go, and that it went, noted once with each; and that
a letter didn't go, after all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter

from bot.store.finding.addressees import PostalAddressee
from bot.store.heard import contacts
from bot.store.heard.contacts import NotedContact, Posting
from bot.store.history import claims
from bot.store.members import members
from rules.explaining.explain_letters import letter_name
from rules.heard.letters import LetterRound

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.work import Work
from .labelling import Mailing, may_be_written_to, waiting

#: So many at once; who is left comes with the next.
LETTERS_MAX = 480
#: For so long, and so many, what was noted is told of and can be taken back.
_TOLD_OF, _TOLD_MAX = timedelta(days=180), 10


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


def noted_name(begins: date) -> str:
    """What a round's letter is called where it is kept: never otherwise, as it is by that name that
    nobody gets it twice. Readers hear it in their language."""
    return letter_name("ja", begins)


def to_write_to(work: Work, its: LetterRound) -> list[PostalAddressee]:
    """Whom the round's letter is for and hasn't gone to, by postcode."""
    policy = work.programme.letters
    if policy is None:
        return []
    mailing = Mailing(
        noted_name(its.begins),
        policy.ranks,
        policy.visits_min,
        policy.within_days,
        policy.away_days,
    )
    return waiting(work, mailing)[:LETTERS_MAX]


def still_among(work: Work, posted: PostedLetters) -> list[PostalAddressee]:
    """Those of a list who may still be written to, whatever else became of them, by postcode."""
    wanted = set(posted.member_ids)
    mailing = Mailing(noted_name(posted.begins))
    return [each for each in may_be_written_to(work, mailing) if each.member_id in wanted]


def note_posted(work: Work, posted: PostedLetters) -> PostedOutcome:
    """Notes with each of them that the letter went to them, unless it is noted, or they want none
    by now. A repeat of the key changes nothing. Refused with letters_none where nobody was left, or
    letters_back where all that was noted under this key has been taken back since."""
    asked = f"letters {posted.begins} {posted.member_ids}"
    done = once_for(_POSTED, work, asked, lambda: _note(work, posted))
    month = posted.begins.replace(day=1)
    if done.noted and not contacts.has_posting(work.uow, posted.member_ids, month):
        return PostedOutcome(refused="letters_back")
    return done


def _note(work: Work, posted: PostedLetters) -> PostedOutcome:
    for member_id in sorted(posted.member_ids):
        members.lock(work.uow, member_id)
    name, month = noted_name(posted.begins), posted.begins.replace(day=1)
    may = {each.member_id for each in still_among(work, posted)}
    left = may & {each.member_id for each in waiting(work, Mailing(name))}
    for member_id in sorted(left):
        sent = NotedContact(work.now, "mailed", name, work.staff.staff_id, None, letter=month)
        contacts.add(work.uow, member_id, sent)
        note(work, "mailed", member_id=member_id)
    its = round_now(work)
    if its is not None and its.begins == posted.begins and not to_write_to(work, its):
        claims.claim(work.uow, done_key(its.begins), "", at=work.now)
    if not left:
        return PostedOutcome(refused="letters_none")
    return PostedOutcome(len(left), len(set(posted.member_ids) - may))


def posted_lately(work: Work) -> list[Posting]:
    """What was noted lately with many, which can be taken back: rounds, and labels by hand."""
    return contacts.postings(work.uow, since=work.now - _TOLD_OF, limit=_TOLD_MAX)


def take_letters_back(work: Work, at: datetime, name: str) -> PostedOutcome:
    """Takes back with each member that the letter of that name, noted at that moment, went to them:
    it waits for them again. The log keeps both. Refused with letters_back where nothing is left of
    it."""

    def act() -> PostedOutcome:
        ids = contacts.of_posting(work.uow, at, name)
        for member_id in ids:
            members.lock(work.uow, member_id)
        ids = contacts.of_posting(work.uow, at, name)
        contacts.take_back_posting(work.uow, at, name)
        for member_id in ids:
            note(work, "mail_undone", member_id=member_id)
        its = round_now(work)
        if its is not None and name == noted_name(its.begins):
            claims.release(work.uow, done_key(its.begins))
        return PostedOutcome(len(ids)) if ids else PostedOutcome(refused="letters_back")

    return once_for(_POSTED, work, f"letters back {at} {name}", act)


def done_key(begins: date) -> str:
    """Under what it stands that everybody of a round was written to."""
    return f"letters:{begins.isoformat()}"


def is_time(work: Work) -> bool:
    """Whether a round is open of which somebody may wait for the letter."""
    its = round_now(work)
    return its is not None and not claims.is_claimed(work.uow, done_key(its.begins))
