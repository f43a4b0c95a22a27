"""The programmes that a shop may begin with, one for each trade: three ways to earn, a ladder, a
few rewards, and what the owner replaces marked by 「 」."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from rules.base import Lang
from rules.wording.texts import say

#: By the trades they are for.
TemplateId = Literal["cafe", "gym", "salon", "restaurant", "mail_order"]
TEMPLATES: tuple[TemplateId, ...] = get_args(TemplateId)


@cache
def template(trade: TemplateId) -> str:
    """The programme as its file (TOML), comments and all."""
    return (files("rules.programme") / "templates" / f"{trade}.toml").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """One of them, as an owner chooses it."""

    id: TemplateId
    name: str
    #: In a sentence or two.
    about: str


def template_choices(lang: Lang) -> tuple[TemplateChoice, ...]:
    """All of them, in their order."""
    return tuple(
        TemplateChoice(
            trade,
            say(lang, f"owner.template.{trade}.name"),
            say(lang, f"owner.template.{trade}.about"),
        )
        for trade in TEMPLATES
    )
