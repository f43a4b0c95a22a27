"""docs/program.md names everything that a programme can say, and nothing else; docs/timings.md all
that earns."""

import re
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from annotated_types import Ge, Le
from pydantic import BaseModel

from rules.activity import Trigger
from rules.base import WEEKDAYS, LocalText
from rules.journeys.arms import share_held_back
from rules.journeys.journey import Journey
from rules.journeys.kinds import KINDS as JOURNEYS
from rules.journeys.programme import WholeProgramme
from rules.outlook.suggestion import ORDER
from rules.programme.theme import SenderName, Story
from tests.rules.builders import club
from tests.rules.examples import CAFE, ROOT, programme

TEXT = (ROOT / "docs" / "program.md").read_text(encoding="utf-8")
#: What every list has is explained once, in the table of kinds of values.
SHARED = set(WEEKDAYS)


def section(title: str) -> str:
    """The part of the document under the heading that names `title`."""
    found = re.search(rf"^## `\[+{title}\]+`.*?(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/program.md has no section for {title}"
    return found.group()


def words(markdown: str) -> set[str]:
    """Every word that stands in code marks."""
    return {
        word for code in re.findall(r"`([^`\n]+)`", markdown) for word in re.findall(r"\w+", code)
    }


def leaves(annotation: Any) -> Iterator[Any]:
    """The types that an annotation is made of, through lists, alternatives and bounds."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from leaves(get_args(annotation)[0])
    elif origin in (Union, types.UnionType, tuple):
        for part in get_args(annotation):
            yield from leaves(part)
    else:
        yield annotation


Bounds = tuple[int, int]


def bounds(annotation: Any, metadata: list[Any]) -> Iterator[Bounds]:
    """The least and the most of a whole number, or of those in a list."""
    low = [m.ge for m in metadata if isinstance(m, Ge) and isinstance(m.ge, int)]
    high = [m.le for m in metadata if isinstance(m, Le) and isinstance(m.le, int)]
    yield from zip(low, high, strict=False)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = [m for field in arguments[1:] for m in getattr(field, "metadata", [field])]
        yield from bounds(arguments[0], inner)
    elif origin in (Union, types.UnionType, tuple):
        for part in arguments:
            yield from bounds(part, [])


def vocabulary(annotation: Any, seen: set[Any]) -> Iterator[tuple[str, tuple[Bounds, ...]]]:
    """Every key and every word of a closed list below `annotation`, with its bounds if any; what
    an earlier section has explained (`seen`) is left out."""
    for leaf in leaves(annotation):
        if leaf in seen:
            continue
        if get_origin(leaf) is Literal:
            seen.add(leaf)
            yield from ((str(word), ()) for word in get_args(leaf))
        elif isinstance(leaf, type) and issubclass(leaf, BaseModel):
            seen.add(leaf)
            for name, field in leaf.model_fields.items():
                yield name, tuple(bounds(field.annotation, field.metadata))
                yield from vocabulary(field.annotation, seen)


def by_section() -> dict[str, list[tuple[str, tuple[Bounds, ...]]]]:
    seen: set[Any] = {LocalText, SenderName, Story}
    order = ["shop", "stores", "earning", "campaigns"]
    names = [*order, *(name for name in WholeProgramme.model_fields if name not in order)]
    return {
        name: list(vocabulary(WholeProgramme.model_fields[name].annotation, seen))
        for name in names
        if name != "format"
    }


SECTIONS = by_section()
#: Points, yen and counts have their bounds in the table of kinds of values.
KINDS = {(1, 1_000_000): "1–1,000,000", (0, 100_000_000): "0–100,000,000", (1, 10_000): "1–10,000"}


@pytest.mark.parametrize("name", WholeProgramme.model_fields)
def test_every_part_of_a_programme_has_its_row(name: str) -> None:
    top = TEXT.split("## Top level")[1].split("\n## ")[0]

    assert name in words(top)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_key_kind_condition_and_trigger_is_in_its_section(name: str) -> None:
    known = words(section(name))

    missing = [word for word, _ in SECTIONS[name] if word not in known | SHARED]

    assert missing == []


@pytest.mark.parametrize("name", SECTIONS)
def test_every_bound_is_in_its_section(name: str) -> None:
    text = section(name)

    missing = [
        f"{word} {low:,}–{high:,}"
        for word, found in SECTIONS[name]
        for low, high in found
        if (low, high) not in KINDS and f"{low:,}–{high:,}" not in text
    ]

    assert missing == []


def test_the_bounds_of_points_yen_and_counts_are_told_once() -> None:
    kinds = TEXT.split("## Kinds of values")[1].split("\n## ")[0]

    assert [bound for bound in KINDS.values() if bound not in kinds] == []
    assert set(WEEKDAYS) <= words(kinds)


def test_nothing_is_documented_that_does_not_exist() -> None:
    everything = {word for found in SECTIONS.values() for word, _ in found} | {"format"}
    everything |= set(WholeProgramme.model_fields)
    documented = set()
    for name in SECTIONS:
        for row in re.findall(r"^\| (`[^|]+`) \|", section(name), re.MULTILINE):
            documented |= {word for word in words(row) if word not in ("kind",)}

    assert documented - everything == set()


def test_defaults_of_numbers_and_yes_or_no_are_told() -> None:
    missing = []
    for name in ("visits", "purchase", "profile", "sending"):
        for leaf in leaves(WholeProgramme.model_fields[name].annotation):
            if not (isinstance(leaf, type) and issubclass(leaf, BaseModel)):
                continue
            for key, field in leaf.model_fields.items():
                if isinstance(field.default, bool | int):
                    shown = str(field.default).lower()
                    rows = re.findall(rf"^\| `{key}`.*$", section(name), re.MULTILINE)
                    missing += [] if any(f"`{shown}`" in row for row in rows) else [f"{name}.{key}"]

    assert missing == []


def test_the_documents_own_example_is_a_good_part_of_a_programme() -> None:
    examples = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)

    assert examples
    for example in examples:
        programme(f"{CAFE}\n{example}")


#: What a kind of journey has a default of its own for, in the order of the table.
BY_KIND = (
    "topic", "priority", "visits_min", "holdout", "measure_days", "useful_hours",
    "again_after_days",
)  # fmt: skip


@pytest.mark.parametrize("kind", JOURNEYS, ids=lambda kind: kind.__name__)
def test_the_defaults_of_each_kind_of_journey_are_told(kind: type[Journey]) -> None:
    journey = kind.model_validate({"kind": kind.model_fields["kind"].default})
    values = {key: getattr(journey, key) for key in BY_KIND}
    values["holdout"] = share_held_back(journey, club())
    defaults = " | ".join(f"`{value}`" for value in values.values())

    assert f"\n| {journey.kind} | {defaults} |\n" in section("journeys")


@pytest.mark.parametrize("kind", JOURNEYS, ids=lambda kind: kind.__name__)
def test_what_may_stand_in_the_words_of_each_kind_is_told(kind: type[Journey]) -> None:
    name = kind.model_fields["kind"].default
    rows = re.findall(r"^\| ([`a-z_, ]+) \| (.*) \|$", section("journeys"), re.MULTILINE)
    told = [words(cell) for kinds, cell in rows if f"`{name}`" in kinds and "{" in cell]

    assert set(kind.own_placeholders) <= {word for cell in told for word in cell}


TIMINGS = (ROOT / "docs" / "timings.md").read_text(encoding="utf-8")


def test_each_timing_that_earns_has_its_row_and_picture() -> None:
    rows = re.findall(r"^\| \*\*.+\|$", TIMINGS, re.MULTILINE)
    told = [words(row.split("|")[1]) for row in rows]
    pictures = [re.findall(r'src="(screens/timing-\w+\.png)"', row) for row in rows]

    assert set().union(*told) - {"campaigns", "nth_purchase", "nth_visit"} == set(get_args(Trigger))
    assert all(len(found) == 1 for found in pictures)
    shown = [picture for found in pictures for picture in found]
    assert len({*shown}) == len(shown)
    assert all((ROOT / "docs" / picture).is_file() for picture in shown)
    order = [place for trigger in ORDER for place, row in enumerate(told) if trigger in row]
    assert order == sorted(order)
