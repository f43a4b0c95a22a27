"""What a file can be of, and which of its columns says what: guessed by their names."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, get_args

from ..characters import letters_and_digits

ImportKind = Literal["members", "visits", "purchases", "balances", "stamps"]
KINDS: tuple[ImportKind, ...] = get_args(ImportKind)
ImportField = Literal[
    "number", "phone", "name", "kana", "birthday", "joined", "language", "consent", "visits",
    "points", "until", "day", "time", "store", "yen", "tax", "receipt", "stamps",
]  # fmt: skip
_WHO: tuple[ImportField, ...] = ("number", "phone")
#: In the order in which a page asks for them.
FIELDS: Mapping[ImportKind, tuple[ImportField, ...]] = {
    "members": (
        "number", "name", "kana", "phone", "birthday", "joined", "language", "consent", "visits",
        "points", "until",
    ),
    "visits": (*_WHO, "day", "time", "store"),
    "purchases": (*_WHO, "day", "time", "yen", "tax", "store", "receipt"),
    "balances": (*_WHO, "points", "until"),
    "stamps": ("number", "name", "kana", "phone", "stamps", "language", "consent"),
}  # fmt: skip
#: All that a column may say.
IN_ANY: tuple[ImportField, ...] = get_args(ImportField)
#: Without these nothing can be done; of a member's two one is enough.
NEEDED: Mapping[ImportKind, tuple[ImportField, ...]] = {
    "members": (),
    "visits": ("day",),
    "purchases": ("day", "yen"),
    "balances": ("points",),
    "stamps": ("stamps",),
}
#: What systems call their columns: as it is, then as part of it.
_CALLED: Mapping[ImportField, tuple[str, ...]] = {
    "number": (
        "会員番号", "カード番号", "会員証番号", "会員ID", "会員コード", "顧客番号", "顧客ID",
        "お客様番号", "番号", "CARDNUMBER", "MEMBERNUMBER", "MEMBERID", "CUSTOMERID", "NUMBER",
        "CARD", "ID",
    ),
    "phone": ("電話番号", "携帯電話", "携帯", "電話", "TEL", "PHONE", "MOBILE", "TELEPHONE"),
    "kana": ("フリガナ", "ふりがな", "カナ", "かな", "ヨミ", "よみ", "KANA", "READING"),
    "name": ("氏名", "お名前", "名前", "会員名", "顧客名", "FULLNAME", "NAME"),
    "birthday": ("生年月日", "誕生日", "BIRTHDAY", "BIRTHDATE", "DATEOFBIRTH", "BIRTH"),
    "joined": ("入会日", "登録日", "入会", "JOINEDON", "JOINED", "MEMBERSINCE", "CREATED"),
    "language": ("言語", "ことば", "LANGUAGE", "LANG"),
    "consent": ("同意", "CONSENT", "AGREED"),
    "visits": ("来店回数", "来店数", "VISITCOUNT", "VISITS"),
    "points": ("ポイント残高", "残高", "保有ポイント", "ポイント", "BALANCE", "POINTS"),
    "until": ("ポイント有効期限", "有効期限", "期限", "VALIDUNTIL", "UNTIL", "EXPIRES", "EXPIRY"),
    "day": (
        "来店日時", "来店日", "購入日時", "購入日", "取引日時", "取引日", "利用日", "日付", "日時",
        "DATETIME", "DATE", "DAY", "VISITEDAT", "BOUGHTAT",
    ),
    "time": ("時刻", "時間", "TIME"),
    "store": ("店舗名", "店舗", "店名", "支店", "STORE", "SHOP", "BRANCH"),
    "yen": (
        "合計金額", "税込金額", "購入金額", "お買上金額", "支払金額", "金額", "合計", "売上",
        "TOTAL", "AMOUNT", "YEN", "PRICE",
    ),
    "tax": ("消費税", "税額", "内税", "TAX"),
    "stamps": ("スタンプの数", "スタンプ数", "スタンプ", "押印数", "押印", "STAMPS", "STAMP"),
    "receipt": ("レシート番号", "伝票番号", "取引番号", "レシート", "RECEIPT", "ORDERNUMBER"),
}  # fmt: skip
#: Of these a row makes a member where it is nobody's yet.
MAKES_MEMBERS: tuple[ImportKind, ...] = ("members", "stamps")
#: A column of this, too, is left as it is told.
_NO_GUESS_MIN = 3


def guess(
    kind: ImportKind, head: Sequence[str], own: Mapping[str, ImportField] = MappingProxyType({})
) -> dict[ImportField, int]:
    """Which column says what, by their names: as this club takes them out (`own`), else as systems
    call them; of several that may be it the best, and of the same the first."""
    called = [letters_and_digits(each) for each in head]
    found: dict[ImportField, int] = {}
    for place, name in enumerate(head):
        named = own.get(name)
        if named is not None and named in FIELDS[kind]:
            found.setdefault(named, place)
    for exactly in (True, False):
        for field in FIELDS[kind]:
            taken = set(found.values())
            free = [n for n in range(len(called)) if called[n] and n not in taken]
            if field not in found and (n := _best(field, called, free, exactly)) is not None:
                found[field] = n
    return found


def _best(
    field: ImportField, called: Sequence[str], free: Sequence[int], exactly: bool
) -> int | None:
    for wanted in map(letters_and_digits, _CALLED[field]):
        for n in free:
            is_part = len(wanted) >= _NO_GUESS_MIN - (not wanted.isascii()) and wanted in called[n]
            if wanted == called[n] if exactly else is_part:
                return n
    return None


def has_head(kind: ImportKind, first: Sequence[str]) -> bool:
    """Whether the first row names the columns: it has a name that is known, or no digit at all."""
    plain = "".join(first)
    return bool(guess(kind, first)) or not any(map(str.isdigit, plain))


def missing(kind: ImportKind, columns: Mapping[ImportField, int]) -> str | None:
    """What can't be done without, and no column says, as a refusal's code; None for nothing."""
    if kind in MAKES_MEMBERS:
        if {"number", "phone", "name"}.isdisjoint(columns):
            return "import_needs_name"
    elif not set(_WHO) & set(columns):
        return "import_needs_who"
    lacks = [each for each in NEEDED[kind] if each not in columns]
    return "import_needs_more" if lacks else None
