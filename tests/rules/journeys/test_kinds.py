"""A file in the room of kinds is a kind."""

from pathlib import Path

import pytest

from rules.journeys import kinds
from rules.journeys.journey import Journey

FILES = sorted(file.stem for file in Path(*kinds.__path__).glob("[!_]*.py"))


def test_each_file_is_a_kind_of_its_name() -> None:
    assert [kind.__module__.rpartition(".")[2] for kind in kinds.KINDS] == FILES
    assert [kind.model_fields["kind"].default for kind in kinds.KINDS] == FILES


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_line_names_it_and_it_is_called_as_its_kind(kind: type[Journey]) -> None:
    name = kind.model_fields["kind"].default

    assert kind.model_validate({"kind": name}).id == name


def test_no_two_kinds_are_found_by_a_column_of_one_name() -> None:
    names = [day.name for day in kinds.OWN_DAYS]

    assert sorted(set(names)) == sorted(names)
