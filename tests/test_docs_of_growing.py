"""What docs/growing.md says of every table, held against the schema and the night."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import Table, UniqueConstraint

from bot.store.finding import prune
from bot.store.tables.base import metadata
from tests.growing import SHOP, TableLine, table_lines

LINES = table_lines()
DAYS = re.compile(r"(\d+) days")


def keys_of(table: Table) -> list[set[str]]:
    """The columns of each of its keys: the primary one and whatever else is there only once."""
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    keys = [each.columns for each in (table.primary_key, *unique)]
    keys += [each.columns for each in indexes]
    return [{column.name for column in key} for key in keys]


def pruned() -> set[str]:
    now = datetime(2027, 6, 1, tzinfo=UTC)
    return {each.table.name for each in prune.old(now, now)}


def test_every_table_has_its_line_once() -> None:
    assert Counter(line.name for line in LINES) == Counter(list(metadata.tables))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_a_table_lies_by_member_exactly_where_all_its_keys_know_the_member(line: TableLine) -> None:
    by_member = all("member_id" in key for key in keys_of(metadata.tables[line.name]))
    assert (line.lies == "by member") == by_member
    assert line.lies in ("by member", "by its id", "own key", "reference")


def test_what_is_of_the_shops_own_size_is_copied_everywhere() -> None:
    assert {line.lies for line in LINES if line.grows_with == SHOP} == {"reference"}


def test_what_lies_by_member_leads_only_to_members_or_to_what_is_copied_everywhere() -> None:
    lies = {line.name: line.lies for line in LINES}
    lead = {
        (table.name, key.column.table.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if lies[table.name] == "by member"
        and (key.parent.name, key.target_fullname) != ("member_id", "members.id")
    }
    assert {lies[to] for _, to in lead} == {"reference"}


def test_what_the_night_takes_away_is_said_and_nothing_else() -> None:
    assert {line.name for line in LINES if line.kept.startswith("pruned: ")} == pruned()


def test_days_are_those_that_the_night_knows() -> None:
    known = {each.days for name, each in vars(prune).items() if name.endswith("_KEPT")}
    said = {
        int(days)
        for line in LINES
        if line.kept.startswith("pruned: ")
        for days in DAYS.findall(line.kept)
    }
    assert said == known
