"""The language of a page that anybody may open: what its address asks for by `?lang=`, and a link
that switches it."""

from dataclasses import dataclass

from flask import request

from rules.base import LANGS, Lang
from rules.wording.texts import say


@dataclass(frozen=True, slots=True)
class PageLanguage:
    lang: Lang
    #: The one that the link leads to, which says so in that language.
    other: Lang
    switch: str


def page_language(default: Lang = "ja") -> PageLanguage:
    """`default`: where the address asks for none of ours."""
    asked = request.args.get("lang")
    lang = next((one for one in LANGS if one == asked), default)
    other = next(one for one in LANGS if one != lang)
    return PageLanguage(lang, other, say(lang, "page.switch"))


def browser_language() -> Lang:
    """The one of ours that the browser would rather have."""
    return "en" if request.accept_languages.best_match(LANGS) == "en" else "ja"
