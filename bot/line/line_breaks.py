"""Where a line may not end: Japanese is broken between any two letters, and what is left on a line
of its own may be the last one, or half a word.

Letters are held together by WORD JOINER (U+2060), which nobody sees and every line breaker obeys
(Unicode Standard Annex 14, class WJ). English words are whole by themselves.
"""

import re
from functools import lru_cache

from rules.characters import graphemes

_KANA, _KATAKANA, _KANJI = "ぁ-ゖゝゞ", "ァ-ヺー", "㐀-䶿一-鿿々"
#: Words longer than these are wider than a narrow column, and are broken by it after all.
_WORD = rf"[{_KATAKANA}]{{2,8}}"
#: A number, and what it counts: 「3回」「10ポイント」「5月26日」.
_FIGURE = rf"\d[\d,.:]*(?:月\d+日|{_WORD}|[{_KANJI}](?:[{_KANJI}](?![{_KANJI}]))?)"
#: The end of a line of ours: a word with its particle, a compound, or the last three letters; and
#: what closes it.
_END = (
    rf"(?:(?:{_FIGURE}|{_WORD}|\d[\d,.:]*)[{_KANA}]{{1,2}}|[{_KANJI}]{{2,4}}"
    rf"|[{_KANA}{_KATAKANA}{_KANJI}]{{2,3}})[^\w\s]*(?=\s*$)"
)
_TOGETHER = re.compile(f"{_END}|{_FIGURE}|{_WORD}", re.MULTILINE)
_JOINER = "\u2060"


# What a club says is said over and over.
@lru_cache(maxsize=4_096)
def held_together(text: str) -> str:
    """`text` with joiners where no line shall end: in words, in figures, among the last letters."""
    return _TOGETHER.sub(lambda found: _JOINER.join(graphemes(found[0])), text)
