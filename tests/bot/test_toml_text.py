"""A text is changed in its places, and keeps what was written around them."""

import tomllib

import pytest

from bot.toml_text import put, take

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
