"""Reviews: stars first, then words; then whether, and under which name, they may be shown. What is
said earns the same, and everybody is shown the same way on."""

from bot.line.messages import Button, Message, PostbackAction, Row, UriAction
from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from handlers.actions.heard.reviewing import (
    WORDS_MAX,
    choose_stars,
    refuse_review,
    reword,
    tell_review,
)
from handlers.actions.recording.outcome import Outcome
from rules.base import Refusal
from rules.heard.stars import STARS, stars_line

from .. import parts, postbacks
from ..context import SILENCE, Answer, Turn
from ..conversation import conversation, takes_all
from ..letters import is_newest, letter_key
from ..postbacks import Params, whole_number
from .my_reviews import consent_question, mine, reference

REVIEW = "review"


@conversation(REVIEW, takes_text=takes_all, is_talk=True, letter=REVIEW)
def review(turn: Turn, params: Params) -> Answer:
    """Asks for stars; with `stars`, for words; with a typed `text`, takes it. `of` names a review
    of theirs that is written anew."""
    words, of = params.get("text", "").strip(), mine(turn, params.get("of", ""))
    if words and turn.was_asked(REVIEW) and turn.message_id:
        return _take(turn, words, turn.message_id)
    stars = whole_number(params, "stars")
    if stars not in STARS:
        refused = None if of else refuse_review(turn.work, turn.member.id)
        return _not_now(turn, refused) if refused else _ask_stars(turn, of)
    if refused := choose_stars(turn.work, turn.member.id, stars, of=of):
        return _not_now(turn, refused)
    turn.ask(REVIEW)
    question = parts.notice(
        turn,
        title=stars_line(stars),
        body=turn.say("review.ask_words", most=WORDS_MAX),
        buttons=(parts.cancel(turn),),
    )
    return parts.answer_of(question)


@conversation("review_edited", by_tap=False, for_leavers=True, letter=REVIEW)
def review_edited(turn: Turn, params: Params) -> Answer:
    """The message that had the words of a review was edited in the chat: so are they."""
    told = reviews.by_key(turn.uow, letter_key(turn.message_id or "", REVIEW))
    if told is None or not is_newest(turn):
        return SILENCE
    refused = reword(turn.work, told, turn.wrote(params["text"]))
    said = parts.refusal(turn, refused.code) if refused else turn.say("review.changed")
    return parts.answer_of(parts.text(turn, said, then=("my_reviews", "card")))


def _not_now(turn: Turn, refused: Refusal) -> Answer:
    no = parts.refusal(turn, refused.code, refused.again_at)
    return parts.answer_of(parts.text(turn, no, then=("my_reviews", "feedback", "card")))


def _ask_stars(turn: Turn, of: Review | None) -> Answer:
    again = {"of": reference(turn, of)} if of else {}
    rows = tuple(_stars_row(turn, stars, again) for stars in reversed(STARS))
    question = parts.listing(
        turn,
        title=turn.say("review.title"),
        subtitle=turn.say("review.ask_stars"),
        rows=rows,
        hint=turn.say("review.alike"),
        then=("my_reviews", "complaint", "card"),
    )
    return parts.answer_of(question)


def _stars_row(turn: Turn, stars: int, again: dict[str, str]) -> Row:
    line = stars_line(stars)
    data = postbacks.data(REVIEW, stars=stars, **again)
    choose = PostbackAction(turn.say("button.choose"), data, line)
    return Row(left=line, note=turn.say(f"review.stars.{stars}"), action=choose)


def _take(turn: Turn, words: str, message_id: str) -> Answer:
    key = letter_key(message_id, REVIEW)
    outcome = tell_review(turn.work.under(key), turn.member.id, turn.wrote(words))
    if outcome.refused == "review_closed":
        return _ask_stars(turn, None)
    if outcome.refused:
        turn.ask(REVIEW)
        return parts.answer_of(parts.text(turn, parts.refusal(turn, outcome.refused)))
    turn.ask(None)
    told = reviews.by_key(turn.uow, key)
    thanks = parts.answer_of(_thanks(turn, outcome, told), must_reach=bool(outcome.points))
    if told is None or told.is_agreed or turn.shares:
        return thanks
    return parts.both_answers(thanks, parts.answer_of(consent_question(turn, told)))


def _thanks(turn: Turn, outcome: Outcome, told: Review | None) -> Message:
    is_new = told is not None and told.edited_at is None
    taken = "thanks" if is_new else "changed"
    waits = turn.say("review.waits") if outcome.waiting else ""
    total = turn.say("total", total=turn.amount(outcome.balance))
    url = turn.programme.shop.review_url
    elsewhere = UriAction(turn.say("button.review_elsewhere"), url) if url else None
    return parts.notice(
        turn,
        title=turn.say(f"review.{taken}_title"),
        body=turn.words.sentences([turn.say(f"review.{taken}"), waits]),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=total if outcome.points else "",
        note=turn.say("review.elsewhere") if url else "",
        buttons=(Button(elsewhere, "link"),) if elsewhere else (),
        then=("my_reviews", "card", "points"),
    )
