"""What a shop says in other words than ours, for the owner: what stood there, and what now does."""

from collections.abc import Iterator

from ..base import LANGS
from ..own_texts import OwnText
from ..wording.own.fitting import FORMS
from ..wording.own.offered import one_and_other
from ..wording.texts import has_text, text_of
from ..wording.words import Words


def word_sentences(words: Words) -> Iterator[tuple[str, str]]:
    """Each text in one line, by its key."""
    for own in words.programme.words:
        if has_text("ja", own.id):
            yield own.id, words.sentences(_said(words, own))


def _said(words: Words, own: OwnText) -> Iterator[str]:
    for lang in LANGS:
        ours = one_and_other(text_of(lang, own.id))
        for form, was, now in zip(FORMS, ours, own.forms(lang), strict=True):
            if now:
                name = words.say(f"explain.words.form.{lang}{'_one' if form else ''}")
                yield words.say("explain.words.line", form=name, was=was.strip(), now=now)
