"""Surveys in the chat: one question a message, left at any time and taken up again.

A tap answers, and so does a typed number, choice or word. Old buttons stay in people's chats: an
answer changes what was answered before as long as the round can be answered at all.
"""

import re
from dataclasses import replace
from typing import Final

from bot.line.messages import Button, Message, PostbackAction, Row
from bot.line.scale import ScaleMessage, scale_message
from bot.store.heard import surveys
from bot.store.heard.surveys import MemberRound
from bot.store.members import consents, mergers
from bot.store.members.members import Member
from handlers.actions.heard.asking import (
    GivenWord,
    Progress,
    answer_question,
    begin_survey,
    lacks_consent,
    next_question,
    put_right,
)
from rules.characters import as_typed
from rules.explaining.event_questions import survey_named
from rules.heard.surveys import Question, Respondent, Survey, not_for
from rules.profile.steps import wording_mark

from .. import parts, postbacks
from ..context import SILENCE, Answer, Turn
from ..conversation import conversation, takes_all
from ..letters import is_newest, letter_key
from ..postbacks import Params, whole_number
from . import cards, unknown
from .feedback import feedback

OPEN, QUESTION = "questions", "question"
_LETTER: Final = "answer"
_NUMBER = re.compile(r"(\d{1,2}) ?(?:点|/ ?\d{1,2})?")


@conversation(OPEN)
def questions(turn: Turn, params: Params) -> Answer:
    """The next question of the survey `of`; of whichever is open where none is named. `later`
    leaves it."""
    of_card = _of_card(turn, params)
    if of_card is None or of_card.shares:
        return _say(turn, "not_yours" if of_card else "over")
    turn = of_card
    survey = survey_named(turn.programme, params.get("of", ""))
    if "later" in params:
        turn.ask(None)
        return _say(turn, "later")
    if "of" in params:
        return _open(turn, survey) if survey else _say(turn, "over")
    return _open_any(turn)


@conversation(QUESTION, takes_text=takes_all, is_talk=True, letter=_LETTER)
def question(turn: Turn, params: Params) -> Answer:
    """An answer by a tap: `n` names the round of the survey `of`, `q` the question, `v` the answer;
    `skip` passes over it, `agree` gives the consent it needs: the mark of the words that were
    shown, and will be again where they are others by now. Or a typed `text`."""
    if "text" in params and turn.was_asked(QUESTION):
        return _take_text(turn, params["text"])
    of_card, survey = _of_card(turn, params), survey_named(turn.programme, params.get("of", ""))
    if of_card is None or of_card.shares or survey is None:
        return _say(turn, "not_yours" if of_card and survey else "over")
    turn = of_card
    which = surveys.last(turn.uow, mergers.with_absorbed(turn.uow, turn.member.id), survey.id)
    if which is None or which.round.n != whole_number(params, "n"):
        return _say(turn, "over")
    if refused := _refused(turn, survey, which):
        return _say(turn, refused)
    asked = survey.question(params.get("q", ""))
    if asked is None:
        return _next(turn, survey, which)
    wording = asked.consent.in_(turn.lang) if asked.consent else ""
    if wording and params.get("agree") == wording_mark(wording):
        consents.note(
            turn.uow, turn.member.id, "survey", channel="line", wording=wording, at=turn.at
        )
    given = _tapped(turn, asked, params)
    needs_consent = "skip" not in params and lacks_consent(turn.uow, turn.member.id, asked)
    if given is None or needs_consent:
        return _put(turn, survey, which, asked)
    return _take(turn, survey, which, given)


@conversation("answer_edited", by_tap=False, letter=_LETTER)
def answer_edited(turn: Turn, params: Params) -> Answer:
    """A message that answered a question was edited: so is the answer, if it still is one."""
    key = letter_key(turn.message_id or "", _LETTER)
    before = surveys.by_key(turn.uow, key)
    survey = survey_named(turn.programme, before.survey) if before else None
    asked = survey.question(before.answer.question) if survey and before else None
    if not before or not survey or not asked or not is_newest(turn):
        return SILENCE
    given = _typed(turn, asked, params["text"])
    done = put_right(turn.work, before, survey, given) if given else None
    return _say(turn, "changed") if done else SILENCE


def _of_card(turn: Turn, params: Params) -> Turn | None:
    """The turn about the card that the button is of; None where that isn't theirs, or no more."""
    if "card" not in params:
        return turn
    card = cards.of_number(turn, params["card"])
    if card is None:
        return None
    return turn if card.id == turn.member.id else turn.about(card)


def _open_any(turn: Turn) -> Answer:
    """What was put to them last and isn't finished; else what they may begin by themselves."""
    if not turn.programme.surveys:
        return feedback(turn, {})
    mine = mergers.with_absorbed(turn.uow, turn.member.id)
    for which in surveys.unfinished(turn.uow, mine):
        survey = survey_named(turn.programme, which.survey)
        if survey and _refused(turn, survey, which) is None:
            return _next(turn, survey, which)
    for survey in turn.programme.surveys:
        if survey.opens_at_a_wish and not_for(survey, _respondent(turn), turn.day) is None:
            begun = begin_survey(turn.work, turn.member.id, survey)
            if begun is not None:
                return _next(turn, survey, begun)
    turn.ask(None)
    return parts.answer_of(parts.text(turn, turn.say("questions.none"), then=("feedback", "card")))


def _open(turn: Turn, survey: Survey) -> Answer:
    which = surveys.last(turn.uow, mergers.with_absorbed(turn.uow, turn.member.id), survey.id)
    if which is not None and _refused(turn, survey, which) is None:
        return _next(turn, survey, which)
    if survey.opens_at_a_wish:
        if no := not_for(survey, _respondent(turn), turn.day):
            return _say(turn, no)
        begun = begin_survey(turn.work, turn.member.id, survey)
        if begun is not None:
            return _next(turn, survey, begun)
    return _say(turn, "answered" if which and which.round.finished_at else "over")


def _refused(turn: Turn, survey: Survey, which: MemberRound) -> str | None:
    """Why that round can't be answered any more."""
    if not which.round.is_valid(survey, turn.now):
        return "over"
    no = not_for(survey, _respondent(turn), turn.day)
    return no if no == "came_already" else None


def _respondent(turn: Turn) -> Respondent:
    facts = turn.facts
    return Respondent(facts.rank.id, facts.joined_on, facts.first_visit_on)


def _next(turn: Turn, survey: Survey, which: MemberRound) -> Answer:
    asked = next_question(turn.uow, survey, which)
    if asked is not None:
        return _put(turn, survey, which, asked)
    turn.ask(None)
    if which.round.finished_at is None:
        # What was left to ask is gone from the programme.
        surveys.finish(turn.uow, which, at=turn.at)
    return _say(turn, "answered")


def _put(turn: Turn, survey: Survey, which: MemberRound, asked: Question) -> Answer:
    """Puts that question, or first what is agreed to."""
    surveys.put_question(turn.uow, which, asked.id, at=turn.at)
    turn.ask(QUESTION)
    if lacks_consent(turn.uow, turn.member.id, asked):
        return parts.answer_of(_consent(turn, survey, which, asked))
    build = {"scale": _scale, "choice": _choices, "words": _words}[asked.kind]
    return parts.answer_of(build(turn, survey, which, asked))


def _consent(turn: Turn, survey: Survey, which: MemberRound, asked: Question) -> Message:
    wording = asked.consent.in_(turn.lang) if asked.consent else ""
    return parts.notice(
        turn,
        title=turn.words.name(survey.title),
        body=f"{turn.words.name(asked.text)}\n\n{wording}",
        buttons=(
            Button(_tap(turn, which, asked, "questions_agree", agree=wording_mark(wording))),
            Button(_tap(turn, which, asked, "questions_skip", skip=1), "link"),
            _later(turn),
        ),
    )


def _scale(turn: Turn, survey: Survey, which: MemberRound, asked: Question) -> Message:
    ends = [turn.words.name(end) if end else "" for end in (asked.least_means, asked.most_means)]
    view = ScaleMessage(
        title=turn.words.name(survey.title),
        subtitle=_progress(turn, survey, asked),
        question=turn.words.name(asked.text),
        cells=tuple(_cell(turn, which, asked, number) for number in asked.values),
        ends=(ends[0], ends[1]),
        buttons=(_later(turn),),
        accent=turn.accent,
    )
    return scale_message(view)


def _cell(turn: Turn, which: MemberRound, asked: Question, number: int) -> PostbackAction:
    return PostbackAction(str(number), _data(turn, which, asked, v=number), str(number))


def _choices(turn: Turn, survey: Survey, which: MemberRound, asked: Question) -> Message:
    rows = []
    for choice in asked.choices:
        name, data = turn.words.name(choice.name), _data(turn, which, asked, v=choice.id)
        choose = PostbackAction(turn.say("button.choose"), data, name)
        rows.append(Row(left=name, action=choose))
    return parts.listing(
        turn,
        title=turn.words.name(asked.text),
        subtitle=f"{turn.words.name(survey.title)} {_progress(turn, survey, asked)}",
        rows=tuple(rows),
        buttons=(_later(turn),),
    )


def _words(turn: Turn, survey: Survey, which: MemberRound, asked: Question) -> Message:
    return parts.notice(
        turn,
        title=turn.words.name(survey.title),
        body=f"{turn.words.name(asked.text)}\n\n{turn.say('questions.write')}",
        note=_progress(turn, survey, asked),
        buttons=(
            Button(_tap(turn, which, asked, "questions_skip", skip=1), "secondary"),
            _later(turn),
        ),
    )


def _progress(turn: Turn, survey: Survey, asked: Question) -> str:
    """Which of how many; nothing where there is but one."""
    count = len(survey.questions)
    place = survey.questions.index(asked) + 1
    return turn.say("questions.progress", place=place, count=count) if count > 1 else ""


def _later(turn: Turn) -> Button:
    return Button(parts.button(turn, "questions_later", OPEN, later=1), "link")


def _tap(
    turn: Turn, which: MemberRound, asked: Question, label: str, **params: str | int
) -> PostbackAction:
    words = turn.say(f"button.{label}")
    return PostbackAction(words, _data(turn, which, asked, **params), words)


def _data(turn: Turn, which: MemberRound, asked: Question, **params: str | int) -> str:
    return postbacks.data(
        QUESTION, of=which.survey, n=which.round.n, q=asked.id, card=turn.member.number, **params
    )


def _tapped(turn: Turn, asked: Question, params: Params) -> GivenWord | None:
    """What the tap answered; None for nothing that the question can be answered with now."""
    if "skip" in params and (asked.kind == "words" or asked.consent is not None):
        return GivenWord(asked, turn.wrote(""))
    if asked.kind == "scale":
        return _of_scale(turn, asked, whole_number(params, "v"))
    return _of_choice(turn, asked, params.get("v", ""))


def _typed(turn: Turn, asked: Question, text: str) -> GivenWord | None:
    """What the text answered; None where it is no answer to that."""
    key, plain = letter_key(turn.message_id or turn.event_id, _LETTER), as_typed(text).strip()
    if asked.kind == "words":
        return GivenWord(asked, turn.wrote(text), words=text, key=key) if plain else None
    number = _NUMBER.fullmatch(plain)
    if asked.kind == "scale":
        given = _of_scale(turn, asked, int(number[1]) if number else None)
    else:
        given = _of_choice(turn, asked, _chosen(turn, asked, plain, number))
    return replace(given, key=key) if given else None


def _chosen(turn: Turn, asked: Question, plain: str, number: re.Match[str] | None) -> str:
    """The id of the choice that is named, or whose place in the row is."""
    if number and 1 <= int(number[1]) <= len(asked.choices):
        return asked.choices[int(number[1]) - 1].id
    names = {as_typed(turn.words.name(each.name)).lower(): each.id for each in asked.choices}
    return names.get(plain.lower(), "")


def _of_scale(turn: Turn, asked: Question, number: int | None) -> GivenWord | None:
    if number is None or number not in asked.values:
        return None
    said = f"{turn.words.name(asked.text)}\n{number} / {asked.most}"
    return GivenWord(asked, turn.wrote(said), number=number)


def _of_choice(turn: Turn, asked: Question, choice: str) -> GivenWord | None:
    found = asked.choice(choice)
    if found is None:
        return None
    said = f"{turn.words.name(asked.text)}\n{turn.words.name(found.name)}"
    return GivenWord(asked, turn.wrote(said), choice=found.id)


def _take_text(turn: Turn, text: str) -> Answer:
    """A text answers what was put to them last, whichever card of theirs it was about. What is no
    answer to it is said to people."""
    owners = _own_cards(turn)
    which = next((each for each in surveys.unfinished(turn.uow, owners) if each.asking), None)
    if which is not None and owners[which.member_id].id != turn.member.id:
        turn = turn.about(owners[which.member_id])
    survey = survey_named(turn.programme, which.survey) if which else None
    if which is None or survey is None or _refused(turn, survey, which):
        turn.ask(None)
        return unknown.unknown(turn, {"text": text})
    asked = survey.question(which.asking or "")
    if asked is None:
        return _next(turn, survey, which)
    if lacks_consent(turn.uow, turn.member.id, asked):
        return _put(turn, survey, which, asked)
    given = _typed(turn, asked, text)
    if given is None:
        turn.ask(None)
        return unknown.unknown(turn, {"text": text})
    return _take(turn, survey, which, given)


def _own_cards(turn: Turn) -> dict[int, Member]:
    """The cards that are the account's own, by their ids and those put together with them."""
    own = [each for each in cards.of_account(turn) if not each.is_shared_with(turn.account.user_id)]
    return {card: each for each in own for card in mergers.with_absorbed(turn.uow, each.id)}


def _take(turn: Turn, survey: Survey, which: MemberRound, given: GivenWord) -> Answer:
    done = answer_question(turn.work, which, survey, given)
    if done.next is not None:
        return _put(turn, survey, which, done.next)
    turn.ask(None)
    if which.round.finished_at is not None:
        return _say(turn, "changed")
    return _thanks(turn, done)


def _thanks(turn: Turn, done: Progress) -> Answer:
    points = done.outcome.points if done.outcome else 0
    balance = done.outcome.balance if done.outcome else 0
    said = "sorry" if done.is_low else "thanks"
    thanks = parts.notice(
        turn,
        title=turn.say(f"questions.{said}_title"),
        body=turn.say(f"questions.{said}"),
        big=f"+{points:,}" if points else "",
        big_caption=turn.say("total", total=turn.amount(balance)) if points else "",
        then=("card", "points"),
    )
    return parts.answer_of(thanks, must_reach=bool(points))


def _say(turn: Turn, what: str) -> Answer:
    then = ("questions", "card") if what == "later" else ("card", "feedback")
    return parts.answer_of(parts.text(turn, turn.say(f"questions.{what}"), then=then))
