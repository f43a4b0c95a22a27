"""The words about the inner circle; whom a step up the ladder brings a seat is asked with it. Each
is looked at once more before it goes out."""

from datetime import datetime

from bot.line.actions import PostbackAction
from bot.line.messages import list_message, notice_message
from bot.line.views import Button, NoticeMessage, Row
from handlers.actions.telling.circle_messages import (
    SayOfTrial,
    SayTrialInvite,
    SayTrialOutcome,
    SayTrialQuestions,
)
from handlers.showing.circle_views import invitation
from handlers.showing.photos import photo_in_message
from handlers.showing.trials import TrialForMember, share_line, trial_message
from handlers.showing.viewer import Viewer
from rules.events.circle import is_asked_now
from rules.events.trial import TrialPart
from rules.explaining.event_questions import questions_of

from .circle_at_hand import CircleAtHand
from .journey_wording import WordedMessage
from .promises import SurveyAsked


def with_question(
    worded: WordedMessage | None, reader: Viewer, before: str | None, at_hand: CircleAtHand
) -> WordedMessage | None:
    """The message of a step up from `before`, and below it the question whether they come in, where
    it is the step that brings it."""
    rank, seat = reader.facts.rank.id, at_hand.seats.get(reader.member.id)
    if worded is None or not is_asked_now(reader.programme, before, rank, seat):
        return worded
    asked = invitation(reader)
    return WordedMessage([*worded.messages, notice_message(asked)]) if asked else worded


def asked_in(reader: Viewer, at_hand: CircleAtHand) -> WordedMessage | None:
    """The question by itself; None for whom it isn't open to any more."""
    seat = at_hand.seats.get(reader.member.id)
    view = invitation(reader) if seat is not None and seat.state == "invited" else None
    return WordedMessage([notice_message(view)]) if view else None


def trial_news(
    say: SayOfTrial, reader: Viewer, at_hand: CircleAtHand, now: datetime
) -> WordedMessage | None:
    """What is said of a trial; None where it isn't so any more, or they left the circle."""
    me = reader.member.id
    stored, seat = at_hand.trials.get(say.trial), at_hand.seats.get(me)
    if stored is None or seat is None or not seat.is_in or reader.programme.circle is None:
        return None
    part = at_hand.parts.get((me, say.trial), TrialPart(me, say.trial))
    each = TrialForMember(stored, part, at_hand.figures[say.trial], now)
    match say:
        case SayTrialInvite():
            is_open = stored.state == "open" and not each.is_over
            return WordedMessage([list_message(trial_message(reader, each))]) if is_open else None
        case SayTrialQuestions():
            return _questions(say, reader, each)
        case SayTrialOutcome():
            return _outcome(reader, each) if stored.outcome else None
        case _:
            is_off = stored.state == "cancelled" and each.took_part
            return WordedMessage([notice_message(_notice("off", reader, each))]) if is_off else None


def _questions(
    say: SayTrialQuestions, reader: Viewer, each: TrialForMember
) -> WordedMessage | None:
    survey = questions_of(each.id, each.stored.trial.survey)
    is_there = each.stored.trial.survey is None or reader.programme.survey(survey) is not None
    if each.part.fetched_at is None or not is_there:
        return None
    data = f"do=questions&of={survey}&card={reader.member.number}"
    view = _notice("questions", reader, each, Button(_tap(reader, "questions", data)))
    return WordedMessage([notice_message(view)], SurveyAsked(survey, say.journey()))


def _outcome(reader: Viewer, each: TrialForMember) -> WordedMessage:
    """What the owner wrote, and how many voted how."""
    words, trial = reader.words, each.stored.trial
    said = each.stored.outcome.in_(reader.lang) if each.stored.outcome else ""
    rows = [
        Row(
            left=choice.name.in_(reader.lang),
            right=share_line(reader, each, choice.id),
            picture=photo_in_message(reader, choice.picture),
        )
        for choice in trial.choices
    ]
    view = NoticeMessage(
        title=words.say("push.trials.outcome.title", trial=trial.title.in_(reader.lang)),
        body=said,
        rows=tuple(rows),
        picture=photo_in_message(reader, trial.picture),
        accent=reader.accent,
    )
    return WordedMessage([notice_message(view)])


def _notice(text: str, reader: Viewer, each: TrialForMember, *buttons: Button) -> NoticeMessage:
    title = each.stored.trial.title.in_(reader.lang)
    return NoticeMessage(
        title=reader.words.say(f"push.trials.{text}.title", trial=title),
        body=reader.words.say(f"push.trials.{text}.body"),
        buttons=buttons,
        accent=reader.accent,
    )


def _tap(reader: Viewer, label: str, data: str) -> PostbackAction:
    said = reader.words.say(f"chat.button.{label}")
    return PostbackAction(said, data, said)
