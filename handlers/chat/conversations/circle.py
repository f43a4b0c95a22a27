"""The inner circle: what it is, a yes or no to a seat in it, leaving it, and what it tries."""

from typing import Final

from bot.line.messages import Button, Message, list_message, notice_message
from bot.store.events import seats
from handlers.actions.events.circle import SeatAnswer, SeatOutcome, answer_seat, leave_circle
from handlers.actions.events.taking_part import PartOutcome, PartWish, take_sample, vote
from handlers.showing.circle_views import circle_name, invitation, way_in
from handlers.showing.trials import trial_for, trial_message, trials_for
from rules.events.circle import is_asked_now, may_join

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number
from .card import card_message_of

CIRCLE: Final = "circle"
_LEAVE: Final = "circle_leave"
#: So many of what is tried stand below what the circle is.
_TRIALS_MAX = 3
_NEXT = ("card", "rewards", "events")


@conversation(CIRCLE)
def circle(turn: Turn, _params: Params) -> Answer:
    """How they stand to it."""
    its = turn.programme.circle
    if its is None:
        return parts.answer_of(card_message_of(turn))
    seat = seats.get(turn.uow, turn.member.id)
    if seat is not None and seat.is_in:
        return _inside(turn)
    if turn.shares or may_join(turn.programme, turn.facts.rank.id, seat) is not None:
        return _look(turn)
    asked = invitation(turn)
    return parts.answer_of(notice_message(asked)) if asked else _look(turn)


def _inside(turn: Turn) -> Answer:
    its = turn.programme.circle
    button = Button(parts.button(turn, _LEAVE, _LEAVE), "link")
    message = parts.notice(
        turn,
        title=turn.say("circle.in_title", circle=circle_name(turn)),
        body=turn.words.name(its.about) if its else "",
        note=turn.say("circle.in_note"),
        buttons=() if turn.shares else (button,),
        then=_NEXT,
    )
    found = trials_for(turn, turn.uow, turn.now)[:_TRIALS_MAX]
    tried = [list_message(trial_message(turn, each)) for each in found]
    return (
        parts.both_answers(Answer((message,)), Answer(tuple(tried)))
        if tried
        else Answer((message,))
    )


def _look(turn: Turn) -> Answer:
    """What it is, to whom it isn't open: a rank brings it, or the shop asks."""
    its = turn.programme.circle
    message = parts.notice(
        turn,
        title=circle_name(turn),
        body=turn.words.name(its.about) if its else "",
        note=way_in(turn),
        then=("rank", "card"),
    )
    return parts.answer_of(message)


@conversation("circle_answer", of_owner=True)
def circle_answer(turn: Turn, params: Params) -> Answer:
    """Yes or no to the question, by one tap (`yes` 1 or 0)."""
    answer = SeatAnswer(turn.member.id, params.get("yes") == "1", "chat")
    return _after(turn, answer_seat(turn.under(CIRCLE), answer))


@conversation(_LEAVE, of_owner=True)
def circle_leave(turn: Turn, params: Params) -> Answer:
    """Asked about once, then the seat is given back."""
    seat = seats.get(turn.uow, turn.member.id)
    if seat is None or not seat.is_in or turn.programme.circle is None:
        said = turn.say("circle.not_in", circle=circle_name(turn))
        return parts.answer_of(parts.text(turn, said, then=_NEXT))
    if "yes" in params and turn.was_asked(_LEAVE):
        turn.ask(None)
        return _after(turn, leave_circle(turn.under(CIRCLE), turn.member.id, "chat"))
    turn.ask(_LEAVE)
    question = parts.notice(
        turn,
        title=turn.say("circle.leave_title", circle=circle_name(turn)),
        body=turn.say("circle.leave_body"),
        buttons=(
            Button(parts.button(turn, "circle_leave_yes", _LEAVE, yes=1), "secondary"),
            Button(parts.button(turn, "circle_leave_no", CIRCLE), "link"),
        ),
    )
    return parts.answer_of(question)


@conversation("trial_sample", of_owner=True)
def trial_sample(turn: Turn, params: Params) -> Answer:
    """Takes a sample of the trial `of`."""
    return _takes_part(turn, params, None)


@conversation("trial_vote", of_owner=True)
def trial_vote(turn: Turn, params: Params) -> Answer:
    """Votes in the trial `of` for its choice `c`; another tap changes it, up to the end."""
    return _takes_part(turn, params, params.get("c", ""))


def _takes_part(turn: Turn, params: Params, choice: str | None) -> Answer:
    wish = PartWish(turn.member.id, whole_number(params, "of") or 0, "chat", choice)
    do = take_sample if choice is None else vote
    outcome = do(turn.under("trial"), wish)
    found = trial_for(turn.again(), turn.uow, wish.trial_id, turn.now)
    if outcome.refused is not None or found is None:
        no = parts.refusal(turn, outcome.refused or "trial_gone")
        return parts.answer_of(parts.text(turn, no, then=(CIRCLE, "card")), must_reach=True)
    until = turn.programme.shop.local(found.stored.trial.ends_at)
    said = turn.say(f"trials.{_said(outcome, choice)}", until=until)
    view = trial_message(turn.again(), found, said=said)
    message = list_message(view, parts.quick(turn, CIRCLE, "rewards", "card"))
    return parts.answer_of(message, must_reach=True)


def _said(outcome: PartOutcome, choice: str | None) -> str:
    """Which text says how it went."""
    if choice is not None and outcome.changed:
        return "changed"
    done = "sampled" if choice is None else "voted"
    return f"{done}_again" if outcome.again else done


def _after(turn: Turn, outcome: SeatOutcome) -> Answer:
    """How it went."""
    if outcome.refused is not None:
        no = parts.refusal(turn, outcome.refused)
        return parts.answer_of(parts.text(turn, no, then=_NEXT), must_reach=True)
    name, state = circle_name(turn), outcome.state or "left"
    message = parts.notice(
        turn,
        title=turn.say(f"circle.now.{state}.title", circle=name),
        body=turn.say(f"circle.now.{state}.body", circle=name),
        then=(CIRCLE, *_NEXT[:2]),
    )
    return parts.answer_of(message, must_reach=True)


def question_after(turn: Turn) -> Message | None:
    """Whether they come in, where what they just did brought the rank by which one is asked."""
    steps = [
        change
        for each in turn.work.recorded
        if each.before.id == turn.member.id
        for change in each.outcome.rank_changes
    ]
    if not steps or turn.shares:
        return None
    seat = seats.get(turn.uow, turn.member.id)
    if not is_asked_now(turn.programme, steps[0].before, steps[-1].after, seat):
        return None
    asked = invitation(turn)
    return notice_message(asked) if asked else None


def with_question(turn: Turn, answer: Answer) -> Answer:
    """The answer, and below it the question whether they come in, where it is asked."""
    asked = question_after(turn)
    return parts.both_answers(answer, parts.answer_of(asked, must_reach=True)) if asked else answer
