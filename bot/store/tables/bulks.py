"""What is done to many members at once, and files of other systems that are brought in."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, text

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: `kind` is a `rules.broadcasts.bulk.BulkKind`; `contents` (JSON) says what is done. It is done to
#: those of `bulk_members`, who were chosen at `made_at`, in the order of their ids; over since
#: `ended_at`.
bulks = Table(
    "bulks",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("contents", Text, nullable=False),
    Column("members", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", BigInt, nullable=False),
    Column("store", String(40), nullable=False),
    Column("ended_at", UtcDateTime),
)
#: Those that the clock has something to do for.
IS_OPEN_BULK = text("ended_at IS NULL")
partial_index("ix_bulks_open", bulks.c.id, where=IS_OPEN_BULK)

#: `fate` is what became of it for that member: done, or the code of a refusal; NULL: not yet.
bulk_members = Table(
    "bulk_members",
    metadata,
    of_member(primary_key=True),
    Column("bulk_id", BigInt, primary_key=True, autoincrement=False),
    Column("fate", String(40)),
)
Index("ix_bulk_members_bulk", bulk_members.c.bulk_id, bulk_members.c.member_id)

#: `kind` is a `rules.importing.columns.ImportKind`, `state` a `bot.store.many.imports.ImportState`;
#: `mark` is the file's hash, of what kind it is included. `columns` (JSON) says which column says
#: what. `store` is where it happened where no row says otherwise; `moved_at`: when it last went on.
imports = Table(
    "imports",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("mark", String(20), nullable=False),
    Column("columns", Text, nullable=False),
    Column("has_head", Boolean, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", BigInt),
    Column("store", String(40), nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
)
Index("ix_imports_mark", imports.c.mark)
#: Those that the clock has something to do for.
IS_OPEN_IMPORT = text("state IN ('checking', 'doing', 'undoing')")
partial_index("ix_imports_open", imports.c.id, where=IS_OPEN_IMPORT)

#: `n` is the row's number in a spreadsheet, `cells` (JSON) what stands in it, until nobody needs it
#: any more. `fate` is what became of it: NULL: nobody looked yet; "new": it can be done; "done",
#: "back", or the code of a refusal. `field` is the one that is wrong; `who`
#: is a mark of whom a new member's row is about.
import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", BigInt, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("cells", Text, nullable=False),
    Column("fate", String(40)),
    Column("field", String(10), nullable=False),
    Column("mended", Boolean, nullable=False),
    Column("who", String(16)),
    Column("member_id", BigInt),
)
Index("ix_import_rows_who", import_rows.c.import_id, import_rows.c.who)
Index(
    "ix_import_rows_fate",
    import_rows.c.import_id,
    import_rows.c.fate,
    import_rows.c.member_id,
    import_rows.c.n,
)
Index("ix_import_rows_member", import_rows.c.member_id)
#: Those of which something was put right.
IS_MENDED_ROW = text("mended")
partial_index(
    "ix_import_rows_mended", import_rows.c.import_id, import_rows.c.n, where=IS_MENDED_ROW
)
