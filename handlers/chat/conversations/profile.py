"""Profile: what the member told about themselves, and the way to each change."""

from bot.line.messages import Button, PostbackAction, Row
from handlers.showing.birthdays import birthday_words
from handlers.showing.profile_steps import StepView, birthday_why, profile_view
from rules.characters import spaced_number
from rules.facts import Birthday
from rules.wording.texts import long_date

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from . import birthday

_THEN = ("card", "topics", "my_data", "old_card")


@conversation("profile")
def profile(turn: Turn, _params: Params) -> Answer:
    if turn.programme.profile.steps and not turn.shares:
        return _steps(turn)
    born = turn.facts.birthday
    shown = birthday_words(turn.words, born)
    may = birthday.may_change(turn)
    message = parts.notice(
        turn,
        title=turn.name or turn.say("profile.title"),
        rows=(
            *_card(turn),
            Row(left=turn.say("profile.birthday"), right=shown or turn.say("profile.unknown")),
            Row(left=turn.say("profile.language"), right=turn.say("language.name")),
        ),
        note=_note(turn, born, may=may),
        buttons=(
            *((_birthday_button(turn, born),) if may else ()),
            Button(parts.button(turn, "language", "language"), "secondary"),
        ),
        then=_THEN,
    )
    return parts.answer_of(message)


def _card(turn: Turn) -> tuple[Row, Row]:
    return (
        Row(left=turn.say("profile.number"), right=spaced_number(turn.member.number)),
        Row(left=turn.say("profile.joined"), right=long_date(turn.lang, turn.facts.joined_on)),
    )


def _steps(turn: Turn) -> Answer:
    """What is asked of members, how far it is told, and the way to each."""
    view = profile_view(turn, turn.uow)
    go_on = view.next
    message = parts.listing(
        turn,
        title=turn.name or turn.say("profile.title"),
        subtitle="\n".join(line for line in (view.progress, view.whole) if line),
        rows=(*_card(turn), *(_row(turn, each) for each in view.steps)),
        hint=turn.words.say("profile.free"),
        buttons=(
            *((Button(_opens(go_on, turn.say("button.profile_go_on"))),) if go_on else ()),
            Button(parts.button(turn, "language", "language"), "link"),
        ),
        then=_THEN,
    )
    return parts.answer_of(message)


def _row(turn: Turn, view: StepView) -> Row:
    return Row(
        left=view.name,
        right=f"+{view.earns}" if view.earns and not view.value else "",
        note=view.value or turn.say("profile.unknown"),
        opens=_opens(view, view.name),
        muted=view.is_told and not view.value,
    )


def _opens(view: StepView, label: str) -> PostbackAction:
    """The way to a step, which a tap shows as the member's words."""
    return PostbackAction(label, postbacks.data("profile_step", step=view.step.id), label)


def _birthday_button(turn: Turn, born: Birthday | None) -> Button:
    if born:
        return Button(birthday.picker(turn, "birthday_change"), "secondary")
    return Button(birthday.picker(turn, "birthday"))


def _note(turn: Turn, born: Birthday | None, *, may: bool) -> str:
    if born is None:
        return birthday_why(turn)
    return "" if may else turn.say("profile.birthday_fixed")
