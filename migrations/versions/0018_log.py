"""The log can't be replaced either; reasons in people's own words stand beside it, not in it."""

import json

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reasons",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_reasons_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_reasons")),
    )
    dialect = op.get_bind().dialect.name
    for name, _ in _GUARDS[dialect]:
        if name in _FROM_BEFORE:
            op.execute(_DROP[dialect].format(name=name))
    _take_out_reasons()
    for name, made in _GUARDS[dialect]:
        op.execute(f"CREATE TRIGGER {name} {made}")


def _take_out_reasons() -> None:
    """What was written into the log so far: the words move, those about the erased are gone."""
    connection = op.get_bind()
    lines = connection.execute(
        sa.text("""
            SELECT audit_log.id, member_id, key, details, erased_at FROM audit_log
            JOIN members ON members.id = member_id
            WHERE action IN ('adjust', 'undo') AND key IS NOT NULL ORDER BY audit_log.id
        """)
    ).all()
    kept: dict[tuple[int, str], str] = {}
    for line in lines:
        details = json.loads(line.details)
        words = details.pop("reason", "")
        if words and line.erased_at is None:
            kept[line.member_id, line.key] = words
        connection.execute(
            sa.text("UPDATE audit_log SET details = :details WHERE id = :id"),
            {"id": line.id, "details": json.dumps(details, ensure_ascii=False)},
        )
    for (member_id, key), words in kept.items():
        connection.execute(
            sa.text("INSERT INTO reasons (member_id, key, words) VALUES (:member, :key, :words)"),
            {"member": member_id, "key": key, "words": words},
        )


_DROP = {"sqlite": "DROP TRIGGER {name}", "postgresql": "DROP TRIGGER {name} ON audit_log"}
_FROM_BEFORE = ("audit_log_no_update", "audit_log_no_delete", "audit_log_no_change")
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
#: By database: the triggers, those of before among them.
_GUARDS = {
    "sqlite": [
        ("audit_log_no_update", f"BEFORE UPDATE ON audit_log {_REFUSE}"),
        ("audit_log_no_delete", f"BEFORE DELETE ON audit_log {_REFUSE}"),
        # INSERT OR REPLACE deletes without the trigger above. Where no id is given, NEW.id is -1.
        (
            "audit_log_no_replace",
            "BEFORE INSERT ON audit_log"
            f" WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id) {_REFUSE}",
        ),
        # Nor does a line get in between older ones.
        (
            "audit_log_no_filling_in",
            f"AFTER INSERT ON audit_log WHEN NEW.id < (SELECT max(id) FROM audit_log) {_REFUSE}",
        ),
    ],
    # An INSERT that would update where its key is taken counts as an UPDATE here.
    "postgresql": [
        (
            "audit_log_no_change",
            "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()",
        )
    ],
}
