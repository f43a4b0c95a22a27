"""A file of codes: read in both of its usual encodings, and nothing in it that reckons."""

import pytest

from rules.editing.code_list import CODES_MAX, read_codes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_first_column_is_read_below_its_heading(encoding: str) -> None:
    read = read_codes("コード,使い方\r\nAB-12_x,初回\r\nZZ99,再来\r\n".encode(encoding))
    assert read.codes == ("AB-12_x", "ZZ99")
    assert (read.twice, read.unread, read.is_broken) == ((), (), False)


def test_plain_lines_do_and_what_stands_twice_is_taken_once() -> None:
    read = read_codes(b"AAA\n\nBBB\nAAA\n")
    assert (read.codes, read.twice) == (("AAA", "BBB"), ("AAA",))


@pytest.mark.parametrize(
    "bad", ["=1+2", "+SUM(A1)", "-12345", "@cmd", "AB", "A B C", "日本語", "x" * 41]
)
def test_what_is_no_code_is_named_by_its_row_and_never_kept(bad: str) -> None:
    read = read_codes(f"GOOD1\n{bad}\nGOOD2\n".encode())
    assert (read.codes, read.unread) == (("GOOD1", "GOOD2"), (2,))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x81", b"AB\0CD\n"])
def test_what_is_no_text_is_no_file_of_codes(data: bytes) -> None:
    assert read_codes(data).is_broken


def codes(count: int) -> bytes:
    return "\n".join(f"C{n:05}" for n in range(count)).encode()


def test_more_than_anybody_needs_at_once_is_another_file() -> None:
    assert read_codes(codes(CODES_MAX + 1)).is_broken
    assert len(read_codes(codes(CODES_MAX)).codes) == CODES_MAX
