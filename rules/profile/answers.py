"""How what somebody answered is read: as they typed it, in one form.

An answer is what it changes of the profile, by field. The telephone is read where it is proven
(`bot/phones.py` knows the numbers), the birthday in `rules/programme/birthdays.py`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..activity import StepId
from ..base import Refusal
from ..characters import as_typed, graphemes, one_width, visible
from .steps import CHOSEN, ProfileStep

#: As long as they fit into the store.
NAME_MAX, ADDRESS_MAX = 60, 200
#: The fields of the profile that an answer to a step changes.
FIELDS: Final[Mapping[StepId, tuple[str, ...]]] = {
    "name": ("name",),
    "kana": ("kana",),
    "age_band": ("age_band",),
    "gender": ("gender",),
    "area": ("area",),
    "interests": ("interests",),
    "phone": ("phone", "proven_phone"),
    "address": ("postcode", "address"),
}
#: Japan's 47 (JIS X 0401).
PREFECTURES: Final = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip

Answer = dict[str, str]

#: Katakana with what stands between them: ヤマダ　ハナコ, ジャン＝ポール.
_KANA = re.compile(r"[ァ-ヺー・= ]*[ァ-ヺ][ァ-ヺー・= ]*")
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_POSTCODE = re.compile(r"〒?\s*(\d{3})-?(\d{4})(?!\d)\s*")
#: Every address in Japan has one of these below its prefecture: 渋谷区, 日高郡, 東川町.
_TOWN = re.compile(".[市区町村郡]")
#: Nobody is called so: what people say ends a sentence.
_SENTENCE = re.compile(
    r"(です|ます|ください|下さい|ですか|ますか|ません|たい|くれ|って|だよ|よね|かな)$"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[・.'’ =-])*")
_NAME_WORDS_MAX, _NAME_SHORT = 4, 30


def read_answer(step: ProfileStep, typed: Sequence[str]) -> Answer | Refusal:
    """What was typed, or chosen by id, as it is kept: of interests several may be, none at all for
    "none of these"; an address is its postcode and the rest, or both in one.

    Refused with answer_name, answer_kana, answer_choice, answer_postcode, answer_prefecture,
    answer_address or profile_long.
    """
    if step.id in CHOSEN:
        return _read_choice(step, typed)
    return _READ[step.id](" ".join(typed))


def _read_choice(step: ProfileStep, typed: Sequence[str]) -> Answer | Refusal:
    chosen = [choice.id for choice in step.choices if choice.id in typed]
    unknown = any(step.choice(each) is None for each in typed)
    if unknown or (step.id != "interests" and len(chosen) != 1):
        return Refusal("answer_choice")
    return {step.id: " ".join(chosen)}


def _read_name(typed: str) -> Answer | Refusal:
    name = " ".join(visible(typed).split())
    if len(name) > NAME_MAX:
        return Refusal("profile_long")
    return {"name": name} if _NAME.fullmatch(one_width(name)) else Refusal("answer_name")


def _read_kana(typed: str) -> Answer | Refusal:
    kana = " ".join(one_width(visible(typed)).translate(_HIRAGANA).split())
    if len(kana) > NAME_MAX:
        return Refusal("profile_long")
    return {"kana": kana} if _KANA.fullmatch(kana) else Refusal("answer_kana")


def _read_address(typed: str) -> Answer | Refusal:
    plain = " ".join(as_typed(typed).split())
    code = _POSTCODE.match(plain)
    if code is None:
        return Refusal("answer_postcode")
    address = plain[code.end() :]
    prefecture = next((each for each in PREFECTURES if address.startswith(each)), None)
    if prefecture is None:
        return Refusal("answer_prefecture")
    if _TOWN.search(address, len(prefecture)) is None:
        return Refusal("answer_address")
    if len(address) > ADDRESS_MAX:
        return Refusal("profile_long")
    return {"postcode": code[1] + code[2], "address": address}


_READ: Final[Mapping[StepId, Callable[[str], Answer | Refusal]]] = {
    "name": _read_name,
    "kana": _read_kana,
    "address": _read_address,
}


def nothing(step: StepId) -> Answer:
    """The fields of a step whose answer is taken away."""
    return dict.fromkeys(FIELDS[step], "")


def is_short_name(text: str) -> bool:
    """Whether a text that came while a name was asked for is one, and nothing said to people."""
    plain = " ".join(one_width(visible(text)).split())
    return (
        len(graphemes(plain)) <= _NAME_SHORT
        and len(plain.split()) <= _NAME_WORDS_MAX
        and _NAME.fullmatch(plain) is not None
        and _SENTENCE.search(plain) is None
    )


def is_kana(text: str) -> bool:
    """Whether it is of nothing but kana."""
    return not isinstance(_read_kana(text), Refusal)


def is_address(text: str) -> bool:
    """Whether it is an address, or a try at one."""
    plain = as_typed(text)
    return _POSTCODE.match(plain) is not None or plain.lstrip("〒 ").startswith(PREFECTURES)


def spaced_postcode(code: str) -> str:
    """〒150-0002; empty for none."""
    return f"〒{code[:3]}-{code[3:]}" if code else ""
