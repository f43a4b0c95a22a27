"""A file that can't be used is told why, whatever is wrong with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.checking.reading import InvalidProgramme, decode, parse
from rules.editing.templates import template
from tests.chance import examples
from tests.rules.examples import CAFE, GYM, LEAST, changed

VISIT = 'award = { kind = "fixed", points = 10 }'
VALUES = [
    "0", "-1", "1.5", "nan", '""', '"x"', "true", "[]", "[1, 'a']", "{}", '{ kind = "x" }',
    "{ kind = 3 }", "2026-02-01", "10:00:00", "2026-02-01T10:00:00Z", "99999999999999999999",
    "[[{}]]",
]  # fmt: skip


def test_all_problems_are_named_at_once() -> None:
    parsed = parse(
        changed(CAFE, (VISIT, ""), ("at = 3\n", "at = 0\n"), ("counter_qr", "counterqr"))
    )

    assert isinstance(parsed, InvalidProgramme)
    assert [problem.path for problem in parsed.problems] == [
        "visits.counterqr",
        'ranks.steps[0] "bronze" .at',
        'earning[1] "visit" .award',
    ]


def test_a_problem_reads_as_one_line() -> None:
    parsed = parse(changed(CAFE, (VISIT, 'award = { kind = "fixed", points = 0 }')))

    assert isinstance(parsed, InvalidProgramme)
    assert parsed.problems[0].line("en") == (
        'earning[1] "visit" .award.points: must be 1 or more; it is 0'
    )


def test_a_list_written_with_one_bracket_is_explained() -> None:
    parsed = parse(LEAST.replace("[[stores]]", "[stores]"))

    assert isinstance(parsed, InvalidProgramme)
    assert [problem.line("en") for problem in parsed.problems] == [
        "stores: must be a list: write [[stores]] with two brackets for each one"
    ]


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (CAFE.encode("cp932", errors="replace"), "is saved in Shift-JIS. Save it as UTF-8"),
        (CAFE.encode("euc_jp", errors="replace"), "is saved in EUC-JP. Save it as UTF-8"),
        (CAFE.encode("utf-16"), "is saved in UTF-16. Save it as UTF-8"),
        (b"\x80\xff\xff", "is no text in UTF-8"),
    ],
)
def test_a_file_in_another_encoding_is_told_which(contents: bytes, said: str) -> None:
    decoded = decode(contents)
    assert isinstance(decoded, InvalidProgramme)
    assert said in decoded.listed("en")
    assert "UTF-8" in decoded.listed("ja")


def test_a_byte_order_mark_is_nobodys_fault() -> None:
    assert decode(CAFE.encode("utf-8-sig")) == CAFE


def test_an_empty_file_names_what_is_needed() -> None:
    parsed = parse("")

    assert isinstance(parsed, InvalidProgramme)
    paths = [problem.path for problem in parsed.problems]
    assert paths == ["format", "shop", "stores", "points", "privacy"]


@pytest.mark.parametrize("text", ["a = " + "9" * 5_000, "a = " + "[" * 5_000 + "]" * 5_000])
def test_a_file_that_python_cannot_read_is_a_problem_and_no_crash(text: str) -> None:
    parsed = parse(text)

    assert isinstance(parsed, InvalidProgramme)
    assert [problem.path for problem in parsed.problems] == ["program.toml"]


def test_deeply_nested_tables_are_a_problem_and_no_crash() -> None:
    parsed = parse(".".join("a" * 5_000) + " = 1")

    assert isinstance(parsed, InvalidProgramme)


@settings(max_examples=examples(150), deadline=None)
@given(data=st.data())
def test_no_slip_of_the_keyboard_crashes_the_reading(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from([CAFE, GYM])).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "value", "key"])):
            case "drop":
                lines[place] = ""
            case "double":
                lines.insert(place, lines[place])
            case "value":
                value = data.draw(st.sampled_from(VALUES))
                key, equals, _ = lines[place].partition(" = ")
                lines[place] = f"{key} = {value}" if equals else key
            case "key":
                lines[place] = f"x{lines[place]}"

    parsed = parse("\n".join(lines))

    if isinstance(parsed, InvalidProgramme):
        assert parsed.problems
        for problem in parsed.problems:
            assert problem.path
            assert "Input should" not in problem.message("en")
            assert "Value error" not in problem.message("en")


def test_what_is_wrong_in_the_only_store_does_not_make_the_stores_too_few() -> None:
    name = 'name = { ja = "本店", en = "Main shop" }'
    found = parse(template("cafe").replace(name, f'{name}\nphone = "zero"'))
    assert isinstance(found, InvalidProgramme)
    assert [each.code for each in found.problems] == ["pattern_phone"]
