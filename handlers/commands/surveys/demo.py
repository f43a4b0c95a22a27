"""What members of the demo club answered, so that there is something to look at.

Each was asked at a moment of their own year, and answers as people do: mostly kindly, not always to
the end.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from bot.store.finding import due_members
from bot.store.heard import surveys
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages.inbox import ChatText
from handlers.actions.heard.asking import GivenWord, answer_question, ask_survey
from handlers.actions.recording.work import Work
from handlers.club import Club
from rules.heard.surveys import Question, Survey

_SEED = 2026
#: One in so many was asked …
_ASKED_EVERY = 2
#: … and of these so many in ten begin to answer.
_BEGIN = 6
#: How often before the last visit somebody was asked how they were content, and how far apart.
_AGAIN, _APART = 5, timedelta(days=46)
#: Nobody is so disappointed that the demo's inbox were full of it.
_SCALE = (3, 4, 4, 5, 5)
_NPS = (5, 6, 7, 7, 8, 8, 8, 9, 9, 10)


def answer_surveys(club: Club) -> None:
    """Puts the surveys of the programme in force to some members, who answer or don't."""
    random = Random(_SEED)  # noqa: S311 - a demo, not a secret
    everybody = list(due_members.everyone(club.store))[::_ASKED_EVERY]
    with club.work() as work:
        for member_id in everybody:
            member = members.get(work.uow, member_id)
            if member is not None and member.line_user_id is not None:
                _ask_all(work, member, random)
        work.recorded.clear()


def _ask_all(work: Work, member: Member, random: Random) -> None:
    for survey in work.programme.surveys:
        for at in _moments(work, member, survey, random):
            answers = random.randrange(10) < _BEGIN
            if survey.kind != "expectation":
                ask_survey(work, member.id, survey, by="after_visit", at=at)
            elif answers:
                # Nobody asked: they began by themselves.
                ask_survey(work, member.id, survey, by="", at=at)
            if answers:
                _answer(work, member, survey, at + timedelta(hours=random.randint(1, 30)), random)


def _moments(work: Work, member: Member, survey: Survey, random: Random) -> Iterator[datetime]:
    """When they were asked: some of it several times in their year."""
    at = _moment(work, member, survey, random)
    if at is None:
        return
    opens = work.programme.shop.opens(member.facts.joined_on)
    again = _AGAIN if survey.kind in ("satisfaction", "nps") else 0
    for back in range(again, -1, -1):
        then = at - back * _APART
        if opens < then < work.now:
            yield then


def _moment(work: Work, member: Member, survey: Survey, random: Random) -> datetime | None:
    """When they were asked; None where they weren't."""
    facts, shop = member.facts, work.programme.shop
    noon, day = timedelta(hours=8), timedelta(days=1)
    if survey.kind == "expectation":
        return shop.opens(facts.joined_on) + noon / 2
    if survey.kind == "experience":
        return shop.opens(facts.first_visit_on + 2 * day) + noon if facts.first_visit_on else None
    if survey.kind == "monitor" or facts.last_visit_on is None or facts.visits < 3:
        return None
    return shop.opens(facts.last_visit_on + day) + noon + random.randint(0, 60) * day / 1440


def _answer(work: Work, member: Member, survey: Survey, at: datetime, random: Random) -> None:
    which = surveys.last(work.uow, (member.id,), survey.id)
    if which is None or at >= work.now:
        return
    for question in survey.questions:
        surveys.put_question(work.uow, which, question.id, at=at)
        if random.randrange(12) == 0:
            return
        said = ChatText("", member.line_user_id, at)
        answer_question(work, which, survey, _given(survey, question, said, random))


def _given(survey: Survey, question: Question, said: ChatText, random: Random) -> GivenWord:
    if question.kind == "scale":
        number = random.choice(_NPS if survey.kind == "nps" else _SCALE)
        return GivenWord(question, said, number=number)
    if question.kind == "choice":
        return GivenWord(question, said, choice=random.choice(question.choices).id)
    return GivenWord(question, said, words=random.choice(_WORDS))


_WORDS = (
    "いつもの席で落ち着けました。", "豆の話が楽しかったです。",
    "もう少し早くから開いているとうれしいです。",
    "焼き菓子がおいしかったです。", "静かで、仕事がはかどりました。",
)  # fmt: skip
