"""What is asked of a new club, step by step: parts of its programme, as the forms of the console
ask them, and only what no shop could leave to a template."""

from collections.abc import Iterator, Mapping
from typing import Any

from .controls import Control, Repeated, Table, controls_of
from .parts import LISTS, SECTIONS, Part, values_of

#: The steps, in their order.
STEPS = ("template", "shop", "look", "voice", "line", "owner", "begin")
#: Which fields of which parts of the programme a step asks.
_ASKED: dict[str, dict[str, tuple[str, ...]]] = {
    "shop": {
        "shop": ("name", "legal_name", "visit_word", "hours", "closed_weekdays"),
        "stores": ("name", "address", "phone"),
        "privacy": ("purpose", "contact", "policy_url"),
    },
    "look": {"shop": ("accent",), "theme": ("logo", "texture")},
    "voice": {"voice": ("sender", "icon", "story")},
}
#: Nobody's shop is called as a template's: these are asked anew, and stand empty until then.
_OWN = {"shop": {"name", "legal_name"}}
#: What a template's shop has that another has otherwise.
_TEMPLATES_OWN = ("booking_url", "menu_url", "map", "parking", "phone", "address", "closed")


def asks(step: str) -> bool:
    """Whether the step asks for parts of the programme."""
    return step in _ASKED


def controls(step: str) -> tuple[Control, ...]:
    """What the step's form asks: a table for each section, and rows for a list."""
    return tuple(_section(name, keys) for name, keys in _ASKED[step].items())


def _section(name: str, keys: tuple[str, ...]) -> Control:
    model = SECTIONS[name] if name in SECTIONS else LISTS[name][0]
    by_key = {control.key: control for control in controls_of(model)}
    inside = tuple(by_key[key] for key in keys)
    asked: dict[str, Any] = {"key": name, "owner": "FirstSteps", "needed": True}
    if name in SECTIONS:
        return Table(**asked, inside=inside)
    return Repeated(**asked, inside=inside, most=20, has_ids=True)


def values(data: Mapping[str, Any], step: str, *, is_done: bool) -> dict[str, Any]:
    """What stands in the step's form: what was told, or at first what a template knows of any
    shop."""
    found: dict[str, Any] = {}
    for name, keys in _ASKED[step].items():
        there = data.get(name)
        if isinstance(there, Mapping):
            own = set() if is_done or step != "shop" else _OWN.get(name, set())
            found[name] = {key: there[key] for key in keys if key in there and key not in own}
        else:
            found[name] = there or []
    return found


def parts_of(
    data: Mapping[str, Any], step: str, answers: Mapping[str, Any]
) -> Iterator[tuple[Part, Mapping[str, Any] | None]]:
    """Each part of the programme as the answers have it, with what they don't ask; None for an
    entry that goes."""
    for name, keys in _ASKED[step].items():
        if name in LISTS:
            yield from _entries(data, name, answers.get(name, ()))
            continue
        there = dict(values_of(data, Part(name)) or {})
        left = {key: value for key, value in there.items() if key not in keys}
        if step == "shop" and name == "shop":
            left = {key: value for key, value in left.items() if key not in _TEMPLATES_OWN}
        said = answers.get(name) or {}
        if left or said or name in data:
            yield Part(name), _in_order(there, left | said)


def _entries(
    data: Mapping[str, Any], name: str, answers: Any
) -> Iterator[tuple[Part, Mapping[str, Any] | None]]:
    told = {str(entry["id"]): entry for entry in answers}
    for entry in data.get(name, ()):
        if entry["id"] not in told:
            yield Part(name, str(entry["id"])), None
    for entry_id, entry in told.items():
        yield Part(name, entry_id), entry


def _in_order(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with those first that there were, in the order in which they were."""
    first = {key: values[key] for key in before if key in values}
    return first | {key: value for key, value in values.items() if key not in first}
