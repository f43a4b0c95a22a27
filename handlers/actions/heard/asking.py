"""Surveys: put to a member, begun, and answered question by question.

An answer is the member's own and earns the same whatever it says: where the programme takes a
finished survey for feedback, that is when the last question is answered. A low one is put before
the staff at once, all of a round in one case.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.heard import surveys
from bot.store.heard.surveys import GivenAnswer, MemberRound
from bot.store.members import consents, members, mergers
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from rules.activity import Occasion
from rules.heard.surveys import Question, Survey, SurveyAnswer, may_ask

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out
from .hearing import Heard, hear, hear_edited, take_back

#: So much of an answer in words is kept.
WORDS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class GivenWord:
    """What a member answered to a question: on its scale, by its choices, or in words; nothing of
    them where they pass over it."""

    question: Question
    #: The question with what was answered; of words, they alone.
    written: ChatText
    number: int | None = None
    choice: str | None = None
    words: str | None = None
    #: The outside key of what was typed; None for a tap.
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the member is after an answer. `is_low`: they hear from the shop's people. `outcome`:
    what the whole survey brought, once nothing is left to ask; None where it is no feedback."""

    next: Question | None
    is_low: bool
    is_change: bool
    outcome: Outcome | None = None


def ask_survey(work: Work, member_id: int, survey: Survey, *, by: str, at: datetime) -> None:
    """A message of the journey `by` put the survey to the member at `at`: a new round, unless one
    is still going on."""
    member = members.lock(work.uow, member_id)
    cards = mergers.with_absorbed(work.uow, member.id)
    last = surveys.last(work.uow, cards, survey.id)
    if last is None or not last.round.is_open(survey, at):
        surveys.ask(work.uow, cards, survey.id, at=at, by=by)


def begin_survey(work: Work, member_id: int, survey: Survey) -> MemberRound | None:
    """A round that the member begins by themselves; None where it is too soon after the last."""
    member = members.lock(work.uow, member_id)
    cards = mergers.with_absorbed(work.uow, member.id)
    last = surveys.last(work.uow, cards, survey.id)
    if not may_ask(survey, last.round if last else None, work.now):
        return None
    return surveys.ask(work.uow, cards, survey.id, at=work.now, by="")


def next_question(uow: UnitOfWork, survey: Survey, which: MemberRound) -> Question | None:
    """The first that isn't answered in this round."""
    answered = surveys.answers(uow, which)
    return next((each for each in survey.questions if each.id not in answered), None)


def lacks_consent(uow: UnitOfWork, member_id: int, question: Question) -> bool:
    """Whether it may not be answered before the member agrees to it."""
    if question.consent is None:
        return False
    wordings = {question.consent.in_("ja"), question.consent.in_("en")}
    return not consents.agreed_to_survey(uow, member_id, wordings)


def answer_question(work: Work, which: MemberRound, survey: Survey, given: GivenWord) -> Progress:
    """Writes the answer, in place of one before; puts it before the staff where it is low, and what
    they write in that round with it.

    1. The answer is written. 2. A low one opens a case, one for the round; words join it.
    3. Where it was the last one the round is finished, and counts as feedback if it is to.
    """
    member = members.lock(work.uow, which.member_id)
    question, at = given.question, given.written.at
    least, most = question.scale if given.number is not None else (None, None)
    words = _plain(given.words)
    kept = SurveyAnswer(question.id, at, given.number, least, most, given.choice, words, given.key)
    is_change = question.id in surveys.answers(work.uow, which)
    surveys.put(work.uow, which, kept)
    is_low = _put_before_staff(work, which, survey, replace(given, words=words))
    left = next_question(work.uow, survey, which)
    if left is not None or which.round.finished_at is not None:
        return Progress(left, is_low, is_change)
    surveys.finish(work.uow, which, at=at)
    outcome = None
    if survey.is_feedback:
        request = Request(members.keeper(work.uow, member.id), Occasion("feedback"), at)
        key = f"{_round_key(which)}:feedback"
        outcome = once(work.under(key), key, lambda: carry_out(work.under(key), request))
    return Progress(None, is_low, is_change, outcome)


def put_right(work: Work, given: GivenAnswer, survey: Survey, word: GivenWord) -> Progress | None:
    """Writes an edited message's answer in place of what it had said; None where the round is
    over."""
    which = surveys.get(work.uow, given)
    if which is None or not which.round.is_valid(survey, work.now):
        return None
    return answer_question(work, which, survey, word)


def take_back_answer(work: Work, key: str) -> None:
    """Lets go of the answer that was typed under that outside key, and of what was put before the
    staff because of it."""
    given = surveys.by_key(work.uow, key)
    which = surveys.get(work.uow, given) if given else None
    surveys.take_back(work.uow, key)
    if given is not None and which is not None:
        take_back(work, _low_key(which, given.answer.question))


def _plain(words: str | None) -> str | None:
    # PostgreSQL keeps no NUL in a text.
    return None if words is None else words.replace("\0", "").strip()[:WORDS_MAX]


def _round_key(which: MemberRound) -> str:
    return f"survey:{which.member_id}:{which.survey}:{which.round.n}"


def _low_key(which: MemberRound, question: str) -> str:
    return f"{_round_key(which)}:low:{question}"


def _put_before_staff(work: Work, which: MemberRound, survey: Survey, given: GivenWord) -> bool:
    """Whether somebody of the shop is to speak with them about this round. What they write in it,
    before or after a low answer, belongs to the case."""
    key, user_id = _low_key(which, given.question.id), given.written.user_id
    owner = members.keeper(work.uow, which.member_id)
    told = inbox.under_one_of(work.uow, [key, given.key] if given.key else [key])
    if told is not None:
        if told.text != given.written.text:
            hear_edited(work, told, given.written)
    elif given.number is not None and survey.is_low(given.question, given.number):
        hear(work.under(key), Heard(owner, given.written, "message", "low_score"))
    low = [_low_key(which, question.id) for question in survey.questions]
    if inbox.under_one_of(work.uow, low) is None:
        return False
    for answer in surveys.answers(work.uow, which).values():
        if answer.words and answer.key:
            letter = Heard(
                owner, ChatText(answer.words, user_id, answer.at), "message", "low_score"
            )
            hear(work.under(answer.key), letter)
    return True
