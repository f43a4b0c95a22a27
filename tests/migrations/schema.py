"""What a database's schema asks of whoever uses it, told in a few queries; and what a later one
asks that an earlier one did not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column, as far as who writes it must know."""

    type: str
    is_required: bool
    has_default: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables by their names, and what must hold of their rows."""

    tables: Mapping[str, Mapping[str, ColumnShape]]
    #: (table, what is there once), by which ON CONFLICT finds the row that is there.
    unique: frozenset[tuple[str, str]]
    #: (table, what a row of it has to fulfil): checks, foreign keys, triggers.
    demands: frozenset[tuple[str, str]]


_POSTGRESQL = (
    """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           a.atthasdef OR a.attidentity <> ''
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
      AND NOT a.attisdropped ORDER BY c.relname, a.attnum
    """,
    """
    SELECT c.relname, substring(pg_get_indexdef(i.indexrelid) FROM ' USING .*')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
    """,
    """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f')
    UNION ALL
    SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    """,
)
_SQLITE = (
    """
    SELECT m.name, p.name, p.type, p."notnull", p.dflt_value IS NOT NULL OR p.pk
    FROM sqlite_master m, pragma_table_info(m.name) p
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid
    """,
    """
    SELECT m.name, (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c)
        || coalesce((SELECT substr(s.sql, instr(s.sql, ' WHERE ')) FROM sqlite_master s
                     WHERE s.name = i.name AND i.partial), '')
    FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i."unique"
    UNION
    SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p
    WHERE m.type = 'table' AND p.pk AND p.type = 'INTEGER'
      AND (SELECT max(pk) FROM pragma_table_info(m.name)) = 1
    """,
    """
    SELECT m.name, k."from" || ' of ' || k."table" FROM sqlite_master m,
        pragma_foreign_key_list(m.name) k WHERE m.type = 'table'
    UNION ALL
    SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'
    UNION ALL
    SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CHECK%'
    """,
)


def look(connection: Connection) -> Schema:
    """The schema as it is now."""
    queries = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    columns, unique, demands = (connection.exec_driver_sql(each).all() for each in queries)
    tables: dict[str, dict[str, ColumnShape]] = {}
    for table, name, kind, is_required, has_default in columns:
        if table != "alembic_version":
            shape = ColumnShape(kind, bool(is_required), bool(has_default))
            tables.setdefault(table, {})[name] = shape
    return Schema(
        tables,
        frozenset((table, what) for table, what in unique),
        frozenset((table, what) for table, what in demands),
    )


def asked_anew(before: Schema, after: Schema) -> Iterator[str]:
    """Each thing that code written for the schema `before` would meet in the one `after`."""
    for table, columns in before.tables.items():
        if table not in after.tables:
            yield f"{table} is gone"
            continue
        for name, what in _of_columns(columns, after.tables[table]):
            yield f"{table}.{name} {what}"
        for found in sorted(what for of, what in before.unique - after.unique if of == table):
            yield f"{table} is found no more by {found}"
        for found in sorted(what for of, what in after.unique - before.unique if of == table):
            yield f"{table} takes only one of {found}"
        for found in sorted(what for of, what in after.demands - before.demands if of == table):
            yield f"{table} asks: {found}"


def _of_columns(
    before: Mapping[str, ColumnShape], after: Mapping[str, ColumnShape]
) -> Iterator[tuple[str, str]]:
    """(column, what is otherwise)."""
    for name, was in before.items():
        now = after.get(name)
        if now is None:
            yield name, "is gone"
            continue
        if not _takes(now.type, was.type):
            yield name, f"is {now.type} now"
        if now.is_required and not was.is_required:
            yield name, "may be empty no more"
        if was.has_default and not now.has_default:
            yield name, "has no default any more"
    for name in after.keys() - before.keys():
        if after[name].is_required and not after[name].has_default:
            yield name, "is new, and asks to be written"


_WIDER = {"smallint": 1, "integer": 2, "bigint": 3}


def _takes(now: str, was: str) -> bool:
    """Whether a column of the type `now` takes and gives all that one of the type `was` did."""
    if now == was or {now, was} <= {"INTEGER", "BIGINT", "SMALLINT"}:
        return True  # SQLite keeps any number in any of these
    if now in _WIDER and was in _WIDER:
        return _WIDER[now] >= _WIDER[was]
    if "char" not in was.lower():
        return False
    return now.lower() == "text" or _length(now) >= _length(was) > 0


def _length(kind: str) -> int:
    found = re.fullmatch(r"(?:character varying|VARCHAR)\((\d+)\)", kind)
    return int(found[1]) if found else 0
