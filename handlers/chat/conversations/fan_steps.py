"""The fan steps: the invitation answered, and how far one is."""

from typing import Final

from bot.line.messages import Button, Row
from handlers.actions.profile.fan_steps import FanAnswer, answer_fan_steps
from rules.explaining.fan_words import FanStepView, FanView, fan_view

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

LADDER: Final = "fan_steps"
#: Where each step is done in the chat; a visit is done at the counter.
_DOORS = {
    "visit": "card",
    "profile": "profile",
    "event": "events",
    "newsletter": "newsletter",
    "review": "review",
}


@conversation(LADDER)
def fan_steps(turn: Turn, _params: Params) -> Answer:
    """「ファンステップ」: the ladder as it stands."""
    view = fan_view(turn.words, turn.facts, turn.day)
    if view is None:
        return _no(turn, "fan_steps_none")
    return _shown(turn, view, title=turn.words.say("fan.title"))


@conversation("fan_steps_begin", of_owner=True)
def fan_steps_begin(turn: Turn, _params: Params) -> Answer:
    return _answered(turn, accepted=True)


@conversation("fan_steps_decline", of_owner=True)
def fan_steps_decline(turn: Turn, _params: Params) -> Answer:
    return _answered(turn, accepted=False)


def _answered(turn: Turn, *, accepted: bool) -> Answer:
    said = FanAnswer(turn.member.id, accepted, turn.at)
    outcome = answer_fan_steps(turn.under("fan_steps"), said)
    if outcome.refused is not None:
        return _no(turn, outcome.refused)
    turn = turn.again()
    view = fan_view(turn.words, turn.facts, turn.day)
    if view is None:
        return _no(turn, "fan_steps_none")
    say = turn.words.say
    if view.state == "declined":
        return parts.answer_of(
            parts.notice(
                turn,
                title=say("fan.now.declined"),
                body=say("fan.now.declined_body"),
                then=("card", "rewards", "earn"),
            ),
            must_reach=True,
        )
    begins = view.state == "climbing" and outcome.seq > 0
    return _shown(turn, view, title=say("fan.now.begun" if begins else "fan.title"))


def _shown(turn: Turn, view: FanView, *, title: str) -> Answer:
    climbs = view.state == "climbing"
    has_begun = view.state in ("climbing", "done")
    message = parts.notice(
        turn,
        title=title,
        body=view.lead,
        rows=tuple(_row(step, has_begun=has_begun) for step in view.steps),
        next_step=view.next,
        progress=view.had / len(view.steps) if climbs else None,
        progress_caption=view.line if climbs else "",
        note="\n".join(filter(None, (view.gift, turn.words.say("fan.word") if climbs else ""))),
        buttons=buttons(turn, view),
        then=(*_doors(view), "card", "badges", "rewards"),
    )
    return parts.answer_of(message, must_reach=True)


def buttons(turn: Turn, view: FanView) -> tuple[Button, ...]:
    """The two answers to an invitation; one to go on with what was left for now."""
    if turn.shares or not view.may_begin:
        return ()
    begin = Button(parts.button(turn, "fan_steps_begin", "fan_steps_begin"))
    if not view.may_stop:
        return (begin,)
    return (begin, Button(parts.button(turn, "fan_steps_decline", "fan_steps_decline"), "link"))


def _row(step: FanStepView, *, has_begun: bool) -> Row:
    if not has_begun:
        return Row(left=step.name)
    sign = "✅" if step.is_done else "⬜"
    return Row(left=f"{sign} {step.name}", right=step.mark, muted=step.is_done)


def _doors(view: FanView) -> tuple[str, ...]:
    """Where the steps that are left are done, the next one first."""
    if view.state != "climbing":
        return ()
    doors = (_DOORS[step.step] for step in view.steps if not step.is_done)
    return tuple(door for door in dict.fromkeys(doors) if door != "card")[:2]


def _no(turn: Turn, code: str) -> Answer:
    said = parts.text(turn, parts.refusal(turn, code), then=("card", "rank", "badges"))
    return parts.answer_of(said)
