"""Who the members of a large club are: by their number each has a name, some a telephone."""

from dataclasses import dataclass
from random import Random

from stdnum import luhn

from rules.wording.name_search import terms

from .crowd import line_id

_FAMILY = (
    "佐藤 さとう|鈴木 すずき|高橋 たかはし|田中 たなか|伊藤 いとう|渡辺 わたなべ|"
    "山本 やまもと|中村 なかむら|小林 こばやし|加藤 かとう|吉田 よしだ|山田 やまだ|"
    "佐々木 ささき|山口 やまぐち|松本 まつもと|井上 いのうえ|木村 きむら|林 はやし|"
    "斎藤 さいとう|清水 しみず|山崎 やまざき|森 もり|池田 いけだ|橋本 はしもと|"
    "阿部 あべ|石川 いしかわ|前田 まえだ|藤田 ふじた|後藤 ごとう|岡田 おかだ|"
    "長谷川 はせがわ|村上 むらかみ|近藤 こんどう|石井 いしい"
)
_GIVEN = (
    "さくら さくら|陽菜 ひな|葵 あおい|結衣 ゆい|美咲 みさき|凛 りん|"
    "花 はな|優奈 ゆうな|真由美 まゆみ|恵子 けいこ|由美 ゆみ|智子 ともこ|"
    "陽翔 はると|蓮 れん|湊 みなと|大翔 ひろと|悠真 ゆうま|樹 いつき|"
    "翔太 しょうた|健一 けんいち|誠 まこと|浩 ひろし|隆 たかし|修 おさむ|"
    "直樹 なおき|拓也 たくや|彩 あや|愛 あい|麻衣 まい|千尋 ちひろ|"
    "遥 はるか|楓 かえで|光 ひかる|薫 かおる|文 ふみ|涼 りょう"
)
_FAMILIES, _GIVENS = (
    [tuple(each.split()) for each in names.split("|")] for names in (_FAMILY, _GIVEN)
)
_LETTERS = "bcdfghjkmnpqrstvwxyz"
#: One in so many has told their name and telephone.
_TOLD_EVERY = 4


@dataclass(frozen=True, slots=True)
class Person:
    """What `name`, `kana` and `phone` (E.164) they told; "" each where they didn't."""

    number: int
    display_name: str
    name: str = ""
    kana: str = ""
    phone: str = ""

    @property
    def line_id(self) -> str:
        return line_id(self.number)

    @property
    def card(self) -> str:
        """Another than those that are drawn: they don't begin with 0."""
        body = f"{self.number:09d}"
        return body + str(luhn.calc_check_digit(body))

    @property
    def terms(self) -> set[str]:
        """What they are found by, with `card` for their card's number."""
        names = filter(None, (self.display_name, self.name, self.kana))
        return terms(names, filter(None, (self.card, self.phone)))


def person(number: int) -> Person:
    """The person of that number, from 1; always the same."""
    dice = Random(number)
    family, given = dice.choice(_FAMILIES), dice.choice(_GIVENS)
    display_name = dice.choice(given) + _mark(number)
    if number % _TOLD_EVERY:
        return Person(number, display_name)
    name, kana = (" ".join(both) for both in zip(family, given, strict=True))
    return Person(number, display_name, name, kana, f"+8190{number:08d}")


def _mark(number: int) -> str:
    """What tells their display name from everybody else's: as few letters as will do."""
    letters = ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        letters += _LETTERS[rest]
    return letters
