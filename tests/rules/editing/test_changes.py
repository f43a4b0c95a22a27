"""What a draft changes is told field by field, as people read it."""

import tomllib

from rules.editing.changes import FieldChange, part_differences
from rules.editing.parts import Part
from rules.wording.words import Words
from tests.rules.examples import CAFE, changed, programme

BEFORE = tomllib.loads(CAFE)


def told(*changes: tuple[str, str]) -> dict[Part, tuple[FieldChange, ...]]:
    text = changed(CAFE, *changes)
    words = Words(programme(text), "ja")
    return {each.part: each.fields for each in part_differences(words, BEFORE, tomllib.loads(text))}


def test_a_setting_is_told_with_what_it_was() -> None:
    twice, never = ("per_day_max = 1   ", "per_day_max = 2   "), ("beacon = true", "beacon = false")
    assert told(twice, never) == {
        Part("visits"): (
            FieldChange(("1日に数える来店の回数",), "1", "2"),
            FieldChange(("LINE Beaconでの来店の記録",), "はい", "いいえ"),
        )
    }


def test_what_stands_in_a_row_is_told_by_the_names_that_lead_to_it() -> None:
    [step] = told(("at = 6\n", "at = 7\n"))[Part("ranks")]
    assert step == FieldChange(("ランク", "silver", "このランクになる数"), "6", "7")


def test_another_kind_is_told_by_its_name_and_with_what_it_asks() -> None:
    changes = told(('kind = "calendar_month"', 'kind = "rolling", days = 30'))[Part("ranks")]
    assert changes == (
        FieldChange(("数える期間",), "今月（1日から月末）", "最近の日数で"),
        FieldChange(("数える期間", "日数"), "", "30"),
    )


def test_nothing_changed_is_nothing_told() -> None:
    assert told() == {}
