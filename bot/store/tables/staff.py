"""The counter's tables: who works there, on which device, what they did, and what they prepared."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from rules.judging.undo import REASON_LENGTH_MAX

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: `role` is owner, manager or staff; `store` None is every store. `failed` counts wrong passwords,
#: PINs or codes in a row. `totp` is what an authenticator app shares with us, encrypted, and
#: `totp_step` the 30 seconds whose code was used last.
staff = Table(
    "staff",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("role", String(8), nullable=False),
    Column("store", String(40)),
    Column("language", String(2), nullable=False, server_default="ja"),
    Column("password_hash", Text),
    Column("pin_hash", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("failed", SmallInteger, nullable=False, server_default="0"),
    Column("locked_until", UtcDateTime),
    Column("totp", String(200)),
    Column("totp_since", UtcDateTime),
    Column("totp_step", Integer),
    Column("public_name", String(20), nullable=False, server_default=""),
)

#: What lets somebody in whose authenticator app is lost: each once, by its hash.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("staff_id", BigInt, primary_key=True),
    Column("code_hash", String(64), primary_key=True),
)

#: Phones, tablets and tills that were registered for a store. `clock_off_s` is how far ahead the
#: device's clock was when it last told the time. On one that `asks_pin` no tap alone is enough.
devices = Table(
    "devices",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("store", String(40), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("registered_by", BigInt),
    Column("last_seen_at", UtcDateTime),
    Column("clock_off_s", Integer),
    Column("revoked_at", UtcDateTime),
    Column("asks_pin", Boolean, nullable=False, server_default=text("false")),
)

#: Links that register a device or let a new colleague choose a password; each works once.
invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(60), nullable=False),
    Column("store", String(40)),
    Column("role", String(8)),
    Column("staff_id", BigInt),
    Column("created_by", BigInt),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

#: Browsers in which somebody has signed in before. Wrong passwords there are counted by themselves,
#: so that a stranger's keep nobody out; and a new one is told in those of before, until `told_at`.
staff_browsers = Table(
    "staff_browsers",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", BigInt, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("failed", SmallInteger, nullable=False, server_default="0"),
    Column("locked_until", UtcDateTime),
    Column("told_at", UtcDateTime),
)
Index("ix_staff_browsers_staff_id", staff_browsers.c.staff_id)

#: Who `awaits_code` gave a password, and isn't in before the code of their app.
staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", BigInt, nullable=False),
    Column("device_id", BigInt),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("awaits_code", Boolean, nullable=False, server_default=text("false")),
)
Index("ix_staff_sessions_staff_id", staff_sessions.c.staff_id)

#: Who did, saw or was refused what, where, on which device. Only ever added to: triggers refuse
#: anything else.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", BigInt),
    Column("device_id", BigInt),
    Column("store", String(40)),
    Column("action", String(40), nullable=False),
    Column("key", String(200)),
    Column("member_id", BigInt),
    Column("details", Text, nullable=False),
    #: The amount that was entered with it, of a receipt; None where none was.
    Column("entered_yen", BigInt),
)
Index("ix_audit_log_at", audit_log.c.at)
partial_index(
    "ix_audit_log_entered_yen",
    audit_log.c.staff_id,
    audit_log.c.at,
    audit_log.c.entered_yen,
    where="entered_yen IS NOT NULL",
)
Index("ix_audit_log_device_id", audit_log.c.device_id, audit_log.c.id)
Index("ix_audit_log_member_id", audit_log.c.member_id, audit_log.c.id)
Index("ix_audit_log_key", audit_log.c.key)

#: Why somebody of the staff did what the log has under that outside key, in their own words. It may
#: say who a member is, so it stands beside the log, and goes with the member.
reasons = Table(
    "reasons",
    metadata,
    of_member(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("words", String(REASON_LENGTH_MAX), nullable=False),
)

#: What staff know of a member by name: for search, paper and the telephone.
profiles = Table(
    "profiles",
    metadata,
    of_member(primary_key=True),
    Column("name", String(60), nullable=False, server_default=""),
    Column("kana", String(60), nullable=False, server_default=""),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("note", String(500), nullable=False, server_default=""),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("age_band", String(40), nullable=False, server_default=""),
    Column("gender", String(40), nullable=False, server_default=""),
    Column("area", String(40), nullable=False, server_default=""),
    Column("interests", String(500), nullable=False, server_default=""),
    Column("postcode", String(7), nullable=False, server_default=""),
    Column("address", String(200), nullable=False, server_default=""),
    Column("proven_phone", String(20), nullable=False, server_default=""),
)

#: Telephones that members are proving, each by a code that goes there by SMS. `phone` is empty when
#: it is proven, given up or taken up anew; `mark` is a keyed hash of it, by which it is known how
#: often it was asked for.
phone_proofs = Table(
    "phone_proofs",
    metadata,
    of_member(primary_key=True),
    Column("asked_at", UtcDateTime, primary_key=True),
    Column("phone", String(20), nullable=False),
    Column("mark", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("wrong", SmallInteger, nullable=False, server_default="0"),
)
Index("ix_phone_proofs_asked_at", phone_proofs.c.asked_at)

#: What a search may begin with to find a member: the ends of their names, made alike.
search_terms = Table(
    "search_terms",
    metadata,
    of_member(primary_key=True),
    Column("term", String(70), primary_key=True),
)
Index(
    "ix_search_terms_term",
    search_terms.c.term,
    search_terms.c.member_id,
    postgresql_ops={"term": "text_pattern_ops"},
)

#: "Put the points on later": what someone without a card at hand may still claim, once.
slips = Table(
    "slips",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("store", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("what", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("staff_id", BigInt),
    Column("device_id", BigInt),
    Column("member_id", BigInt),
    Column("used_at", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
)

#: Codes that put a card onto a LINE account. `purpose`: link (a card without LINE), share. One ends
#: with who gave it (`staff_id`).
link_codes = Table(
    "link_codes",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("purpose", String(8), nullable=False),
    Column("member_id", BigInt, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("staff_id", BigInt),
)

#: How many of a reward's stock have been handed out, and what they were worth in all, each by what
#: it was worth then.
reward_uses = Table(
    "reward_uses",
    metadata,
    Column("reward", String(40), primary_key=True),
    Column("used", Integer, nullable=False),
    Column("yen", BigInt, nullable=False),
)

#: Codes for a web shop, sealed (`bot.codes`), each brought in once. What has a `member_id` was
#: handed out with that member's activity `seq`; `back_at` is when it was last given back.
reward_codes = Table(
    "reward_codes",
    metadata,
    Column("reward", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", String(120), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("member_id", BigInt),
    Column("seq", Integer),
    Column("given_at", UtcDateTime),
    Column("back_at", UtcDateTime),
)
Index("ux_reward_codes_sealed", reward_codes.c.reward, reward_codes.c.sealed, unique=True)
_IS_FREE = text("member_id IS NULL")
partial_index("ix_reward_codes_free", reward_codes.c.reward, reward_codes.c.number, where=_IS_FREE)
partial_index("ix_reward_codes_member_id", reward_codes.c.member_id, where="member_id IS NOT NULL")

#: Unusual patterns at the counter, for the owner to look at. `key` keeps one pattern one flag.
flags = Table(
    "flags",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("store", String(40)),
    Column("staff_id", BigInt),
    Column("device_id", BigInt),
    Column("member_id", BigInt),
    Column("details", Text, nullable=False),
    Column("seen_at", UtcDateTime),
    Column("seen_by", BigInt),
)
Index("ix_flags_at", flags.c.at)
partial_index("ix_flags_unseen", flags.c.store, where="seen_at IS NULL")
