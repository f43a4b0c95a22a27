"""What a shop says in place of a text of ours: whether it may, and the text that then holds.

What was published is never refused later: should a text of ours have changed since, so that the
shop's own doesn't fit it any more, ours is said.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from string import Formatter
from typing import Literal

from ...base import Impossible, Lang
from ...characters import graphemes
from ...own_texts import OwnForms
from ...programme.programme import Programme
from ..texts import Text, has_text, text_of
from .offered import MAY_GO, kept_why, offered, one_and_other, placeholders_of, room_of
from .samples import TERMS, sample_filled

#: A text's form for other numbers, or for one.
Form = Literal["", "one"]
FORMS: tuple[Form, Form] = ("", "one")
#: How a word of the shop's own may be written (`{points:one}`).
_SHAPES = frozenset({"", "one", "start"})
#: Marks that turn the direction of whatever follows them.
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def chosen(programme: Programme, lang: Lang, key: str) -> Text:
    """The text `key` as this shop says it, with its placeholders still in it. KeyError for none of
    ours."""
    own = programme.own_forms(lang, key)
    return text_of(lang, key) if own is None else _merged(lang, key, own)


@lru_cache(maxsize=4_096)
def _merged(lang: Lang, key: str, own: OwnForms) -> Text:
    ours = text_of(lang, key)
    if unknown(key):
        return ours
    other, one = (
        _between(said, kept) if said and misfit(lang, key, form, said) is None else kept
        for said, kept, form in zip(own, one_and_other(ours), FORMS, strict=True)
    )
    if isinstance(ours, str):
        return other
    return {"other": other} | ({"one": one} if one else {})


def _between(said: str, ours: str) -> str:
    """`said` with the blanks that ours begins and ends with: some are parts of sentences."""
    bare = ours.strip()
    before, _, after = ours.partition(bare) if bare else ("", "", "")
    return f"{before}{said.strip()}{after}"


def unknown(key: str) -> Impossible | None:
    """Why the text can't be said otherwise; None where it can."""
    if key in offered():
        return None
    known = has_text("ja", key)
    return Impossible("word_protected" if known and kept_why(key) else "word_unknown")


def misfit(lang: Lang, key: str, form: Form, said: str) -> Impossible | None:
    """What is wrong with the shop's own words for a text that is offered; None for nothing."""
    return next(_misfits(lang, key, form, said), None)


def _misfits(lang: Lang, key: str, form: Form, said: str) -> Iterator[Impossible]:
    other, one = one_and_other(text_of(lang, key))
    ours = one if form else other
    if not ours:
        yield Impossible("word_one_form")
        return
    if not all(char == "\n" or _is_plain(char) for char in said):
        yield Impossible("word_control")
    try:
        names = dict(_names(said))
    except ValueError:
        yield Impossible("word_braces")
        return
    known = placeholders_of(lang, key)
    yield from _strangers(names, known)
    # The form for one may leave out how many there are.
    needed = dict(_names(ours)).keys() - MAY_GO - ({"count"} if form else set())
    if missing := sorted(needed - names.keys()):
        yield Impossible("word_placeholder", names=_listed(missing))
    if names.keys() <= {*known, *TERMS}:
        yield from _too_much(lang, key, said)


def _strangers(names: dict[str, str], known: tuple[str, ...]) -> Iterator[Impossible]:
    """The placeholders that can't stand there, or not in that shape."""
    for name, shape in names.items():
        if name not in (*known, *TERMS):
            yield Impossible("word_no_placeholder", name=name, there=_listed(known))
        elif shape not in (_SHAPES if name in TERMS else ("",)):
            yield Impossible("word_braces")


def _too_much(lang: Lang, key: str, said: str) -> Iterator[Impossible]:
    room, length = room_of(lang, key), len(graphemes(sample_filled(lang, said)))
    if length > room.most:
        yield Impossible("word_long", most=room.most, count=length)
    if "\n" in said.strip() and not room.lines:
        yield Impossible("word_lines")


def _is_plain(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn") and char not in _TURNING


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Each placeholder with how it is written. ValueError for braces that can't be read."""
    for _, name, shape, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or conversion:
            raise ValueError(name)
        yield name, shape or ""


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names) or "–"
