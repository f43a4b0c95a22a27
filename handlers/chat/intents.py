"""What a typed text asks for. The words members use are in words.toml, with generous synonyms.

Codes are looked for first, then a whole text that we know, then a word in a short text that points
to one conversation only. Everything else is not for us, but for the shop's staff.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from string import ascii_lowercase
from typing import Any

import jaconv

from rules.base import LocalText
from rules.characters import as_typed
from rules.programme.birthdays import read_birthday
from rules.shop import Branch

from .postbacks import Params

#: In a longer text a word is no command any more, but part of something said to people.
NEAR_LENGTH_MAX = 20
#: Nothing longer is ever a command.
_LENGTH_MAX = 120
#: In a shorter word another one may have been meant: with two letters turned, or with a letter
#: missing or twice.
_TURNED_LENGTH_MIN, _MISSED_LENGTH_MIN = 5, 6
#: A shorter name of a branch may stand in any word.
_NAME_LENGTH_MIN = 2

_CHECK_IN = re.compile(
    r"^(?:チェックイン|check[\s-]?in)(?:する|コード| code)?[\s::]*(?P<code>.*)$", re.I
)
_REFERRAL = re.compile(
    r"^(?:紹介コード|紹介|招待コード|招待|referral code|referral|invite code|invite)"
    r"[\s::]+(?P<code>(?=\S*\d|[^aeiou]*$)[0-9a-z]{5,8})$",
    re.I,
)
_LINK = re.compile(
    r"^(?:カード連携|カードを連携|連携|link(?: card)?)[\s::]+(?P<code>[0-9a-z][0-9a-z\s-]{4,14})$",
    re.I,
)
#: Three groups of letters that make no word: else 「ポイント 確認」 would be a code.
_SLIP = re.compile(
    r"^(?:伝票|ポイント|points?|slip)[\s::]+(?P<code>(?=[^aeiou]*$)[0-9a-z]{3}[\s-]?[0-9a-z]{3}[\s-]?[0-9a-z]{3})$",
    re.I,
)
#: A poster's or a flyer's, typed in by its link. No vowels: 「はじめます お願いします」 is none.
_SOURCE = re.compile(
    r"^(?:会員証をつくる|会員証を作る|get my card)[\s:\uff1a]+(?P<code>(?=[^aeiou]*$)[0-9a-z]{6})$",
    re.I,
)
_CODE = re.compile(r"[0-9a-z][0-9a-z\s-]{3,14}", re.I)
#: Codes that are sent as they are, by the conversation they belong to.
_SENT = {"referred": _REFERRAL, "link": _LINK, "slip": _SLIP, "came_by": _SOURCE}

#: What is said around a wish without changing it, longest first.
_TAILS = (
    "を教えてください", "教えてください", "を見せてください", "見せてください", "をお願いします",
    "お願いします", "を教えて", "おしえて", "教えて", "を見せて", "みせて", "見せて", "が見たい",
    "を見たい", "見たい", "を見る", "見る", "を確認", "確認", "が知りたい", "知りたい",
    "したいです", "したい", "がしたい", "をする", "ください", "下さい", "ですか", "でしょうか",
    "をします", "します", "する", "です", "ます", "について",
    "って何", "とは", "は", "を", "please", "plz", "pls",
)  # fmt: skip
_HEADS = (
    "could you show me", "can you show me", "can i see", "let me see", "i want to see",
    "i would like to see", "please show me", "show me", "show", "please", "tell me about",
    "tell me", "what are", "what is", "what's", "see", "open", "my", "the", "私の", "わたしの",
    "自分の", "今の", "いまの",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IntentMatch:
    """A conversation, and what it is told."""

    intent: str
    params: Params = field(default_factory=dict)


_KINDS = ("sure", "near", "whole")


@dataclass(frozen=True, slots=True)
class _Words:
    whole: Mapping[str, str]
    near: tuple[tuple[str, str], ...]
    sure: tuple[tuple[str, str], ...]
    no: frozenset[str]
    around: frozenset[str]
    people: re.Pattern[str]


def in_our_words(text: str, points: LocalText, circle: LocalText | None = None) -> str:
    """`text` with what the shop calls its points, and its inner circle, said as our words have it:
    「マイルの貯め方」 is 「ポイントの貯め方」."""
    if circle is not None:
        text = _said_as(text, circle, "サークル")
    return _said_as(text, points, "ポイント")


def _said_as(text: str, name: LocalText, ours: str) -> str:
    own = "|".join(
        rf"\b{re.escape(each)}\b" if each.isascii() else re.escape(each)
        for each in (name.ja, name.en)
        if len(each) > 1
    )
    return re.sub(own, ours, text, flags=re.IGNORECASE) if own else text


def normalised(text: str) -> str:
    """`text` as it is compared: width, case, kana, spaces, marks and long vowels don't matter."""
    plain = as_typed(text).lower()
    plain = _shorn(plain)
    hiragana: str = jaconv.kata2hira(plain)
    return "".join(
        char for char in hiragana if unicodedata.category(char)[0] in "LN" and char != "ー"
    )


def _shorn(plain: str) -> str:
    """`plain` without what is said around a wish."""
    plain = plain.rstrip("。.!?…〜~♪☆★w ")
    for head in _HEADS:
        if plain.startswith(head) and len(plain) > len(head) + 1:
            ends = plain[len(head)]
            if not head.isascii() or ends == " ":
                plain = plain[len(head) :].strip()
    for tail in _TAILS:
        if plain.endswith(tail) and len(plain) > len(tail) + 1:
            plain = plain[: -len(tail)].strip()
    return plain


def codes(text: str) -> IntentMatch | None:
    """A code of the counter's, a friend's, a card's, a slip's or a poster's, if the text is one."""
    plain = as_typed(text)
    if len(plain) > _LENGTH_MAX:
        return None
    if found := _CHECK_IN.match(plain):
        code = found["code"].strip()
        if _is_code(code):
            return IntentMatch("check_in", {"code": code})
    for intent, pattern in _SENT.items():
        if found := pattern.match(plain):
            return IntentMatch(intent, {"code": found["code"].upper()})
    return None


def _is_code(text: str) -> bool:
    """Whether it looks like a code rather than like words after 「チェックイン」."""
    if not _CODE.fullmatch(text):
        return False
    letters = sum(char.isalnum() for char in text)
    return any(char.isdigit() for char in text) or (letters == 8 and " " not in text)


def whole(text: str) -> IntentMatch | None:
    """What the whole text asks for, if it is something we know."""
    if len(text) > _LENGTH_MAX or _is_for_people(text):
        return None
    if not any(char.isalnum() for char in text):
        # An emoji is a sticker that was typed; a question mark asks for help.
        return IntentMatch("help" if "?" in as_typed(text) else "sticker")
    plain = normalised(text)
    found = _words().whole.get(plain) or _of_a_slip(plain)
    return _asked(found) if found else None


def _of_a_slip(plain: str) -> str | None:
    """What a word of the Latin alphabet asks for with one slip put right: two neighbouring letters
    turned ("pionts"), one missing ("adress") or typed twice ("rewwards")."""
    if not plain.isascii() or not _TURNED_LENGTH_MIN <= len(plain) <= NEAR_LENGTH_MAX:
        return None
    known = _words().whole
    meant = [plain[:at] + plain[at : at + 2][::-1] + plain[at + 2 :] for at in range(len(plain))]
    if len(plain) >= _MISSED_LENGTH_MIN:
        twice = (at for at in range(1, len(plain)) if plain[at] == plain[at - 1])
        meant += [plain[:at] + plain[at + 1 :] for at in twice]
        meant += [
            plain[:at] + letter + plain[at:]
            for at in range(len(plain) + 1)
            for letter in ascii_lowercase
        ]
    return next((known[word] for word in meant if word in known), None)


def is_birthday(text: str, today: date) -> bool:
    """Whether the text is a whole date, with its year, on which somebody alive may be born."""
    born = read_birthday(text) if len(text) <= _LENGTH_MAX else None
    if born is None or born[0] is None:
        return False
    return today.year - 120 <= born[0] and date(born[0], born[1], born[2]) < today


def near(text: str) -> IntentMatch | None:
    """What a short text asks for by one word in it; None if it could be several things, or says
    more than a wish does."""
    if len(text) > NEAR_LENGTH_MAX * 2:
        return None
    plain = normalised(text)
    if not plain or len(plain) > NEAR_LENGTH_MAX or _is_for_people(text):
        return None
    if not _is_a_wish(plain):
        return None
    # 「ポイントのため方」 is about earning: some words outweigh the others.
    return _only(_words().sure, plain) or _only(_words().near, plain)


def of_branch(text: str, stores: Sequence[Branch]) -> IntentMatch | None:
    """What is asked of the one branch that is named, with its id as `store`; None where none or
    several are, or where the rest is no wish that we know."""
    plain = as_typed(text).lower()
    named = {store.id: name for store in stores for name in _names(store) if name in plain}
    if len(named) != 1:
        return None
    [(store_id, name)] = named.items()
    rest = plain.replace(name, " ").strip().lstrip("のはでにへをが、 ")
    ask = (whole(rest) or near(rest)) if any(char.isalnum() for char in rest) else None
    return IntentMatch(ask.intent, {**ask.params, "store": store_id}) if ask else None


def _names(store: Branch) -> list[str]:
    """What people call a branch, the whole name last: 「駅前」, 「駅前店」."""
    called = {as_typed(name).lower() for name in (store.name.ja, store.name.en)}
    short = {name.removesuffix("店").removesuffix("館") for name in called}
    return sorted((name for name in called | short if len(name) >= _NAME_LENGTH_MIN), key=len)


def is_no(text: str) -> bool:
    """Whether it is a no to what was asked."""
    found, plain = whole(text), normalised(text)
    return plain in _words().no or (found is not None and found.intent == "cancel")


def _is_for_people(text: str) -> bool:
    """Whether it asks for something that only people do, in words of ours: 「電話ください」."""
    return _words().people.search(as_typed(text).lower()) is not None


def _is_a_wish(plain: str) -> bool:
    """Whether it is made of our words and of what stands around them, with nothing left over."""
    words = (*_words().around, *(word for word, _ in (*_words().near, *_words().sure)))
    ends = {0}
    for start in range(len(plain)):
        if start in ends:
            ends |= {start + len(word) for word in words if plain.startswith(word, start)}
    return len(plain) in ends


def _only(words: tuple[tuple[str, str], ...], plain: str) -> IntentMatch | None:
    found = {intent for word, intent in words if word in plain}
    return _asked(found.pop()) if len(found) == 1 else None


def _asked(entry: str) -> IntentMatch:
    """`language.en` is the conversation `language` with `to` given."""
    intent, _, to = entry.partition(".")
    return IntentMatch(intent, {"to": to} if to else {})


def claims() -> dict[str, set[str]]:
    """The conversations that each whole text is claimed by: never more than one."""
    claimed: dict[str, set[str]] = {}
    for entry, words in _table().items():
        for phrase in (phrase for kind in _KINDS for phrase in words.get(kind, ())):
            claimed.setdefault(normalised(phrase), set()).add(entry)
    return claimed


@cache
def _words() -> _Words:
    whole = {phrase: entry for phrase, entries in claims().items() for entry in entries}
    no = frozenset(word for word, _ in _listed("no"))
    around = frozenset(jaconv.kata2hira(_source()["around"]).split())
    people = re.compile("|".join(_source()["for_people"]))
    return _Words(whole, _listed("near"), _listed("sure"), no, around, people)


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return dict(_entries(_source(), ""))


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def _entries(
    table: Mapping[str, object], prefix: str
) -> Iterable[tuple[str, dict[str, list[str]]]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield f"{prefix}{name}", {k: v for k, v in value.items() if isinstance(v, list)}
            yield from _entries(value, f"{prefix}{name}.")


def _listed(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (normalised(word), entry)
        for entry, words in _table().items()
        for word in words.get(kind, ())
    )
