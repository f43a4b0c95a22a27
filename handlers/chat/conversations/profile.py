"""Profile: what the member told about themselves, and the way to each change."""

from bot.line.messages import Button, Row
from handlers.showing.birthdays import birthday_words
from rules.characters import spaced_number
from rules.facts import Birthday
from rules.wording.texts import long_date

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from . import birthday


@conversation("profile")
def profile(turn: Turn, _params: Params) -> Answer:
    born = turn.facts.birthday
    shown = birthday_words(turn.words, born)
    may = birthday.may_change(turn)
    message = parts.notice(
        turn,
        title=turn.name or turn.say("profile.title"),
        rows=(
            Row(left=turn.say("profile.number"), right=spaced_number(turn.member.number)),
            Row(left=turn.say("profile.joined"), right=long_date(turn.lang, turn.facts.joined_on)),
            Row(left=turn.say("profile.birthday"), right=shown or turn.say("profile.unknown")),
            Row(left=turn.say("profile.language"), right=turn.say("language.name")),
        ),
        note=_note(turn, born, may=may),
        buttons=(
            *((_birthday_button(turn, born),) if may else ()),
            Button(parts.button(turn, "language", "language"), "secondary"),
        ),
        then=("card", "topics", "my_data", "old_card"),
    )
    return parts.answer_of(message)


def _birthday_button(turn: Turn, born: Birthday | None) -> Button:
    if born:
        return Button(birthday.picker(turn, "birthday_change"), "secondary")
    return Button(birthday.picker(turn, "birthday"))


def _note(turn: Turn, born: Birthday | None, *, may: bool) -> str:
    if born is None:
        return turn.say("profile.birthday_why")
    return "" if may else turn.say("profile.birthday_fixed")
