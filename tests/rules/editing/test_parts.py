"""Parts, what changed of them, and where in a form a problem stands."""

import tomllib

import pytest

from rules.checking.caution import Problem
from rules.editing import parts
from rules.editing.parts import Part, changed_parts, mark_of, sorted_out, values_of
from tests.rules.examples import CAFE, changed

DATA = tomllib.loads(CAFE)


def test_every_part_of_the_file_is_found_again_by_its_address() -> None:
    found = list(parts.parts_in(DATA))
    assert Part("points") in found
    assert Part("journeys", "lapsed") in found, "a journey without an id is known by its kind"
    assert all(values_of(DATA, part) is not None for part in found)
    assert len(set(found)) == len(found)
    assert {part.section for part in found} == set(DATA) - {"format"}


def test_what_changed_is_told_part_by_part() -> None:
    new = changed(
        CAFE, ("per_day_max = 1    ", "per_day_max = 2    "), ('id = "visit"', 'id = "come"')
    )
    told = dict(changed_parts(DATA, tomllib.loads(new)))
    assert set(told) == {Part("visits"), Part("earning", "visit"), Part("earning", "come")}
    assert told[Part("earning", "visit")] is None
    assert dict(changed_parts(DATA, DATA)) == {}


def test_a_mark_is_another_for_another_table() -> None:
    assert mark_of(None) == ""
    assert mark_of({"at": 1}) != mark_of({"at": 2})
    assert mark_of({"a": 1, "b": 2}) == mark_of({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("path", "part", "name"),
    [
        ("points.expiry.months", Part("points"), "expiry.months"),
        ("points", Part("points"), ""),
        ('earning[1] "visit" .award.points', Part("earning", "visit"), "award.points"),
        ('ranks.steps[1] "silver" .at', Part("ranks"), "steps.1.at"),
        ('earning[1] "visit"', Part("earning", "visit"), ""),
        ('earning[1] "visit" .award.points', Part("earning", "welcome"), None),
        ("pointsbank.x", Part("points"), None),
        ('earning[99] "gone" .on', Part("earning", "gone"), None),
    ],
)
def test_a_problem_stands_beside_its_field(path: str, part: Part, name: str | None) -> None:
    problem = Problem(path, "missing")
    own, others = sorted_out((problem,), DATA, part)
    assert (list(own), others) == (([name], ()) if name is not None else ([], (problem,)))


def test_there_is_no_form_of_what_a_programme_has_not() -> None:
    with pytest.raises(LookupError):
        parts.controls("nothing")
    with pytest.raises(LookupError):
        parts.controls("journeys", "nothing")
