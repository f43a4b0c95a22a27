"""Slips that make a file no TOML: the line, and what to write."""

import pytest

from rules.checking.reading import InvalidProgramme, parse
from rules.checking.toml_slips import slips
from tests.rules.examples import CAFE, changed

QUIET = "quiet_from = 20:00:00"
NAME = '"通い路珈琲合同会社"'
HOURS = 'needs = {{ kind = "time_of_day", count = 5, hours = {{ start = {}, end = {} }} }}'
#: What is changed, the line that is quoted, why, and what is to be written.
SLIPS: dict[str, tuple[tuple[str, str], str, str, str]] = {
    "a time without seconds": (
        (QUIET, "quiet_from = 20:00"), "quiet_from = 20:00", "toml_time", QUIET,
    ),
    "a time of one digit": (
        ("day_starts_at = 04:00:00 ", "day_starts_at = 4:00:00 "),
        "day_starts_at = 4:00:00           # a visit at 01:30 still belongs to yesterday",
        "toml_time",
        "day_starts_at = 04:00:00           # a visit at 01:30 still belongs to yesterday",
    ),
    "times in a table": (
        ("start = 07:00:00, end = 10:00:00", "start = 7:00, end = 10:00"),
        'needs = { kind = "time_of_day", count = 5, hours = { start = 7:00, end = 10:00 } }',
        "toml_time",
        'needs = { kind = "time_of_day", count = 5, hours = { start = 07:00:00, end = 10:00:00 } }',
    ),
    "full-width digits": (
        ("at = 3\n", "at = ３\n"), "at = ３", "toml_wide", "at = 3",
    ),
    "a full-width equals sign and space": (
        ("at = 3\n", "at\u3000＝\u30003\n"), "at\u3000＝\u30003", "toml_wide", "at = 3",
    ),
    "a full-width time": (
        (QUIET, "quiet_from = ２０：００"), "quiet_from = ２０：００", "toml_wide", QUIET,
    ),
    "curly quotes": (
        (NAME, "“通い路珈琲合同会社”"),
        "legal_name = “通い路珈琲合同会社”", "toml_quotes", f"legal_name = {NAME}",
    ),
    "curly quotes around full-width letters, which are the shop's own": (
        (NAME, "“株式会社ＡＢＣ”"),
        "legal_name = “株式会社ＡＢＣ”", "toml_quotes", 'legal_name = "株式会社ＡＢＣ"',
    ),
    "Japanese quotes": (
        (NAME, "「通い路珈琲合同会社」"),
        "legal_name = 「通い路珈琲合同会社」", "toml_quotes", f"legal_name = {NAME}",
    ),
    "full-width quotes around full-width digits, after a full-width equals sign": (
        ("at = 3\n", "at ＝ ３\n"), "at ＝ ３", "toml_wide", "at = 3",
    ),
    "curly quotes and a time": (
        ("{ start = 07:00:00, end = 10:00:00 }", "{ start = “07:00:00”, end = 10:00 }"),
        HOURS.format("“07:00:00”", "10:00"),
        "toml_quotes",
        HOURS.format('"07:00:00"', "10:00:00"),
    ),
    "no quotes": (
        (NAME, "通い路珈琲合同会社"),
        "legal_name = 通い路珈琲合同会社", "toml_text", f"legal_name = {NAME}",
    ),
    "quotes not closed": (
        (NAME, '"通い路珈琲合同会社'),
        'legal_name = "通い路珈琲合同会社', "toml_closed", f"legal_name = {NAME}",
    ),
    "a date with slashes": (
        ("{ on = 2025-12-31, until = 2026-01-02 }", "{ on = 2025/12/31, until = 2026/1/2 }"),
        "{ on = 2025/12/31, until = 2026/1/2 },", "toml_date",
        "{ on = 2025-12-31, until = 2026-01-02 },",
    ),
    "a capital": (
        ("counter_qr = true  ", "counter_qr = True  "),
        "counter_qr = True                  # the changing QR at the counter", "toml_bool",
        "counter_qr = true                  # the changing QR at the counter",
    ),
    "a number with a comma": (
        ("cost = 450\n", "cost = 4,500\n"), "cost = 4,500", "toml_number", "cost = 4500",
    ),
    "a number with its unit": (
        ("cost = 150", "cost = 150ポイント"), "cost = 150ポイント", "toml_number", "cost = 150",
    ),
    "a colon": (
        ("at = 3\n", "at: 3\n"), "at: 3", "toml_equals", "at = 3",
    ),
    "a comma too many": (
        ("{ visits = 1, days = 30 }  ", "{ visits = 1, days = 30, }  "),
        "revival = { visits = 1, days = 30, }   # 「あと1回で復活しますよ！」", "toml_comma",
        "revival = { visits = 1, days = 30 }   # 「あと1回で復活しますよ！」",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_shows_its_line_and_what_to_write(name: str) -> None:
    change, line, code, write = SLIPS[name]
    text = changed(CAFE, change)
    [problem] = slips(text)
    number = next(n for n, each in enumerate(text.split("\n"), 1) if each.strip() == line)
    said = {"number": number, "line": line, "write": write}
    assert (problem.code, problem.values) == (code, said)
    parsed = parse(text)
    assert isinstance(parsed, InvalidProgramme)
    assert parsed.problems == (problem,)
    assert f"{number}行目: `{line}`" in problem.message("ja")


def test_several_slips_are_told_at_once_in_their_order() -> None:
    text = changed(CAFE, ("at = 3\n", "at = ３\n"), (QUIET, "quiet_from = 20:00"))
    assert [problem.code for problem in slips(text)] == ["toml_time", "toml_wide"]


def test_what_no_repair_helps_is_shown_as_it_stands() -> None:
    [problem] = slips(changed(CAFE, ("at = 3\n", "at = = 3\n")))
    assert (problem.code, problem.values["line"]) == ("toml_line", "at = = 3")


def test_a_key_or_heading_written_twice_is_named() -> None:
    [key] = slips(changed(CAFE, ("at = 3\n", "at = 3\nat = 4\n")))
    assert (key.code, key.values["line"]) == ("toml_twice", "at = 4")
    [heading] = slips(CAFE.replace("[[stores]]", "[stores]"))
    assert (heading.code, heading.values["write"]) == ("toml_again", "[[stores]]")


def test_a_file_that_ends_in_the_middle_is_said_to() -> None:
    [problem] = slips('name = """\nnobody closes this')
    assert problem.code == "toml_end"


def test_good_toml_has_no_slips() -> None:
    assert list(slips(CAFE)) == []
