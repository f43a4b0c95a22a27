"""What a club takes along when it leaves whole: every table is in one of the two lists."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeEngine

from bot.errors import KayoiError

from ..tables import metadata
from ..tables.types import BigInt, UtcDateTime

#: The tables that are taken along …
TAKEN = frozenset({
    # Members, and what they did.
    "members", "codes", "line_accounts", "line_plans", "profiles", "refused_ways", "consents",
    "link_codes", "member_sources", "activities", "entries", "lots", "lot_uses", "rank_changes",
    "receipts", "bought_lines", "returned_lines", "orders", "slips", "claims", "last_changes",
    "switchings",
    # What they said, and what was done for them.
    "inbox", "cases", "contacts", "suggestions", "reviews", "shares", "survey_rounds",
    "survey_answers", "reasons",
    # Events and the inner circle.
    "events", "event_sittings", "event_places", "circle_seats", "trials", "trial_parts",
    # What is sent.
    "outbox", "broadcasts", "broadcast_taps", "newsletter_issues", "newsletter_reads",
    "journey_decisions", "quota", "line_units", "hook_counts",
    # The programme and the shop.
    "programs", "drafts", "put_offs", "arts", "segments", "bulks", "bulk_members", "imports",
    "import_rows", "reward_uses",
    "reward_codes", "handovers", "sources", "source_costs",
    # Who works there.
    "staff", "recovery_codes", "devices", "api_keys", "audit_log", "flags", "line_channel",
    # What the clock remembers, and what was counted.
    "ticks", "notes", "figures", "figure_lives", "figure_marks", "figure_people",
    "engagement_days", "cost_figures", "message_figures", "held_vouchers", "source_figures",
    "journey_counts", "return_fits", "search_terms",
})  # fmt: skip
#: … and those that are not, each with why.
LEFT_OUT: Mapping[str, str] = {
    "staff_sessions": "who is signed in where: everybody signs in anew",
    "staff_browsers": "browsers that are known by a cookie of the old address",
    "invitations": "links that let somebody in once: new ones are made",
    "reservations": "rewards that tills had set aside for minutes: they are free where the club is",
    "phone_proofs": "codes that went out by SMS and count for minutes",
    "first_steps": "what was told while a club was begun: the club itself is there",
    "webhook_events": "what LINE sent and the club was about to deal with",
    "send_attempts": "requests under way to LINE; what came of them stands with the message",
    "hook_endpoints": "who hears of what happens: added anew, with a new secret, where the club is",
    "hook_events": "what other systems were told by then",
    "hook_deliveries": "what came of that: nobody is told again by a club that was brought in",
    "connections": "by which keys tills and web shops are asked: added anew where the club is",
    "order_hints": "orders about to be fetched: they are asked for again where the club is",
    "rate_buckets": "how fast LINE was asked in the last seconds",
}
#: Columns whose bytes are a file of their own, of which the row has the name.
FILES = frozenset({("newsletter_issues", "picture"), ("arts", "data")})

FieldKind = Literal["int", "float", "bool", "text", "time", "day", "bytes", "file"]
#: How a field is written, by the column's type.
_KINDS: tuple[tuple[type[TypeEngine[Any]], FieldKind], ...] = (
    (Boolean, "bool"),
    (Integer, "int"),
    (Float, "float"),
    (DateTime, "time"),
    (Date, "day"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
#: The types by which each kind of field is written into a database.
TYPES: Mapping[FieldKind, TypeEngine[Any]] = {
    "bool": Boolean(),
    "int": BigInt,
    "float": Float(),
    "time": UtcDateTime(),
    "day": Date(),
    "bytes": LargeBinary(),
    "file": LargeBinary(),
    "text": String(),
}


class UnknownKind(KayoiError):
    """A column has a type of which an export knows nothing."""


def kind_of(column_type: TypeEngine[Any]) -> FieldKind:
    """How values of a column are written: "int", "text" and so on."""
    if isinstance(column_type, UtcDateTime):
        return "time"
    for each, kind in _KINDS:
        if isinstance(column_type, each):
            return kind
    raise UnknownKind(str(column_type))


def fields_of(table: Table) -> dict[str, FieldKind]:
    """The table's columns, each with how it is written."""
    return {
        column.name: "file" if (table.name, column.name) in FILES else kind_of(column.type)
        for column in table.columns
    }


def tables_taken() -> list[Table]:
    """In an order in which rows only name rows of tables before."""
    return [table for table in metadata.sorted_tables if table.name in TAKEN]
