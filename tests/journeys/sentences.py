"""Our texts read backwards: which of them a line is, and what it names."""

import re
from dataclasses import dataclass
from functools import cache

from rules.base import LANGS, Lang
from rules.programme.programme import Programme
from rules.wording.own.terms import Term
from rules.wording.texts import keys
from rules.wording.words import shop_terms

Named = dict[str, str]
#: The shop's own words, which stand in any text.
Own = tuple[tuple[str, Term], ...]
_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
#: A text with fewer characters of its own could be anything.
_SAID_MIN = 1
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line that is the text `key`, with what stands in its places."""

    key: str
    named: Named

    def number(self, place: str = "count") -> int:
        """The number in that place; 1 where the words say it."""
        return number(self.named[place]) if place in self.named else 1


def number(written: str) -> int:
    """1,234 as it is counted."""
    return int(re.sub(r"[^\d-]", "", written))


def month_day(written: str) -> tuple[int, int]:
    """The month and day of a date as members read it: 4月9日, Apr 9, with a year or without."""
    if found := re.search(r"(\d+)月(\d+)日", written):
        return int(found[1]), int(found[2])
    found = re.search(r"([A-Z][a-z]{2}) (\d+)", written)
    assert found, written
    return _MONTHS.index(found[1]) + 1, int(found[2])


@dataclass(frozen=True)
class Reader:
    """Reads what was written in one language for one programme."""

    programme: Programme
    lang: Lang

    def read(self, line: str, *sections: str) -> Sentence | None:
        """Which text of those sections the line is; None for none of them."""
        for key, pattern in self._patterns(sections):
            if found := pattern.fullmatch(line):
                return Sentence(key, found.groupdict())
        return None

    def _patterns(self, sections: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
        own = tuple(shop_terms(self.programme, self.lang).items())
        return _patterns(self.lang, sections, own)


@cache
def _patterns(lang: Lang, sections: tuple[str, ...], own: Own) -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for key, text in keys(lang).items():
        if any(key == section or key.startswith(f"{section}.") for section in sections):
            forms = text.values() if isinstance(text, dict) else (text,)
            found += [(len(_PLACE.sub("", form)), key, form) for form in forms]
    # What says most by itself is tried first.
    said = sorted((each for each in found if each[0] > _SAID_MIN), reverse=True)
    return [(key, re.compile(_backwards(form, own))) for _, key, form in said]


def _backwards(text: str, own: Own) -> str:
    parts, seen = [], set[str]()
    words = {
        name: "|".join(re.escape(format(term, form)) for form in ("", "one", "start"))
        for name, term in own
    }
    for place, part in enumerate(_PLACE.split(text)):
        if place % 2 == 0:
            parts.append(re.escape(part))
        elif part in words:
            parts.append(f"(?:{words[part]})")
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.+?)")
    return "".join(parts)


def ids(programme: Programme) -> dict[str, str | None]:
    """What members read as a name, and whose it is."""
    ranks = programme.ranks.steps if programme.ranks else ()
    named = [
        *((each.id, each.name) for each in ranks),
        *((each.id, each.name) for each in programme.badges),
        *((each.id, each.name) for each in programme.rewards),
    ]
    nobody: dict[str, str | None] = {"メンバー": None, "Member": None}
    return nobody | {name.in_(lang): each for each, name in named for lang in LANGS}
