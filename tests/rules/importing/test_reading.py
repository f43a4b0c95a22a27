"""What is no table, or would fill the memory, is refused with the row at which it is seen."""

import codecs
import io

import pytest

from rules.importing.cells import is_formula, text_in
from rules.importing.reading import BYTES_MAX, UnreadableTable, encoding_of, rows_of


def read(data: bytes) -> list[tuple[int, list[str]]]:
    file = io.BytesIO(data)
    return list(rows_of(file, encoding_of(file)))


def test_a_line_that_no_row_is_so_long_as_is_not_held_whole() -> None:
    endless = "氏名,電話\n山田,1\n".encode() + b"," * 5_000_000
    with pytest.raises(UnreadableTable) as told:
        read(endless)
    assert (told.value.code, told.value.values) == ("import_broken", {"n": 3})
    assert read("氏名,電話\n山田,1\n".encode()) == [(1, ["氏名", "電話"]), (2, ["山田", "1"])]


def test_a_file_in_utf_16_may_be_no_longer_than_another() -> None:
    long = codecs.BOM_UTF16_LE + b"a\0" * (BYTES_MAX // 2)
    with pytest.raises(UnreadableTable, match="import_large"):
        encoding_of(io.BytesIO(long))
    assert read("氏名\n山田\n".encode("utf-16")) == [(1, ["氏名"]), (2, ["山田"])]


@pytest.mark.parametrize("cell", ["=1+2", "@SUM(A1)", "＝1", '=HYPERLINK("https://x")'])
def test_a_formula_is_seen(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize(
    ("cell", "text"), [('="0012"', "0012"), ("'=x", "=x"), ("+819012345678",) * 2]
)
def test_what_kept_a_spreadsheet_from_reckoning_is_none(cell: str, text: str) -> None:
    assert not is_formula(cell)
    assert text_in(cell) == text
