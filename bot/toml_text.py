"""A TOML text changed in places, so that comments, order and spelling of all the rest stay."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Array, InlineTable, Table

_Tables = Container | Table | InlineTable | tomlkit.TOMLDocument
#: A list of more tables than this, or of such as don't fit on a line, is written a line each.
_LINE_MAX = 100
#: The head of a table, or of an entry of a list of tables.
_HEAD = re.compile(r"\s*\[(?P<list>\[)?\s*(?P<name>[A-Za-z0-9_.\- ]+?)\s*\]")


def put(text: str, section: str, values: Mapping[str, Any], *, entry: str = "") -> str:
    """`text` in which the table `section`, or of a list the entry of that id, says `values`: what
    differs is changed, what is new is added, what isn't there any more goes."""
    document = tomlkit.parse(text)
    if not entry:
        _put_table(document, section, values)
    elif (there := _entry(document, section, entry)) is not None:
        _become(there, values)
    else:
        _append(document, section, values)
    return tomlkit.dumps(document)


def take(text: str, section: str, *, entry: str = "") -> str:
    """`text` without that table, or that entry of a list."""
    document = tomlkit.parse(text)
    if not entry:
        document.pop(section, None)
        return tomlkit.dumps(document)
    entries = document.get(section, [])
    place = next((n for n, each in enumerate(entries) if _name(each, n) == entry), None)
    if place is not None:
        del entries[place]
        if not entries:
            document.pop(section)
    return tomlkit.dumps(document)


def _entry(document: _Tables, section: str, entry: str) -> Any:
    entries = document.get(section, ())
    return next((each for each in entries if _name(each, -1) == entry), None)


def _put_table(document: _Tables, section: str, values: Mapping[str, Any]) -> None:
    if section in document:
        _become(document[section], values)
        return
    table = tomlkit.table()
    _become(table, values)
    document.append(section, table)


def _append(document: _Tables, section: str, values: Mapping[str, Any]) -> None:
    """A new entry, after those of its list or at the end of the text."""
    entry: Any = tomlkit.table()
    _become(entry, values)
    if section not in document:
        entries = tomlkit.aot()
        entries.append(entry)
        document.append(section, entries)
    elif isinstance(document[section], AoT):
        document[section].append(entry)
    else:
        # A list that stands on one line.
        document[section].append(_inline(values))


def _become(table: Any, values: Mapping[str, Any]) -> None:
    for key in [key for key in table if key not in values]:
        del table[key]
    for key, value in values.items():
        if key not in table:
            table[key] = _item(value)
        elif _plain(table[key]) != value or type(_plain(table[key])) is not type(value):
            _change(table, key, value)


def _change(table: Any, key: str, value: Any) -> None:
    now = table[key]
    if isinstance(value, Mapping) and isinstance(now, Table | InlineTable):
        _become(now, value)
    elif isinstance(now, AoT) and value and all(isinstance(each, Mapping) for each in value):
        table[key] = _entries(now, value)
    elif isinstance(now, Array) and _become_array(now, value):
        return
    else:
        item = _item(value)
        if not isinstance(now, AoT):
            item.trivia.comment_ws = now.trivia.comment_ws
            item.trivia.comment = now.trivia.comment
        table[key] = item


def _entries(now: AoT, values: Sequence[Mapping[str, Any]]) -> AoT:
    """The entries that `values` are, those that there were with their comments."""
    known = {_name(each, place): each for place, each in enumerate(now)}
    entries = tomlkit.aot()
    for place, value in enumerate(values):
        entry: Any = known.get(_name(value, place)) or tomlkit.table()
        _become(entry, value)
        entries.append(entry)
    return entries


def _become_array(now: Array, values: Any) -> bool:
    """Changes a list of as many parts in its places; False where it is another."""
    if not isinstance(values, list) or len(values) != len(now):
        return False
    for place, value in enumerate(values):
        if isinstance(value, Mapping) and isinstance(now[place], InlineTable):
            _become(now[place], value)
        elif _plain(now[place]) != value:
            now[place] = _item(value)
    return True


def _name(entry: Mapping[str, Any], place: int) -> Any:
    """What an entry is known by: its id, or where it has none and is of a kind, that; else its
    place."""
    return entry.get("id", entry.get("kind", place))


def _item(value: Any) -> Any:
    """A value as one writes it by hand: tables on one line, long lists a line each."""
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list | tuple):
        array: Array = tomlkit.array()
        for each in value:
            array.append(_item(each))
        is_long = len(array.as_string()) > _LINE_MAX
        return array.multiline(is_long and any(isinstance(each, Mapping) for each in value))
    return tomlkit.item(value)


def _inline(values: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table[key] = _item(value)
    return table


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def swap(text: str, section: str, entry: str, other: str) -> str:
    """`text` in which two entries of a list have changed places, each with the comments in it and
    right above it; what stands between them stays there. Unchanged where one of them isn't."""
    data = tomllib.loads(text)
    entries = data.get(section, [])
    places = {_name(each, n): n for n, each in enumerate(entries)}
    if entry not in places or other not in places or entry == other:
        return text
    first, then = sorted((places[entry], places[other]))
    spans = _spans(text, section)
    if len(spans) != len(entries):
        return _swap_on_a_line(text, section, first, then)
    lines = text.splitlines(keepends=True)
    (a, b), (c, d) = spans[first], spans[then]
    return "".join((*lines[:a], *_ended(lines[c:d]), *lines[b:c], *_ended(lines[a:b]), *lines[d:]))


def _spans(text: str, section: str) -> list[tuple[int, int]]:
    """Where each entry of a list of tables begins and ends, in lines: with the comments right above
    its head, without those after its last value."""
    lines = text.splitlines()
    heads = [(n, found) for n, line in enumerate(lines) if (found := _HEAD.match(line))]
    spans = []
    for n, found in heads:
        if not found["list"] or found["name"] != section:
            continue
        inside = f"{section}."
        following = (at for at, each in heads if at > n and not each["name"].startswith(inside))
        end = next(following, len(lines))
        while end > n and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        begin = n
        while begin > 0 and lines[begin - 1].startswith("#"):
            begin -= 1
        spans.append((begin, end))
    return spans


def _ended(lines: list[str]) -> list[str]:
    """The lines, the last with an end, which that of a text may lack."""
    return [*lines[:-1], lines[-1].rstrip("\n") + "\n"]


def _swap_on_a_line(text: str, section: str, first: int, then: int) -> str:
    document = tomlkit.parse(text)
    entries: Any = document[section]
    one, other = entries[first].copy(), entries[then].copy()
    entries[first], entries[then] = other, one
    return tomlkit.dumps(document)
