"""What a conversation is: a function that answers, and by what members come to it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from rules.characters import one_width

from .context import Answer, Turn
from .postbacks import Params

Reply = Callable[[Turn, Params], Answer]
#: Whether a text reads like the answer to a question.
TextTest = Callable[[str], bool]
#: What whoever shares a card is told where only its owner may do something: the refusal's code.
SHARED: Final = "card_shared"
#: Whether a conversation has an answer.
Knowing = Callable[[Turn, Params], bool]


def always(_turn: Turn, _params: Params) -> bool:
    """There is an answer."""
    return True


def takes_none(_text: str) -> bool:
    """No text answers it."""
    return False


def takes_all(_text: str) -> bool:
    """Whatever is written is the answer."""
    return True


def takes_only(pattern: str) -> TextTest:
    """What is of nothing but that reads like an answer; all else is said to people."""
    whole = re.compile(pattern, re.I)
    return lambda text: whole.fullmatch(one_width(text).strip()) is not None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thing that members talk about with the shop."""

    #: How buttons and words.toml name it.
    intent: str
    reply: Reply
    #: A tap may ask for it. What a tap sends back is nobody's secret, so it is harmless to repeat.
    by_tap: bool = True
    #: It asks something, and the next text is the answer if it reads like one.
    takes_text: TextTest = takes_none
    #: Its commands are as short as the words that another one asked for may be.
    is_talk: bool = False
    #: It is about one branch, where its name is said.
    of_branch: bool = False
    #: Whether the shop has told what it would answer; if not, the question is for people.
    knows: Knowing = always
    #: Whoever left may have it all the same.
    for_leavers: bool = False
    #: It changes what is its owner's alone to change: not for who shares the card with them.
    of_owner: bool = False
    #: The kind of letter to the staff that a text becomes in it; None where it becomes none.
    letter: str | None = None

    def __call__(self, turn: Turn, params: Params) -> Answer:
        return self.reply(turn, params)


def conversation(intent: str, **traits: Any) -> Callable[[Reply], Conversation]:
    """Makes a conversation of the function below; `traits` are the fields that differ."""
    return partial(Conversation, intent, **traits)
