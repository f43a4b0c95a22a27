"""Language: Japanese or English, for everything we say from now on."""

from bot.line.messages import Button, PostbackAction
from handlers.actions.members.profile import choose_language
from rules.base import LANGS, Lang
from rules.wording.texts import say

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("language", for_leavers=True)
def language(turn: Turn, params: Params) -> Answer:
    chosen = next((lang for lang in LANGS if lang == params.get("to")), None)
    if chosen is None:
        return _ask(turn)
    choose_language(turn.work, turn.member.id, chosen, at=turn.at)
    turn = turn.again()
    done = parts.text(turn, turn.say("language.chosen"), then=("card", "points", "help"))
    return parts.answer_of(done)


def _ask(turn: Turn) -> Answer:
    question = parts.notice(
        turn,
        title=turn.say("language.title"),
        body=turn.say("language.ask"),
        buttons=tuple(Button(_button(lang), "secondary") for lang in LANGS),
    )
    return parts.answer_of(question)


def _button(lang: Lang) -> PostbackAction:
    """Each language under its own name, for whoever can't read the other."""
    name = say(lang, "chat.language.name")
    return PostbackAction(name, postbacks.data("language", to=lang), name)
