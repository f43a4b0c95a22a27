"""Texts in the shop's own words, in place of ours."""

from typing import Annotated

from pydantic import StringConstraints

from .base import Lang, Strict

#: No text is longer; most may be much shorter (`rules.wording.own.offered`).
OWN_TEXT_MAX = 1_000
_Text = Annotated[str, StringConstraints(max_length=OWN_TEXT_MAX)]

#: What a shop says in place of a text of ours, and of the form for one where it has two; "" where
#: ours stays.
OwnForms = tuple[str, str]


class OwnText(Strict):
    """A text that members read as the shop would rather say it. What isn't said stays as it is."""

    #: The key of the text (`chat.talk.hello`).
    id: Annotated[str, StringConstraints(min_length=3, max_length=100)]
    ja: _Text = ""
    en: _Text = ""
    #: The form for one, of a text that has two.
    ja_one: _Text = ""
    en_one: _Text = ""

    def forms(self, lang: Lang) -> OwnForms:
        """What it says in that language."""
        return (self.ja, self.ja_one) if lang == "ja" else (self.en, self.en_one)
