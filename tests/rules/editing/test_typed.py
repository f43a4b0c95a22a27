"""What was typed becomes what the file would say, and nothing else changes by it."""

import tomllib
from typing import Any

import pytest

from rules.checking.reading import InvalidProgramme, parse
from rules.editing import parts
from rules.editing.fields import GOES, Filled
from rules.editing.ids import with_perk_ids
from rules.editing.parts import Part, id_of, values_of
from rules.editing.templates import TEMPLATES, template
from rules.editing.typed import number, read
from tests.rules.editing.browser import sent
from tests.rules.examples import CAFE, GYM

SHIPPED = {"café": CAFE, "grown gym": GYM} | {trade: template(trade) for trade in TEMPLATES}
PARTS = [
    (name, part) for name, text in SHIPPED.items() for part in parts.parts_in(tomllib.loads(text))
]


def form_of(text: str, part: Part) -> tuple[dict[str, Any], dict[str, list[str]], Any]:
    """What the file says of it, the form of that as sent, and its controls."""
    values = dict(values_of(tomllib.loads(text), part) or {})
    kind = str(values["kind"]) if parts.kinds_of(part.section) else ""
    controls = parts.controls(part.section, kind)
    return values, sent(Filled(values).fields(controls)), controls


@pytest.mark.parametrize(
    ("name", "part"), PARTS, ids=lambda each: str(getattr(each, "address", each))
)
def test_a_form_that_nobody_changed_says_what_the_file_said(name: str, part: Part) -> None:
    values, form, controls = form_of(SHIPPED[name], part)
    unasked = {key: values[key] for key in ("id", "kind") if key in values}
    typed = unasked | read(controls, form, values)
    assert with_perk_ids(typed, part, tomllib.loads(SHIPPED[name])) == values


@pytest.mark.parametrize(
    ("typed", "value"),
    [("１，２００円", 1200), ("10ポイント", 10), ("2.5", "2.5"), ("十", "十"), ("1e99", "1e99")],
)
def test_a_whole_number_is_read_however_people_write_it(typed: str, value: object) -> None:
    assert number(typed, whole=True) == value


def test_what_is_no_number_is_told_as_the_file_would_tell_it() -> None:
    values, form, controls = form_of(CAFE, Part("visits"))
    typed = read(controls, form | {"per_day_max": ["たくさん"]}, values)
    assert typed["per_day_max"] == "たくさん"
    text = CAFE.replace("per_day_max = 1   ", 'per_day_max = "たくさん"   ', 1)
    read_again = parse(text)
    assert isinstance(read_again, InvalidProgramme)
    own, others = parts.sorted_out(read_again.problems, tomllib.loads(text), Part("visits"))
    assert (list(own), others) == (["per_day_max"], ())


def test_a_row_is_added_changed_and_taken_away_and_keeps_its_id() -> None:
    values, form, controls = form_of(CAFE, Part("ranks"))
    steps = values["steps"]
    form["steps.0.name.ja"] = ["はじめの一歩"]
    form[f"steps.1.{GOES}"] = ["on"]
    form |= {"steps.3.name.ja": ["プラチナ"], "steps.3.name.en": ["Bronze"], "steps.3.at": ["20"]}
    typed = read(controls, form, values)
    now = with_perk_ids(typed, Part("ranks"), tomllib.loads(CAFE))["steps"]
    assert [id_of(step) for step in now] == ["bronze", "gold", "bronze_2"]
    assert now[0] == steps[0] | {"name": {"ja": "はじめの一歩", "en": "Bronze Fan"}}
    assert now[2] == {"id": "bronze_2", "name": {"ja": "プラチナ", "en": "Bronze"}, "at": 20}


def test_nothing_ticked_where_something_holds_by_itself_is_nothing_and_not_that() -> None:
    controls = parts.controls("campaigns")
    form = {"name.ja": ["冬"], "effect": ["bonus"], "effect.points": ["5"]}
    assert read(controls, form)["on"] == []


def test_what_may_be_done_without_is_left_out_when_it_is_switched_off() -> None:
    values, form, controls = form_of(CAFE, Part("shop"))
    assert "hours" in values
    del form["hours.__used"]
    assert "hours" not in read(controls, form, values)


def test_another_kind_takes_nothing_along() -> None:
    values, form, controls = form_of(CAFE, Part("points"))
    assert values["expiry"]["kind"] == "inactivity"
    form["expiry"] = ["never"]
    assert read(controls, form, values)["expiry"] == {"kind": "never"}
    form["expiry"] = ["for ever"]
    assert read(controls, form, values)["expiry"] == {"kind": "for ever"}


def test_rows_that_nobody_wrote_are_shown_as_they_hold_and_stay_unwritten() -> None:
    controls = parts.controls("journeys", "lapsed")
    fields = {field.name: field for field in Filled({}).fields(controls)}
    days = [
        field.value
        for row in fields["steps"].rows
        for field in row.inside
        if field.control.key == "days" and not row.is_new
    ]
    assert days == ["60", "90", "150"]
    form = sent(fields.values())
    assert "steps" not in read(controls, form)
    form["steps.0.days"] = ["45"]
    assert [step["days"] for step in read(controls, form)["steps"]] == [45, 90, 150]
