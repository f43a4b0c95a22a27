"""How a member is greeted: a LINE display name isn't a name, but it is what we have.

It may be empty, may end in さん already, may hold emojis or be endless. It is shown as it is
written, with さん in Japanese where nothing of the kind stands there, and cut where it must be.
"""

import re
import unicodedata
from functools import lru_cache

from ..base import Lang
from ..characters import graphemes, is_invisible, one_width

#: Nobody is greeted with a whole sentence. Counted in characters as people see them.
NAME_MAX = 20

#: Ends of names that greet already: さくらさん, 田中様, みーちゃん. What may follow: emojis, marks.
_GREETED = re.compile(r"(さん|サン|さま|サマ|様|ちゃん|チャン|くん|クン|先生)[\W_]*$")
#: What 様 takes the place of, and what it isn't added to.
_POLITE = re.compile(r"(?<=.)(さん|サン|さま|サマ|ｻﾝ|ｻﾏ|様)[\W_]*$")
_TITLED = re.compile(r"先生[\W_]*$")
#: What is typed behind a name, or before it, that is no part of it.
_TITLE = r"さん|さま|ｻﾝ|ｻﾏ|サン|サマ|様|殿|ちゃん|チャン|くん|クン|君|先生|-san|-sama"
_TITLE_ALONE = re.compile(rf"{_TITLE}|san|sama|(?:mr|mrs|ms|miss|dr)\.?", re.IGNORECASE)
_TITLE_BEHIND = re.compile(rf"(?<=.)(?:{_TITLE})$", re.IGNORECASE)
_ZWJ = "\u200d"


def greeting(display_name: str, lang: Lang) -> str:
    """The name as a message says it: "さくらさん"; empty where there is nothing to call."""
    name = shown_name(display_name)
    if lang != "ja" or not name or _GREETED.search(one_width(name)):
        return name
    return f"{name}さん"


def initial(display_name: str) -> str:
    """What stands for the name where it isn't to be read: "S.", and 「さ○○さま」 of what is written
    without capitals; empty for a name without a letter."""
    letters = (char for char in one_width(shown_name(display_name)) if char.isalpha())
    first = next(letters, "")
    if not first or first.isupper() or first.islower():
        return first and f"{first.upper()}."
    return f"{first}○○さま"


def formal(name: str, lang: Lang) -> str:
    """The name as staff read it and paper says it: "さくら様"; empty where there is none.

    A さん that stands there already gives way; a 先生 stays what they are called.
    """
    shown = shown_name(name)
    if lang != "ja" or not shown:
        return shown
    plain = one_width(shown)
    if _TITLED.search(plain):
        return shown
    return f"{_POLITE.sub('', shown) or shown}様"


def untitled(word: str) -> str:
    """The name without the title at its end: 田村 of 田村様."""
    return _TITLE_BEHIND.sub("", word)


def is_title(word: str) -> bool:
    """Whether it is what stands beside names, and none itself: 様, Ms."""
    return _TITLE_ALONE.fullmatch(word) is not None


@lru_cache(maxsize=1_024)
def shown_name(display_name: str) -> str:
    """The display name in one line, without invisible marks, cut to NAME_MAX characters.

    Empty for a name without anything to see.
    """
    visible = "".join(char for char in display_name if _is_kept(char))
    pieces = [piece.rstrip(_ZWJ) for piece in graphemes(" ".join(visible.split()))]
    if not any(_is_seen(char) for piece in pieces for char in piece):
        return ""
    if len(pieces) > NAME_MAX:
        pieces = [*pieces[: NAME_MAX - 1], "…"]
    return "".join(pieces).strip()


def _is_kept(char: str) -> bool:
    # Joiners hold emojis together; other format and control characters only do harm. Tags are
    # format characters too, and make the flags of England, Scotland and Wales.
    return char.isspace() or char == _ZWJ or _is_tag(char) or unicodedata.category(char)[0] != "C"


def _is_seen(char: str) -> bool:
    return not is_invisible(char) and unicodedata.category(char)[0] in "LNPS"


def _is_tag(char: str) -> bool:
    return 0xE0020 <= ord(char) <= 0xE007F
