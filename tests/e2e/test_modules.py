"""The page's own arithmetic, asked in the browser that runs it."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from bot.codes import Codes, RewardUse
from bot.selections import packed
from handlers.actions.members.card_numbers import is_card_number
from rules.characters import as_scanned
from rules.programme.card import with_check_digit
from tests.journeys.town import Town
from tests.rules.test_characters import AS_SCANNED

from .shop import Counter, card_code, joins

#: What a member selected.
SELECTED = [("cookie", None), ("off_100", 3)]


def asks(desk: Counter, module: str, code: str, *given: Any) -> Any:
    """What an expression gives, with what the module exports as `m` and `given` as `g`."""
    src = desk.page.get_attribute("script[type=module]", "src")
    assert src
    path = src.replace("page.js", module)
    return desk.page.evaluate(f"async (g) => {{ const m = await import('{path}'); {code} }}", given)


OPEN = """
const keys = g[1].map(m.fromBase64);
if (g[2]) crypto.subtle.importKey = () => Promise.reject(new Error("no Ed25519 here"));
return Promise.all(g[0].map((code) => m.openCard(code, keys)));
"""


@pytest.mark.parametrize("without_webcrypto", [False, True])
def test_cards_are_opened_as_the_server_opens_them(
    cafe: Town, desk: Counter, without_webcrypto: bool
) -> None:
    older = Codes("the shop's own secret key of last year, as long")
    codes = cafe.club.codes
    real = codes.card_code("1234567897", 3)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in real)
    tried = [
        *(real, real.lower(), f" {real[:40]} {real[40:]}\r\n", wide),
        *(real[:-1], real + "A", real[:20] + "7" + real[21:], "", "0" * 122, "あ" * 122),
        Codes("another shop's secret key, just as long").card_code("1234567897", 3),
    ]
    moving = codes.live_card("1234567897", 3, cafe.club.now())
    tried += [moving, moving[:30] + ("A" if moving[30] != "A" else "B") + moving[31:]]
    selected = codes.live_card("1234567897", 3, cafe.club.now(), packed("0" * 16, SELECTED))
    tried += [selected, selected[:30] + ("A" if selected[30] != "A" else "B") + selected[31:]]
    tried.append(older.card_code("1234567897", 3))
    listed = [*codes.public_keys(), *older.public_keys()]
    keys = [base64.b64encode(key).decode() for key in listed]
    opened = asks(desk, "codes.js", OPEN, tried, keys, without_webcrypto)

    assert opened.pop() == {"number": "1234567897", "issue": 3}
    for code, found in zip(tried[:-1], opened, strict=True):
        known = codes.open_card(code) or codes.open_live(code, cafe.club.now())
        assert found == ({"number": known.number, "issue": known.issue} if known else None), code
    assert opened[0] == opened[3] == opened[-2] == {"number": "1234567897", "issue": 3}
    assert opened[-1] is None


def test_a_moving_code_stays_the_same_card(cafe: Town, desk: Counter) -> None:
    codes, now = cafe.club.codes, cafe.club.now()
    use = RewardUse("coffee", None)
    shown = [
        codes.card_code("1234567897", 3),
        codes.live_card("1234567897", 3, now),
        codes.live_card("1234567897", 3, now + timedelta(seconds=30)),
        codes.card_code("9876543217", 3),
        codes.use_code("1234567897", 3, use, "00112233445566ff", now),
        codes.use_code("1234567897", 3, use, "00112233445566ff", now + timedelta(seconds=30)),
        codes.use_code("1234567897", 3, use, "ff112233445566ff", now),
        "https://example.com/",
    ]
    held = asks(desk, "codes.js", "return g[0].map((code) => m.identity(code))", shown)

    assert held[0] == held[1] == held[2]
    assert held[4] == held[5]
    assert len(set(held)) == 5

    def select(name: str, seconds: int) -> str:
        at = now + timedelta(seconds=seconds)
        return codes.live_card("1234567897", 3, at, packed(name, SELECTED))

    # What is selected makes it another scan, of the same card.
    several = [select("0" * 16, 0), select("0" * 16, 30), select("1" * 16, 0), shown[0]]
    look = "(code) => [m.identity(code), m.numberOf(code), m.selects(code), m.isOurs(code)]"
    first, moved, anew, plain = asks(desk, "codes.js", f"return g[0].map({look})", several)
    assert first == moved != anew
    assert first[0] != plain[0]
    assert [each[1] for each in (first, moved, anew, plain)] == ["1234567897"] * 4
    assert [each[2:] for each in (first, anew, plain)] == [
        [True, True],
        [True, True],
        [False, True],
    ]


def test_check_digits_are_the_servers(desk: Counter) -> None:
    numbers = [f"{start}{digit}" for start in (123456789, 987654321) for digit in range(10)]
    found = asks(desk, "codes.js", "return g[0].map((text) => m.cardNumber(text))", numbers)

    assert found == [number if is_card_number(number) else None for number in numbers]
    spoken = asks(desk, "codes.js", "return m.cardNumber(g[0])", "１２３-４５６ ７８９７")
    assert spoken == "1234567897"
    pasted = asks(desk, "codes.js", "return m.cardNumber(g[0])", "\u202a1234567897\u202c")
    assert pasted == "1234567897"


KEYS = """
const wedge = new m.Wedge();
let found = "";
for (const [timeStamp, key, code] of g[0]) {
  found = wedge.take({ timeStamp, key, code, isComposing: key === "Process" }) || found;
}
return found;
"""


def keys(text: str, gap_ms: float, *, ime: bool = False) -> list[list[Any]]:
    """How `text` and Enter arrive, `gap_ms` apart."""
    typed = [
        [
            1000 + place * gap_ms,
            "Process" if ime else letter,
            f"Key{letter}" if letter.isalpha() else f"Digit{letter}",
        ]
        for place, letter in enumerate(text)
    ]
    return [*typed, [1000 + len(text) * gap_ms, "Enter", "Enter"]]


def test_fast_keys_are_a_scanner_and_slow_ones_a_person(desk: Counter) -> None:
    assert asks(desk, "wedge.js", KEYS, keys("KABC2345", 15)) == "KABC2345"
    assert asks(desk, "wedge.js", KEYS, keys("KABC2345", 200)) == ""
    assert asks(desk, "wedge.js", KEYS, keys("KABC2345", 90)) == ""
    assert asks(desk, "wedge.js", KEYS, keys("KABC", 15)) == ""
    # Where no field takes it, ten digits that are a card's are one, as quick as no amount is typed.
    assert asks(desk, "wedge.js", KEYS, keys("1234567897", 100)) == "1234567897"
    assert asks(desk, "wedge.js", KEYS, keys("1234567890", 100)) == ""
    assert asks(desk, "wedge.js", KEYS, keys("1234567897", 150)) == ""
    # An amount that was typed right before is no part of the code.
    code = Codes("a secret key of a test, long enough").card_code("1234567897", 3)
    typed = [[400 + 150 * n, digit, f"Digit{digit}"] for n, digit in enumerate("1500")]
    assert asks(desk, "wedge.js", KEYS, [*typed, *keys(code, 1)]) == code
    # Nobody types so many letters: a slow scanner is one, and so is one that stutters.
    assert asks(desk, "wedge.js", KEYS, keys("KABC2345" * 15, 200)) == "KABC2345" * 15
    assert asks(desk, "wedge.js", KEYS, keys("KABC2345" * 15, 700)) == ""
    stutter = keys("KABC2345" * 15, 5)
    for key in stutter[10:]:
        key[0] += 300
    assert asks(desk, "wedge.js", KEYS, stutter) == "KABC2345" * 15
    # With a Japanese input method on, the keys' places still tell the letters.
    assert asks(desk, "wedge.js", KEYS, keys("KABC2345", 15, ime=True)) == "KABC2345"


def test_a_scanner_leaves_nothing_in_the_field_that_had_the_cursor(
    cafe: Town, desk: Counter
) -> None:
    customer = joins(cafe, "さくら")
    desk.page.fill("#find-field", "たなか")
    desk.page.focus("#find-field")
    desk.types(card_code(customer))
    desk.says("チェックインしました")

    assert desk.page.input_value("#find-field") == "たなか"


def test_a_slow_scanner_is_known_by_our_codes_alone(cafe: Town, desk: Counter) -> None:
    """The page of a reward with the shortest name has 68 letters, a card's 122."""
    club = cafe.club
    for reward in ("a", "cookie", "off_100", "tenth_cup"):
        use = club.codes.use_code("1234567897", 1, RewardUse(reward), "00" * 8, club.now())
        for sign in ("", "]Q1"):
            found = asks(desk, "wedge.js", KEYS, keys(sign + use, 200))
            assert found == sign + use
    romaji = "LINEDEOKYAKUSAMANISHOUHINWOOWATASHISHIMASHITATOIUKOTODESUNODEYOROSHIKU"
    assert asks(desk, "wedge.js", KEYS, keys(romaji, 200)) == ""
    kana = [
        [at, "の" if code.startswith("Key") else "や", code] for at, _, code in keys("KAB2", 15)
    ]
    assert asks(desk, "wedge.js", KEYS, [*kana[:-1], *keys("KABC2345", 15)]).endswith("KABC2345")
    typed = [
        {"key": key, "code": code} for key, code in (("の", "KeyK"), ("や", "Digit7"), ("Ｋ", ""))
    ]
    typed += [{"key": "Process", "code": "BracketRight"}, {"key": "Home", "code": "Numpad7"}]
    letters = asks(desk, "wedge.js", "return g[0].map(m.letterOf)", typed)
    assert letters == ["K", "7", "K", "]", ""]


def test_what_scanners_add_is_taken_off_as_the_server_does(desk: Counter) -> None:
    texts = [*AS_SCANNED, "1234512345", "4820117736" * 2, "山田 花子", "https://example.com/", ""]
    found = asks(desk, "codes.js", "return g[0].map(m.scanned)", texts)
    assert found == [as_scanned(text) for text in texts]


QUEUE = """
const rest = { kind: "scan", body: {}, tried: true, sentAt: Date.now() };
for (const id of g[0]) await m.queue.put({ id, at: `2026-01-0${id}T00:00:00Z`, ...rest });
const known = (await m.queue.all()).map((item) => item.id);
const changed = await m.queue.change("2", (item) => ({ ...item, undo: true }));
const gone = await m.queue.change("9", (item) => item);
const unchanged = await m.queue.change("1", () => null);
for (const id of g[0]) await m.queue.drop(id);
return [known, changed.undo, gone, unchanged, await m.queue.count()];
"""


def test_the_queue_is_in_order_and_changes_only_what_is_there(desk: Counter) -> None:
    assert asks(desk, "store.js", QUEUE, ["3", "1", "2"]) == [["1", "2", "3"], True, None, None, 0]


def test_a_cards_jan_is_its_number_where_the_programme_has_its_prefix(desk: Counter) -> None:
    code = (
        "m.learnPrefixes(g[1]); return g[0].map((text) => [m.cardNumber(text), m.isOfGoods(text)])"
    )
    # The card's; below another prefix; with a wrong check digit; a scale's label; goods.
    jans = ["2112345678979", "2212345678976", "2112345678970", "2100000123452", "4569951110016"]
    assert jans[:2] == [with_check_digit(jan[:-1]) for jan in jans[:2]]
    number = "1234567897"
    told = [[number, False], [None, True], [None, False], [None, True], [None, True]]
    assert asks(desk, "codes.js", code, jans, ["21", "29"]) == told
    assert asks(desk, "codes.js", code, [jans[0], number], None) == [
        [None, True],
        [number, False],
    ]
