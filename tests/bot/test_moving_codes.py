"""The moving codes of live cards, of rewards in use and of rewards selected."""

import re
from datetime import datetime, timedelta

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from bot.codes import (
    LIVE_SECONDS,
    LiveCode,
    RewardUse,
    page_nonce,
)
from bot.selections import mark_of, packed, selected_at, selection_name
from tests.bot.test_codes import (
    CODES,
    FOREIGN,
    NOON,
    NUMBER,
    anything,
    moments,
    numbers,
    pixels,
    seconds,
)  # fmt: skip

rewards = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
uses = st.builds(RewardUse, rewards, st.none() | st.integers(1, 9_999_999))
issues = st.integers(0, 65_535)
nonces = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
DESSERT = RewardUse("dessert", 3)


@given(numbers, issues, moments, st.integers(0, LIVE_SECONDS - 1))
def test_a_live_card_says_whose_it_is_and_how_old(
    number: str, issue: int, shown: datetime, age: int
) -> None:
    read = CODES.open_live(CODES.live_card(number, issue, shown), shown + seconds(age))
    assert read == LiveCode(number, issue, None, "", seconds(age))


@given(numbers, issues, uses, nonces, moments)
def test_a_use_code_says_what_is_used_and_from_which_page(
    number: str, issue: int, use: RewardUse, nonce: str, shown: datetime
) -> None:
    code = CODES.use_code(number, issue, use, nonce, shown)
    assert CODES.open_live(code, shown) == LiveCode(number, issue, use, nonce, seconds(0))
    assert re.fullmatch(r"L[A-Z2-7]{1,129}", code)


def test_a_moving_code_counts_for_a_minute_and_a_half() -> None:
    nonce = page_nonce()
    codes = (CODES.live_card(NUMBER, 1, NOON), CODES.use_code(NUMBER, 1, DESSERT, nonce, NOON))

    def is_good(code: str, now: datetime) -> bool:
        live = CODES.open_live(code, now)
        assert live
        return live.is_good

    for code in codes:
        assert is_good(code, NOON + seconds(LIVE_SECONDS))
        assert not is_good(code, NOON + seconds(LIVE_SECONDS + 1))
        assert not is_good(code, NOON + timedelta(days=400))
        # Another machine's clock may be a little ahead, not an hour.
        assert is_good(code, NOON - seconds(50))
        assert not is_good(code, NOON - timedelta(hours=1))


def test_a_moving_code_is_never_the_same_for_two_pages_or_seconds() -> None:
    one, other = page_nonce(), page_nonce()
    shown = {
        CODES.use_code(NUMBER, 1, DESSERT, nonce, NOON + seconds(second))
        for nonce in (one, other)
        for second in range(10)
    }
    assert len(shown) == 20
    assert len({CODES.live_card(NUMBER, 1, NOON + seconds(s)) for s in range(10)}) == 10


def test_moving_codes_fit_a_qr_of_version_6_m_and_are_read_from_it() -> None:
    longest = CODES.use_code("9" * 10, 65_535, RewardUse("a" * 40, 9_999), page_nonce(), NOON)
    for code in (longest, CODES.live_card("9" * 10, 65_535, NOON)):
        qr = segno.make_qr(code, version=6, error="m", mode="alphanumeric", boost_error=False)
        [found] = zxingcpp.read_barcodes(pixels(qr))
        assert found.text == code


def test_moving_codes_and_lasting_ones_never_pass_for_one_another() -> None:
    live = CODES.live_card(NUMBER, 1, NOON)
    use = CODES.use_code(NUMBER, 1, DESSERT, page_nonce(), NOON)
    assert CODES.open_card(live) is None
    assert CODES.open_card(use) is None
    assert CODES.open_live(CODES.card_code(NUMBER), NOON) is None
    foreign = (
        FOREIGN.live_card(NUMBER, 1, NOON),
        FOREIGN.use_code(NUMBER, 1, DESSERT, "0" * 16, NOON),
    )
    assert [CODES.open_live(code, NOON) for code in foreign] == [None, None]


@given(st.booleans(), st.data())
def test_a_moving_code_with_one_letter_changed_is_none(is_use: bool, data: st.DataObject) -> None:
    live = CODES.live_card(NUMBER, 1, NOON)
    code = CODES.use_code(NUMBER, 1, DESSERT, "0" * 16, NOON) if is_use else live
    place = data.draw(st.integers(0, len(code) - 1))
    letters = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if c != code[place]]
    forged = code[:place] + data.draw(st.sampled_from(letters)) + code[place + 1 :]
    assert CODES.open_live(forged, NOON) is None
    assert CODES.open_live(code[:place], NOON) is None


def test_a_scanner_may_change_case_and_width_of_a_moving_code() -> None:
    code = CODES.use_code(NUMBER, 1, DESSERT, page_nonce(), NOON)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for read in (code.lower(), wide, f" {code}\r\n"):
        assert isinstance(CODES.open_live(read, NOON), LiveCode)


@given(anything)
def test_no_other_text_is_a_moving_code(text: str) -> None:
    assert CODES.open_live(text, NOON) is None


def test_a_use_needs_the_name_of_a_reward() -> None:
    for name in ("", "a" * 41):
        with pytest.raises(ValueError, match="reward"):
            CODES.use_code(NUMBER, 1, RewardUse(name), page_nonce(), NOON)


def test_a_card_with_rewards_selected_says_which_and_fits_a_qr_of_version_8_m() -> None:
    uses = [("dessert", None), ("a" * 40, 65_535), *((f"r{n}", n + 1) for n in range(3))]
    code = CODES.live_card("9" * 10, 65_535, NOON, packed(selection_name(NOON), uses))
    qr = segno.make_qr(code, version=8, error="m", mode="alphanumeric", boost_error=False)
    [found] = zxingcpp.read_barcodes(pixels(qr))
    live = CODES.open_live(found.text, NOON + seconds(30))
    assert live
    assert live.selection
    assert (live.number, live.issue, live.use, live.is_good) == ("9" * 10, 65_535, None, True)
    assert [(use.mark, use.voucher) for use in live.selection.uses] == [
        (mark_of(reward), voucher) for reward, voucher in uses
    ]
    assert selected_at(live.selection.name) == NOON
    # One reward costs no more room than the card itself.
    one = CODES.live_card(NUMBER, 1, NOON, packed(selection_name(NOON), uses[:1]))
    segno.make_qr(one, version=6, error="m", mode="alphanumeric", boost_error=False)


@given(st.data())
def test_nobody_changes_what_is_selected(data: st.DataObject) -> None:
    code = CODES.live_card(NUMBER, 1, NOON, packed("0" * 16, [("dessert", 3)]))
    place = data.draw(st.integers(0, len(code) - 1))
    letters = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if c != code[place]]
    forged = code[:place] + data.draw(st.sampled_from(letters)) + code[place + 1 :]
    assert CODES.open_live(forged, NOON) is None
    assert CODES.open_live(code[:place], NOON) is None
    assert CODES.open_card(code) is None


@pytest.mark.parametrize("uses", [[], [("a", None)] * 6, [("a", 65_536)]])
def test_none_too_many_and_impossible_vouchers_are_not_selected(
    uses: list[tuple[str, int | None]],
) -> None:
    with pytest.raises(ValueError, match="selected"):
        packed("0" * 16, uses)
