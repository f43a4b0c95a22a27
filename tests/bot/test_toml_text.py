"""A text is changed in its places, and keeps what was written around them."""

import tomllib

import pytest

from bot.toml_text import put, swap, take

TEXT = """# The club.
format = 1

[points]           # what they are called
name = { ja = "点", en = "points" }   # both
expiry = { kind = "lot", months = 12, warn_days = [30] }  # a year

# Ways to earn.
[[earning]]
id = "visit"       # each time
points = 10        # ten

[[earning]]
kind = "share"

[ranks]
steps = [
  { id = "a", at = 1 },  # the first
  { id = "b", at = 2 },
]
"""


def test_what_stays_is_not_touched() -> None:
    said = tomllib.loads(TEXT)
    assert put(TEXT, "points", said["points"]) == TEXT
    assert put(TEXT, "earning", said["earning"][0], entry="visit") == TEXT
    assert put(TEXT, "earning", said["earning"][1], entry="share") == TEXT


def test_a_value_changes_and_its_comment_stays() -> None:
    new = put(TEXT, "earning", {"id": "visit", "points": 15}, entry="visit")
    assert new == TEXT.replace("points = 10        # ten", "points = 15        # ten")
    points = tomllib.loads(TEXT)["points"]
    points["expiry"]["months"] = 6
    assert put(TEXT, "points", points) == TEXT.replace("months = 12", "months = 6")


@pytest.mark.parametrize(
    "values",
    [
        {"expiry": {"kind": "never"}},
        {"name": {"ja": "点"}, "expiry": {"kind": "lot", "months": 12, "warn_days": [60, 14]}},
    ],
)
def test_what_is_written_is_read_again(values: dict[str, object]) -> None:
    new = put(TEXT, "points", values)
    assert tomllib.loads(new) == tomllib.loads(TEXT) | {"points": values}
    assert new.startswith("# The club.\n")


def test_rows_keep_what_they_had() -> None:
    steps = [{"id": "a", "at": 1}, {"id": "b", "at": 3}]
    assert put(TEXT, "ranks", {"steps": steps}) == TEXT.replace("at = 2", "at = 3")
    fewer = put(TEXT, "ranks", {"steps": steps[:1]})
    assert tomllib.loads(fewer)["ranks"] == {"steps": steps[:1]}


def test_an_entry_is_added_behind_the_others_and_taken_away_again() -> None:
    new = put(TEXT, "earning", {"id": "more", "points": 1}, entry="more")
    said = tomllib.loads(new)
    assert [each.get("id") for each in said["earning"]] == ["visit", None, "more"]
    gone = tomllib.loads(take(new, "earning", entry="more"))
    assert gone == tomllib.loads(TEXT)
    assert take(TEXT, "earning", entry="nothing") == TEXT


def test_the_last_entry_and_a_section_go_whole() -> None:
    one = take(TEXT, "earning", entry="visit")
    assert "earning" not in tomllib.loads(take(one, "earning", entry="share"))
    assert "points" not in tomllib.loads(take(TEXT, "points"))
    assert tomllib.loads(put(TEXT, "badges", {"id": "x"}, entry="x"))["badges"] == [{"id": "x"}]
    assert tomllib.loads(put(TEXT, "visits", {"beacon": True}))["visits"] == {"beacon": True}


ORDERED = """format = 1

# How to earn.

# Each time.
[[earning]]
id = "visit"
points = 10

[[earning]]
id = "share"       # marked

[earning.limit]
month = 1
# After that, no more.

# ── What it is for ──

[[rewards]]
id = "cup"
[[earning]]
id = "eco"
"""


@pytest.mark.parametrize(
    ("entry", "other", "order"),
    [
        ("visit", "share", ["share", "visit", "eco"]),
        ("eco", "share", ["visit", "eco", "share"]),
        ("visit", "eco", ["eco", "share", "visit"]),
        ("visit", "gone", ["visit", "share", "eco"]),
    ],
)
def test_two_entries_change_places_with_what_belongs_to_them(
    entry: str, other: str, order: list[str]
) -> None:
    before = tomllib.loads(ORDERED)
    new = swap(ORDERED, "earning", entry, other)
    now = tomllib.loads(new)
    assert [each["id"] for each in now["earning"]] == order
    by_id = {each["id"]: each for each in before["earning"]}
    assert now == {**before, "earning": [by_id[each] for each in order]}
    assert sorted(new.split("\n")) == sorted(ORDERED.split("\n")), "each line is there once"
    assert '# Each time.\n[[earning]]\nid = "visit"' in new
    assert new.index("# How to earn.") < new.index("[[earning]]")
    assert new.index("# ── What it is for ──") < new.index("[[rewards]]")
    assert swap(new, "earning", entry, other) == ORDERED


def test_entries_on_a_line_change_places_too() -> None:
    text = 'steps = [ { id = "a" }, { id = "b", at = 2 } ]  # two\n'
    new = swap(text, "steps", "b", "a")
    assert tomllib.loads(new)["steps"] == [{"id": "b", "at": 2}, {"id": "a"}]
    assert "# two" in new
