"""Why a good customer stays away: asked once by a message, answered at a tap or in their own words.

What they say goes to the staff, what is amiss first. It earns nothing: nobody is to be kind for
points.
"""

from typing import Final

from bot.line.messages import Button, PostbackAction, Row
from bot.store.members import mergers
from bot.store.messages import inbox
from bot.store.messages.inbox import Letter
from handlers.actions.heard.survey import answer_survey
from rules.heard.topics import CaseTopic

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation, takes_all
from ..letters import letter_key
from ..postbacks import Params

QUESTION: Final = "survey"
#: What keeps people away, as the buttons offer it.
REASONS: Final[tuple[CaseTopic, ...]] = ("busy", "far", "price", "service", "another")
#: Something of ours was not as it should be.
_COMPLAINTS = frozenset({"service"})


@conversation("survey", takes_text=takes_all, for_leavers=True, letter="survey")
def survey(turn: Turn, params: Params) -> Answer:
    """The question; with `reason` (one of REASONS, "none" or "end") or a typed `text`, what follows
    on it. Who has answered for this absence is not asked again."""
    before = _answered(turn)
    words, reason = params.get("text", "").strip(), params.get("reason")
    if words and turn.was_asked(QUESTION) and turn.message_id:
        return _take_words(turn, words, turn.message_id, before)
    if reason in ("none", "end"):
        turn.ask(None)
        return _closing(turn, "no_answer" if reason == "none" else "closing")
    if before is not None:
        return _closing(turn, "again", then=("feedback", "card"))
    topic = next((each for each in REASONS if each == reason), None)
    if topic is not None:
        return _take_reason(turn, topic)
    return _ask(turn)


def _answered(turn: Turn) -> Letter | None:
    """Their latest answer since they were last here."""
    since = turn.programme.shop.opens(turn.facts.away_since)
    cards = mergers.with_absorbed(turn.uow, turn.member.id)
    return inbox.latest_survey(turn.uow, user_id=turn.account.user_id, cards=cards, since=since)


def _ask(turn: Turn) -> Answer:
    turn.ask(QUESTION)
    question = parts.listing(
        turn,
        title=turn.say("survey.title"),
        subtitle=turn.say("survey.ask"),
        rows=tuple(_row(turn, reason) for reason in REASONS),
        hint=turn.say("survey.hint"),
    )
    no_answer = parts.button(turn, "survey_none", QUESTION, reason="none")
    return parts.answer_of(parts.with_quick_replies(question, (no_answer,)))


def _row(turn: Turn, reason: str) -> Row:
    said = turn.say(f"survey.reason.{reason}")
    data = postbacks.data(QUESTION, reason=reason)
    return Row(left=said, action=PostbackAction(turn.say("button.choose"), data, said))


def _take_reason(turn: Turn, reason: CaseTopic) -> Answer:
    said = turn.say(f"survey.reason.{reason}")
    answer_survey(
        turn.work.under(f"{turn.work.key}:survey"), turn.member.id, turn.wrote(said),
        complaint=reason in _COMPLAINTS, topic=reason,
    )  # fmt: skip
    turn.ask(QUESTION)
    amiss = reason in _COMPLAINTS
    thanks = parts.notice(
        turn,
        title=turn.say("survey.sorry_title" if amiss else "survey.taken_title"),
        body=turn.say("survey.sorry" if amiss else "survey.taken"),
        buttons=(Button(parts.button(turn, "survey_end", QUESTION, reason="end"), "link"),),
    )
    return parts.answer_of(thanks)


def _take_words(turn: Turn, words: str, message_id: str, before: Letter | None) -> Answer:
    """What they write after a reason belongs to it; without one it stands for itself."""
    turn.ask(None)
    amiss = before is not None and before.complaint
    key = letter_key(message_id, "survey")
    answer_survey(turn.work.under(key), turn.member.id, turn.wrote(words), complaint=amiss)
    return _closing(turn, "closing")


def _closing(turn: Turn, text: str, *, then: tuple[str, ...] = ("card",)) -> Answer:
    return parts.answer_of(parts.text(turn, turn.say(f"survey.{text}"), then=then))
