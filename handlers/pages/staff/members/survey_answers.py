"""What a member answered to surveys, with its date, as the staff see it."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.heard import surveys
from bot.store.members import mergers
from bot.store.members.members import Member
from handlers.showing.survey_answers import AnswerLine, answer_line

from ..frame.words import words_now

_SHOWN_MAX = 20


def answers_of(uow: UnitOfWork, who: Member) -> list[tuple[datetime, AnswerLine]]:
    """The newest answers of the member, whichever of their cards they were given with."""
    words = words_now()
    found = surveys.of_cards(uow, mergers.with_absorbed(uow, who.id), limit=_SHOWN_MAX)
    return [(given.answer.at, answer_line(words, given)) for given in found]
