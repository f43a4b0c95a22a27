"""Small talk: a short warm word, and a hand held out."""

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from . import membership


@conversation("hello", by_tap=False, is_talk=True)
def hello(turn: Turn, _params: Params) -> Answer:
    """A greeting is greeted, with the next step."""
    name = turn.name
    said = turn.say("talk.hello", name=name) if name else turn.say("talk.hello_nameless")
    return _say(turn, said, with_step=True)


@conversation("thanks", by_tap=False, is_talk=True)
def thanks(turn: Turn, _params: Params) -> Answer:
    return _say(turn, turn.say("talk.thanks"))


@conversation("okay", by_tap=False, is_talk=True)
def okay(turn: Turn, _params: Params) -> Answer:
    return _say(turn, turn.say("talk.okay"))


@conversation("sticker", by_tap=False, is_talk=True)
def sticker(turn: Turn, _params: Params) -> Answer:
    return _say(turn, turn.say("talk.sticker"), with_step=True)


@conversation("cancel", for_leavers=True)
def cancel(turn: Turn, params: Params) -> Answer:
    """Whatever was asked is not asked any more. `to` is "which" where 「やめる」 answers nothing:
    then we ask what of."""
    if params.get("to") == "which":
        if turn.facts.membership == "left":
            return membership.offer_to_return(turn)
        which = turn.say("talk.which")
        return parts.answer_of(parts.text(turn, which, then=("card", "topics", "leave")))
    return _say(turn, turn.say("talk.cancel"))


@conversation("stale", by_tap=False)
def stale(turn: Turn, _params: Params) -> Answer:
    """A button from long ago, or from nowhere."""
    return _say(turn, parts.refusal(turn, "button_over"))


def _say(turn: Turn, words: str, *, with_step: bool = False) -> Answer:
    step = f"\n{turn.card().step_text}" if with_step else ""
    return parts.answer_of(parts.text(turn, words + step, then=("card", "points", "rewards")))
