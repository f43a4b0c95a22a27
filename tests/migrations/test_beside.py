"""Old code goes on beside new code: a version is put in while the one before it serves.

What the code of before may say to the database is told by the schema of before: it names each
column that it knows, and none that it doesn't. Said after the migration, nothing of it is refused.
What is added is written and read by the new code alone; what goes, goes a version after the last
code that read it.
"""

import re
from collections.abc import Iterator, Mapping

import pytest

from .schema import ColumnShape, Schema, asked_anew
from .steps import Step, scripts, touched

REVISIONS = [script.revision for script in scripts()]
#: Up to here nobody had an installation of two versions side by side: there was no release. What
#: these ask is known, and none comes after them.
LAST_OF_BEFORE = "0090"
#: What code of before would fail at.
ASKS = {
    "0003": "what is sent is an attempt of its own, and no more in the outbox",
    "0012": "receipts are known by the business day, too",
    "0018": "the log of the staff takes nothing but new lines",
    "0026": "switches have a time, in a table of their own",
    "0032": "who drifts is found by a day, and no more by the usual gap",
    "0075": "segments are known by a name of their own in the programme's file",
    "0079": "figures are made anew from the histories, in other rows",
}
#: Where those who write wait for as long as it takes, or rows of before are written all at once.
HOLDS_UP = {
    *("0003", "0004", "0006", "0008", "0009", "0011", "0012", "0013", "0014", "0015", "0016"),
    *("0019", "0021", "0024", "0026", "0028", "0029", "0031", "0032", "0039", "0041"),
    *("0042", "0043", "0044", "0055", "0060", "0064", "0068", "0072", "0074", "0075", "0076"),
    *("0077", "0079", "0080", "0086", "0089", "0090"),
}
#: As many rows as an owner has typed: read and written in no time.
FEW = {"newsletter_issues", "segments", "programs", "staff", "sources", "trials", "events", "notes"}


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_the_code_of_before_says_is_taken_after_it(
    steps: Mapping[str, Step], revision: str
) -> None:
    step = steps[revision]
    found = [*asked_anew(step.before, step.after), *step.refused]
    assert found == [] or revision in ASKS, "\n".join(found)


@pytest.mark.parametrize("revision", REVISIONS)
def test_nobody_who_serves_waits_for_it(on_postgresql: Mapping[str, Step], revision: str) -> None:
    found = [*holds_up(on_postgresql[revision])]
    assert found == [] or revision in HOLDS_UP, "\n".join(found)


def test_none_is_let_pass_that_asks_nothing_and_none_of_later(
    on_sqlite: Mapping[str, Step], on_postgresql: Mapping[str, Step]
) -> None:
    every = (on_sqlite, on_postgresql)
    asks = {r for steps in every for r, s in steps.items() if any(asked_anew(s.before, s.after))}
    assert asks == ASKS.keys()
    assert {r for r, step in on_postgresql.items() if any(holds_up(step))} == HOLDS_UP
    assert max(ASKS.keys() | HOLDS_UP) <= LAST_OF_BEFORE


def test_what_is_said_of_tables_is_taken_where_nothing_changed(steps: Mapping[str, Step]) -> None:
    # Else a refusal would say nothing. These only add tables, columns, or indexes.
    plain = [step for revision, step in steps.items() if revision not in ASKS]
    assert sum(len(step.before.tables.keys() & words(step)) for step in plain) > 80
    assert [line for step in plain for line in step.refused] == []


def words(step: Step) -> set[str]:
    return {word for sql in step.said for word in re.findall(r"\w+", sql)}


def holds_up(step: Step) -> Iterator[str]:
    """What keeps those who serve from tables that were there before."""
    for table, said in touched(step).items():
        for sql in said:
            if re.match(r"\s*CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)", sql):
                yield f"nobody writes to {table} while this is made (see online.add_index): {sql}"
            elif re.match(r"\s*ALTER TABLE .* TYPE ", sql):
                yield f"{table} is written anew: {sql}"
            elif re.match(r"\s*(UPDATE|DELETE|INSERT)", sql) and table not in FEW:
                yield f"rows of before, all in one go (let refresh or the night do it): {sql}"
    for sql in step.said:
        of = set(re.findall(r"FROM (\w+)", sql)) & step.before.tables.keys() - FEW
        if re.match(r"\s*INSERT INTO .*SELECT", sql, re.DOTALL) and of:
            yield f"rows are copied in one go, and what old code writes later isn't: {sql}"
        if re.match(r"\s*DROP INDEX (?!CONCURRENTLY)", sql):
            yield f"code of before looks things up by it: {sql}"


SHAPE = ColumnShape("integer", is_required=False, has_default=False)
ASKED = ColumnShape("integer", is_required=True, has_default=False)
FILLED = ColumnShape("integer", is_required=True, has_default=True)
SHORT = ColumnShape("character varying(10)", is_required=False, has_default=False)
LONG = ColumnShape("character varying(20)", is_required=False, has_default=False)


def one(**columns: ColumnShape) -> Schema:
    return Schema({"t": columns}, frozenset({("t", "a")}), frozenset())


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        (one(a=SHAPE), one(a=SHAPE, b=SHAPE), []),
        (one(a=SHAPE), one(a=SHAPE, b=FILLED), []),
        (one(a=SHAPE), one(a=SHAPE, b=ASKED), ["t.b is new, and asks to be written"]),
        (one(a=SHAPE, b=SHAPE), one(a=SHAPE), ["t.b is gone"]),
        (one(a=SHAPE), one(a=ASKED), ["t.a may be empty no more"]),
        (one(a=FILLED), one(a=ASKED), ["t.a has no default any more"]),
        (one(a=SHORT), one(a=LONG), []),
        (one(a=LONG), one(a=SHORT), ["t.a is character varying(10) now"]),
        (one(a=SHORT), one(a=SHAPE), ["t.a is integer now"]),
        (one(a=SHAPE), Schema({}, frozenset(), frozenset()), ["t is gone"]),
        (
            one(a=SHAPE),
            Schema({"t": {"a": SHAPE}}, frozenset({("t", "b")}), frozenset({("t", "CHECK")})),
            ["t is found no more by a", "t takes only one of b", "t asks: CHECK"],
        ),
        (
            one(a=SHAPE),
            Schema(
                {"t": {"a": SHAPE}, "u": {"a": ASKED}},
                frozenset({("t", "a"), ("u", "a")}),
                frozenset({("u", "CHECK")}),
            ),
            [],
        ),
    ],
)
def test_what_a_schema_asks_anew_is_told(before: Schema, after: Schema, asks: list[str]) -> None:
    assert [*asked_anew(before, after)] == asks
