import base64
import re
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import segno
import zxingcpp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import assume, given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from PIL import Image

from bot.codes import (
    CardCode,
    Codes,
    CounterHit,
    PictureAddress,
)

SECRET = "a secret of this installation only, long enough"
CODES = Codes(SECRET)
FOREIGN = Codes("the secret of another installation, long enough")
STORES = ("ekimae", "kawabe")
NOON = datetime(2026, 11, 23, 3, 0, 30, tzinfo=UTC)
NUMBER = "4820117736"

numbers = st.from_regex(r"[0-9]{10}", fullmatch=True)
moments = st.integers(1_577_836_800, 4_733_510_400).map(lambda s: datetime.fromtimestamp(s, UTC))
base32 = st.binary(max_size=120).map(lambda data: base64.b32encode(data).decode())
anything = st.text(max_size=200) | base32


def seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


# ── The counter's code ───────────────────────────────────────────────────────────────────────────


def test_a_counter_code_is_two_groups_of_four_without_letters_that_are_misread() -> None:
    for minute in range(200):
        code = CODES.counter_code("ekimae", NOON + timedelta(minutes=minute))
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)


def test_a_counter_code_changes_each_minute_and_differs_by_store_and_installation() -> None:
    minutes = [NOON + timedelta(minutes=minute) for minute in range(60)]
    shown = [c.counter_code(s, at) for at in minutes for s in STORES for c in (CODES, FOREIGN)]
    assert len(set(shown)) == 240
    within = {CODES.counter_code("ekimae", NOON.replace(second=s)) for s in range(60)}
    assert len(within) == 1


@given(moments, st.sampled_from(STORES), st.integers(2, 30), st.data())
def test_a_counter_code_counts_while_it_is_shown_and_so_many_minutes_after(
    shown: datetime, store: str, minutes: int, data: st.DataObject
) -> None:
    sent = shown + seconds(data.draw(st.integers(0, minutes * 60)))
    found = CODES.check_counter(CODES.counter_code(store, shown), STORES, sent, minutes)
    assert isinstance(found, CounterHit)
    assert found.store == store
    assert found.shown_at == shown.replace(second=0, microsecond=0)


def test_what_was_shown_too_long_ago_is_expired_and_after_hours_unknown() -> None:
    code = CODES.counter_code("ekimae", NOON)  # shown until 30 seconds later
    ends = NOON + seconds(30)
    assert CODES.check_counter(code, STORES, ends + seconds(299), 5) != "expired"
    assert CODES.check_counter(code, STORES, ends + seconds(300), 5) == "expired"
    assert CODES.check_counter(code, STORES, ends + timedelta(hours=2, minutes=59), 5) == "expired"
    assert CODES.check_counter(code, STORES, ends + timedelta(hours=4), 5) == "unknown"


def test_a_phone_whose_minute_is_behind_ours_is_believed_but_not_the_far_future() -> None:
    code = CODES.counter_code("kawabe", NOON)
    early = NOON - seconds(50)
    assert CODES.check_counter(code, STORES, early, 5) == CounterHit("kawabe", early)
    assert CODES.check_counter(code, STORES, NOON - seconds(121), 5) == "unknown"


@pytest.mark.parametrize(
    "typed",
    [
        "{a}-{b}",
        " {a} {b} ",
        "{a}{b}",
        "{a}ー{b}",
        "{a}−{b}。",
        "{a}\u3000{b}\n",
    ],
)
def test_a_counter_code_is_read_however_it_was_typed(typed: str) -> None:
    code = CODES.counter_code("ekimae", NOON)
    text = typed.format(a=code[:4], b=code[5:])
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    for given_code in (text, text.lower(), wide, wide.lower()):
        assert isinstance(CODES.check_counter(given_code, STORES, NOON, 5), CounterHit)


def test_misread_letters_of_a_counter_code_are_forgiven() -> None:
    minutes = (NOON + timedelta(minutes=minute) for minute in range(1000))
    at = next(m for m in minutes if {"0", "1"} <= set(CODES.counter_code("ekimae", m)))
    code = CODES.counter_code("ekimae", at)
    for one in "ILil":
        misread = code.replace("0", "O").replace("1", one)
        assert isinstance(CODES.check_counter(misread, STORES, at, 5), CounterHit)


def test_a_code_of_another_installation_or_of_a_store_that_is_gone_is_unknown() -> None:
    foreign = FOREIGN.counter_code("ekimae", NOON)
    assert CODES.check_counter(foreign, STORES, NOON, 5) == "unknown"
    closed = CODES.counter_code("closed", NOON)
    assert CODES.check_counter(closed, STORES, NOON, 5) == "unknown"
    assert CODES.check_counter(CODES.counter_code("ekimae", NOON), (), NOON, 5) == "unknown"


@given(anything)
def test_no_other_text_is_a_counter_code(text: str) -> None:
    assert CODES.check_counter(text, STORES, NOON, 5) == "unknown"


def test_a_wrong_code_costs_little_even_in_the_largest_chain() -> None:
    stores = [f"store_{n}" for n in range(500)]
    # Of this thread's own work: neighbours take their time of the wall's clock alone.
    began = time.thread_time()
    assert CODES.check_counter("7K2M-Q9XD", stores, NOON, 30) == "unknown"
    assert time.thread_time() - began < 3


# ── The card's code ──────────────────────────────────────────────────────────────────────────────


@given(numbers, st.integers(0, 65_535))
def test_a_card_code_says_whose_card_it_is(number: str, issue: int) -> None:
    code = CODES.card_code(number, issue)
    assert CODES.open_card(code) == CardCode(number, issue)
    assert FOREIGN.open_card(code) is None


def test_a_card_code_is_capital_letters_and_digits_that_begin_with_k() -> None:
    assert re.fullmatch(r"K[A-Z2-7]{121}", CODES.card_code(NUMBER))


def test_a_card_code_is_the_same_each_time_and_other_for_each_issue() -> None:
    assert Codes(SECRET).card_code(NUMBER) == CODES.card_code(NUMBER)
    assert CODES.card_code(NUMBER, 1) != CODES.card_code(NUMBER, 2)


def test_a_card_code_fits_a_qr_of_version_6_m_in_alphanumeric_mode() -> None:
    code = CODES.card_code("9" * 10, 65_535)
    qr = segno.make_qr(code, version=6, error="m", mode="alphanumeric", boost_error=False)
    assert qr.designator == "6-M"
    [found] = zxingcpp.read_barcodes(pixels(qr))
    assert CODES.open_card(found.text) == CardCode("9" * 10, 65_535)


def pixels(qr: segno.QRCode) -> Image.Image:
    out = BytesIO()
    qr.save(out, kind="png", scale=6, border=4)
    return Image.open(out).convert("L")


def test_a_scanner_may_change_case_and_width_and_add_a_line_end() -> None:
    code = CODES.card_code(NUMBER)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for read in (code.lower(), wide, f" {code}\r\n", f"{code[:60]} {code[60:]}"):
        assert CODES.open_card(read) == CardCode(NUMBER, 1)


@given(numbers, st.data())
def test_a_card_code_with_one_letter_changed_is_no_card_code(
    number: str, data: st.DataObject
) -> None:
    code = CODES.card_code(number)
    place = data.draw(st.integers(0, len(code) - 1))
    letters = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if c != code[place]]
    forged = code[:place] + data.draw(st.sampled_from(letters)) + code[place + 1 :]
    assert CODES.open_card(forged) is None


@given(numbers, st.integers(0, 121))
def test_a_card_code_that_was_cut_or_grew_is_no_card_code(number: str, length: int) -> None:
    code = CODES.card_code(number)
    assert CODES.open_card(code[:length]) is None
    assert CODES.open_card(code[length:] + code) is None


@given(numbers, numbers)
def test_the_signature_of_one_card_is_worth_nothing_on_another(one: str, other: str) -> None:
    mine, yours = (base64.b32decode(CODES.card_code(n) + "=" * 6) for n in (one, other))
    mixed = base64.b32encode(yours[:12] + mine[12:]).decode().rstrip("=")
    assert CODES.open_card(mixed) == (CardCode(one, 1) if one == other else None)


@given(anything)
def test_no_other_text_is_a_card_code(text: str) -> None:
    assert CODES.open_card(text) is None


@pytest.mark.parametrize("number", ["", "123", "12345678901", "123456789x", "１２３４５６７８９０"])
def test_a_card_needs_a_number_of_ten_digits(number: str) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        CODES.card_code(number)


@pytest.mark.parametrize("issue", [-1, 65_536])
def test_an_issue_must_fit_the_code(issue: int) -> None:
    with pytest.raises(ValueError, match="two bytes"):
        CODES.card_code(NUMBER, issue)


def test_a_device_without_network_can_check_a_card_with_the_public_key() -> None:
    data = base64.b32decode(CODES.card_code(NUMBER) + "=" * 6)
    key = Ed25519PublicKey.from_public_bytes(CODES.public_keys()[0])
    key.verify(data[12:], b"kayoi card\0" + data[:12])
    other = Ed25519PublicKey.from_public_bytes(FOREIGN.public_keys()[0])
    with pytest.raises(InvalidSignature):
        other.verify(data[12:], b"kayoi card\0" + data[:12])


# ── Moving codes ─────────────────────────────────────────────────────────────────────────────────
# ── Addresses of pictures ────────────────────────────────────────────────────────────────────────


KINDS = ("card", "badges", "calendar", "badge", "rank")
pictures = st.builds(
    PictureAddress,
    st.sampled_from(KINDS),
    numbers,
    st.text(st.characters(codec="utf-8"), max_size=60),
)


def token_of(path: str) -> str:
    found = re.fullmatch(r"/images/[a-z]+/([A-Za-z0-9_-]+)\.jpg", path)
    assert found
    return found[1]


@given(pictures)
def test_a_picture_has_one_address_for_ever_which_does_not_show_whose_it_is(
    what: PictureAddress,
) -> None:
    path = CODES.picture_path(what)
    assert path == Codes(SECRET).picture_path(what)
    assert CODES.read_picture(what.kind, token_of(path)) == what
    assert FOREIGN.read_picture(what.kind, token_of(path)) is None
    assert what.number not in path


@given(pictures, st.data())
def test_a_changed_address_leads_to_no_picture(what: PictureAddress, data: st.DataObject) -> None:
    token = token_of(CODES.picture_path(what))
    place = data.draw(st.integers(0, len(token) - 1))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=."
    other = data.draw(st.sampled_from([c for c in letters if c != token[place]]))
    assert CODES.read_picture(what.kind, token[:place] + other + token[place + 1 :]) is None
    assert CODES.read_picture(what.kind, token[:place]) is None
    for kind in set(KINDS) - {what.kind}:
        assert CODES.read_picture(kind, token) is None


@given(anything, anything)
def test_no_other_text_is_the_address_of_a_picture(kind: str, text: str) -> None:
    assert CODES.read_picture(kind, text) is None
    assert CODES.read_picture("card", text) is None


# ── Signed links ─────────────────────────────────────────────────────────────────────────────────


@given(st.text(max_size=60), st.text(max_size=20))
def test_a_link_says_what_was_signed_for_its_purpose_only(value: str, purpose: str) -> None:
    token = CODES.sign(purpose, value)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", token)
    assert CODES.unsign(purpose, token, None) == value
    assert CODES.unsign(purpose, token, 60) == value
    assert CODES.unsign(purpose + "x", token, None) is None
    assert FOREIGN.unsign(purpose, token, None) is None


def test_a_link_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    token = CODES.sign("counter", "ekimae")
    later = int(time.time()) + 3_600
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: later)
    assert CODES.unsign("counter", token, 3_599) is None
    assert CODES.unsign("counter", token, 3_700) == "ekimae"
    assert CODES.unsign("counter", token, None) == "ekimae"


@given(st.text(max_size=60), st.data())
def test_a_link_with_one_letter_changed_says_nothing(value: str, data: st.DataObject) -> None:
    token = CODES.sign("counter", value)
    # The last letter of the signature holds bits that mean nothing.
    place = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("AZaz09-_."))
    # What is drawn from must be the same in the next second, when the token is another.
    assume(other != token[place])
    assert CODES.unsign("counter", token[:place] + other + token[place + 1 :], None) is None


@given(anything | st.text(alphabet=st.characters(categories=["Cs", "Lu"]), max_size=30))
def test_no_other_text_is_a_link(text: str) -> None:
    assert CODES.unsign("counter", text, None) is None
    assert CODES.check_counter(text, STORES, NOON, 5) == "unknown"
    assert CODES.open_card(text) is None
    assert CODES.read_picture("card", text) is None


# ── Another secret key ───────────────────────────────────────────────────────────────────────────

CHANGED = Codes("the secret this installation has now, long enough", [SECRET])


def test_what_may_be_months_old_is_read_by_the_key_of_before() -> None:
    address = PictureAddress("card", NUMBER, "ja 1 abc")
    assert CHANGED.open_card(CODES.card_code(NUMBER, 3)) == CardCode(NUMBER, 3)
    assert CHANGED.read_picture("card", token_of(CODES.picture_path(address))) == address
    assert CHANGED.is_sms_stop(CODES.sms_stop_code(NUMBER, "+819012345678"), "+819012345678")
    live = CHANGED.open_live(CODES.live_card(NUMBER, 3, NOON), NOON)
    assert live is not None
    assert live.number == NUMBER


def test_what_is_made_now_is_made_with_the_new_key_alone() -> None:
    assert CODES.open_card(CHANGED.card_code(NUMBER, 3)) is None
    assert CHANGED.open_card(CHANGED.card_code(NUMBER, 3)) == CardCode(NUMBER, 3)
    assert CHANGED.public_keys()[1:] == CODES.public_keys()
    assert CHANGED.cookie_key() != CODES.cookie_key()


def test_what_is_used_within_minutes_dies_with_its_key() -> None:
    assert CHANGED.unsign("counter page", CODES.sign("counter page", "ekimae"), None) is None
    assert CHANGED.check_counter(CODES.counter_code("ekimae", NOON), STORES, NOON, 5) == "unknown"


def test_a_key_that_is_not_listed_any_more_opens_nothing() -> None:
    alone = Codes("the secret this installation has now, long enough")
    assert alone.open_card(CODES.card_code(NUMBER, 3)) is None
    assert not alone.is_sms_stop(CODES.sms_stop_code(NUMBER, "+819012345678"), "+819012345678")


def test_what_is_remembered_is_known_again_by_the_key_of_before() -> None:
    assert CHANGED.marks("account", "U1")[1:] == CODES.marks("account", "U1")
    assert len({*CHANGED.marks("account", "U1"), *CHANGED.marks("account", "U2")}) == 4
