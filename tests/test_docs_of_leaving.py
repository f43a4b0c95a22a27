"""docs/leaving.md tells of every file of an export, of each field in it and how it is written, and
of nothing else."""

import dataclasses
import re
from collections.abc import Mapping
from typing import get_args

from bot.leaving.manifest import Manifest
from bot.store.leaving.kinds import LEFT_OUT, TAKEN, FieldKind, fields_of
from bot.store.tables import metadata
from rules.activity import What
from tests.rules.examples import ROOT

TEXT = (ROOT / "docs" / "leaving.md").read_text(encoding="utf-8")
#: How the document says what a field is.
SAID: Mapping[str, FieldKind] = {
    "whole number": "int",
    "number": "float",
    "yes/no": "bool",
    "moment": "time",
    "day": "day",
    "text": "text",
    "bytes": "bytes",
    "file": "file",
}


def table(title: str) -> list[list[str]]:
    """The cells of the first table under that heading, without the marks of code."""
    part = re.split(rf"^#+ {re.escape(title)}$", TEXT, flags=re.MULTILINE)[1]
    part = re.split(r"^#+ ", part, flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def name(cell: str) -> str:
    return cell.strip("`")


def test_every_table_is_taken_along_or_says_why_not() -> None:
    """A new table needs a place in `bot/store/leaving/kinds.py`, in TAKEN or with a reason in
    LEFT_OUT; what is taken along has a section in docs/leaving.md."""
    assert TAKEN | LEFT_OUT.keys() == metadata.tables.keys()
    assert not TAKEN & LEFT_OUT.keys()


def test_each_kind_has_its_fields_and_nothing_more() -> None:
    assert set(re.findall(r"^### `(\w+)`$", TEXT, re.MULTILINE)) == TAKEN
    for each in sorted(TAKEN):
        columns = metadata.tables[each].c
        told = {name(field): (how, means) for field, how, means in table(f"`{each}`")}
        assert {
            field: (SAID[how.removesuffix(", or `null`")], how.endswith("`null`"), "(key)" in means)
            for field, (how, means) in told.items()
        } == {
            field: (kind, columns[field].nullable, columns[field].primary_key)
            for field, kind in fields_of(metadata.tables[each]).items()
        }, each
        assert all(len(means) > 3 for _, means in told.values()), each


def test_what_is_left_out_stands_with_its_reason() -> None:
    rows = table("What is not in it")
    assert {name(kind): why for kind, why in rows} == LEFT_OUT


def test_each_kind_of_activity_has_its_fields() -> None:
    told = {name(kind): fields for kind, fields, _ in table("What an activity can be")}
    assert {kind: re.findall(r"`(\w+)`", fields) for kind, fields in told.items()} == {
        kind.__name__: [field.name for field in dataclasses.fields(kind)] for kind in get_args(What)
    }


def test_the_manifest_is_told_of() -> None:
    told = [name(row[0]) for row in table("What is in it")]
    assert told[: len(Manifest.model_fields)] == list(Manifest.model_fields)
