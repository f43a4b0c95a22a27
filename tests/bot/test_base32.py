"""Letters for scanners and for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import base32


@given(st.binary(max_size=90))
def test_what_is_scanned_is_what_was_shown(data: bytes) -> None:
    assert base32.decoded(base32.encoded(data)) == data
    assert base32.decoded(base32.encoded(data).lower() + "\r\n") == data


@given(st.binary(min_size=5, max_size=5))
def test_what_is_typed_is_what_was_shown(data: bytes) -> None:
    shown = base32.to_type(data)
    spoken = shown.lower().replace("1", "l").replace("0", "o")
    assert base32.typed(shown) == base32.typed(f"{spoken[:4]} - {spoken[4:]}") == data


def test_one_code_has_one_spelling() -> None:
    assert base32.decoded("AA") == b"\0"
    assert base32.decoded("AB") is None


@pytest.mark.parametrize("wrong", ["", "7K2MQ9X", "7K2MQ9XDD", "7K2MQ9XU", "7K2MQ9XDあ"])
def test_anything_else_was_not_shown_to_be_typed(wrong: str) -> None:
    assert base32.typed(wrong) is None


@pytest.mark.parametrize("wrong", ["1", "AAAAAAA1", "A" * 8_000])
def test_anything_else_was_not_shown_to_be_scanned(wrong: str) -> None:
    assert not base32.decoded(wrong)
