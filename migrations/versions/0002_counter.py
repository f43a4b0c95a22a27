"""The counter: staff, devices, the audit log, what is known of members by name, undo."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables.types import BigInt, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("device_id", BigInt, nullable=True),
        sa.Column("store", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_device_id", "audit_log", ["device_id", "id"])
    op.create_index("ix_audit_log_key", "audit_log", ["key"])
    op.create_index("ix_audit_log_member_id", "audit_log", ["member_id", "id"])
    op.create_table(
        "devices",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("registered_by", BigInt, nullable=True),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("clock_off_s", sa.Integer(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_devices_token_hash")),
    )
    op.create_table(
        "flags",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=True),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("device_id", BigInt, nullable=True),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("seen_by", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("key", name=op.f("uq_flags_key")),
    )
    op.create_index("ix_flags_at", "flags", ["at"])
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=8), nullable=True),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("created_by", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_table(
        "link_codes",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_link_codes")),
    )
    op.create_table(
        "reward_uses",
        sa.Column("reward", sa.String(length=40), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reward", name=op.f("pk_reward_uses")),
    )
    op.create_table(
        "slips",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("device_id", BigInt, nullable=True),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_slips")),
    )
    op.create_table(
        "staff",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=2), server_default="ja", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("failed", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("device_id", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "profiles",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=60), server_default="", nullable=False),
        sa.Column("kana", sa.String(length=60), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_profiles_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_profiles")),
    )
    op.create_table(
        "search_terms",
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("term", sa.String(length=70), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_search_terms_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "term", name=op.f("pk_search_terms")),
    )
    op.create_index(
        "ix_search_terms_term",
        "search_terms",
        ["term", "member_id"],
        postgresql_ops={"term": "text_pattern_ops"},
    )
    op.add_column("activities", sa.Column("undone_at", UtcDateTime(), nullable=True))
    op.add_column("activities", sa.Column("undone_by", sa.String(length=200), nullable=True))
    op.add_column("inbox", sa.Column("answered_by", BigInt, nullable=True))
    op.add_column("members", sa.Column("issue", sa.Integer(), server_default="1", nullable=False))
    op.add_column("members", sa.Column("merged_into", BigInt, nullable=True))

    for statement in _ADDED_TO_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


#: The audit log can be added to and read; the database itself refuses anything else.
_ADDED_TO_ONLY = {
    "sqlite": [
        f"""
        CREATE TRIGGER audit_log_no_{change.lower()} BEFORE {change} ON audit_log
        BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
        """
        for change in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """
        CREATE OR REPLACE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$
        """,
        """
        CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()
        """,
    ],
}
