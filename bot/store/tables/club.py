"""The club's tables. Unique keys of what a member owns begin with `member_id`, so that it can be
spread over machines by member; lookup tables (LINE accounts, webhook events, claims, codes) are
not owned."""

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
    true,
)

from rules.journeys.kinds import OWN_DAYS
from rules.programme.purchases import RECEIPT_LENGTH_MAX

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: `facts` is the summary the rules work on (JSON); the columns beside it are what questions over
#: many members ask, written in the same statement. `issue` is the card's that counts, of the
#: `issues` there have been: a lost one is issued anew; `issue_before` counted until `issued_at`,
#: for scans kept from before. `merged_into` is the member that took over this one's history,
#: `held_until` when rewards of much worth may be had again after a move, `events_until` when the
#: last of what they ever signed up for is over, `reserved_until` when the last of what was ever set
#: aside for them is free (`reservations`), `subscribed_from` and `subscribed_until` of when to when
#: they subscribe, `subscriptions` to what (`members.subscribed`). From `away_since` on it is
#: what journeys ask for (`rules.journeys.candidates`; a kind may have a day of its own), all of it
#: None for someone erased; `drift_on` goes by what the club has learned too (`return_fits`);
#: `at_risk` is what the night thinks of them; `figures_due`, whether something of theirs is to be
#: brought into the sums of `figures`, is set by whatever changes what these count.
members = Table(
    "members",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("number", String(12), nullable=False),
    Column("language", String(2), nullable=False),
    Column("line_user_id", String(64)),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("membership", String(8), nullable=False),
    Column("source", String(16), nullable=False),
    Column("referred_by", BigInt),
    Column("facts", Text, nullable=False),
    Column("history_seq", Integer, nullable=False),
    Column("entry_no", Integer, nullable=False),
    Column("balance", BigInt, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("rank", String(40)),
    Column("last_visit_at", UtcDateTime),
    Column("active_on", Date, nullable=False),
    Column("settle_on", Date),
    Column("birth_month", SmallInteger),
    *(Column(name, Date) for name in ("subscribed_from", "subscribed_until")),
    Column("subscriptions", Text),
    *(Column(name, Date) for name in ("away_since", "acted_on", "drift_on")),
    *(Column(day.name, Date) for day in OWN_DAYS),
    Column("at_risk", String(10)),
    Column("topics_left", String(200), nullable=False, server_default=""),
    Column("menu", String(44)),
    Column("issue", Integer, nullable=False, server_default="1"),
    Column("issues", Integer, nullable=False, server_default="1"),
    Column("issue_before", Integer),
    Column("issued_at", UtcDateTime),
    Column("merged_into", BigInt),
    Column("held_until", UtcDateTime),
    Column("events_until", UtcDateTime),
    Column("reserved_until", UtcDateTime),
    Column("erased_at", UtcDateTime),
    Column("figures_due", Boolean, nullable=False, server_default=true()),
)
#: Members whose changes aren't in the sums of `figures` yet.
FIGURES_ARE_DUE = text("figures_due")
partial_index("ix_members_figures_due", members.c.id, where=FIGURES_ARE_DUE)
Index("ix_members_line_user_id", members.c.line_user_id)
#: Members whose rich menu (`menus`) is not that of their language and rank.
MENU_IS_DUE = text(
    "line_user_id <> '' AND coalesce(menu, '') <> language || ':' || coalesce(rank, '')"
)
partial_index("ix_members_menu_is_due", members.c.id, where=MENU_IS_DUE)
Index("ix_members_settle_on", members.c.settle_on, members.c.id)
Index("ix_members_joined_at", members.c.joined_at)
#: Members who stand for themselves: neither erased nor merged into another.
STANDS = text("erased_at IS NULL AND merged_into IS NULL")
# What most journeys ask is answered by these without reading a row.
for _name, _leads in (
    ("away_since", ("away_since",)),
    ("last_visit_at", ("last_visit_at",)),
    ("drift_on", ("drift_on",)),
    ("birth_month", ("birth_month",)),
):
    partial_index(
        f"ix_members_{_name}",
        *(members.c[_column] for _column in (*_leads, "id", "membership", "visits")),
        where=STANDS,
    )
Index("ix_members_active_on", members.c.active_on, members.c.id)
Index("ix_members_acted_on", members.c.acted_on, members.c.id)
for _some in (*(day.name for day in OWN_DAYS), "at_risk"):
    partial_index(
        f"ix_members_{_some}", *(members.c[_some], members.c.id), where=f"{_some} IS NOT NULL"
    )
#: Whom somebody brought.
partial_index(
    "ix_members_referred_by",
    members.c.referred_by,
    members.c.joined_at,
    where="referred_by IS NOT NULL",
)
partial_index("ix_members_merged_into", members.c.merged_into, where="merged_into IS NOT NULL")
#: Members whom the night's work may still find at risk, and those it has.
RISK_IS_OPEN = text("at_risk IS NULL AND membership = 'active' AND visits > 0")
IS_AT_RISK = text("at_risk IS NOT NULL")
for _name, _of in (("drift_open", RISK_IS_OPEN), ("drifting", IS_AT_RISK)):
    partial_index(f"ix_members_{_name}", members.c.drift_on, members.c.id, where=_of)

#: What the club has learned of its members' returns, each time anew; the newest is gone by.
#: `models` (JSON) are those of each horizon, and how well they foretold what they hadn't seen.
return_fits = Table(
    "return_fits",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("models", Text, nullable=False),
)

#: What leads to a member: card numbers, referral codes.
codes = Table(
    "codes",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("member_id", BigInt, nullable=False),
)
Index("ix_codes_member_id", codes.c.member_id)

#: People on LINE, members or not yet. `awaiting` is what the chat asked and waits to be told;
#: from `profile_due_at` on (NULL: at once) LINE is asked what they are called when they next write.
#: `suggested` is the way to earn that an answer suggested last, on the business day `suggested_on`;
#: NULL where that turn was let pass. `looked_at`: when they first looked at the card or the
#: programme by themselves; NULL also where that was before it was noted. `browser`: the mark of
#: the browser in which they last opened their card's page.
line_accounts = Table(
    "line_accounts",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("display_name", String(100), nullable=False, server_default=""),
    Column("language", String(2), nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("member_id", BigInt),
    Column("awaiting", String(40)),
    Column("awaiting_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("profile_due_at", UtcDateTime),
    Column("suggested", String(20)),
    Column("suggested_on", Date),
    Column("looked_at", UtcDateTime),
    Column("browser", String(64)),
)
Index("ix_line_accounts_member_id", line_accounts.c.member_id)

#: `undone_by` is the outside key of the undo that took an activity out of the history again.
activities = Table(
    "activities",
    metadata,
    of_member(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("what", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("made_by", String(8), nullable=False),
    Column("store", String(40)),
    Column("holiday", Boolean, nullable=False),
    Column("switches", String(400), nullable=False),
    Column("segments", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Column("undone_at", UtcDateTime),
    Column("undone_by", String(200)),
)

#: Eco actions, for the month's total of all members.
_IS_ECO = text("what LIKE 'Eco %' AND undone_at IS NULL")
partial_index("ix_activities_eco", activities.c.business_date, where=_IS_ECO)

#: Append-only. `kind`: grant, correction (of a grant), spend, refund (of a spend,
#: back into the lots it came from).
entries = Table(
    "entries",
    metadata,
    of_member(primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Column("points", BigInt, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("business_date", Date, nullable=False),
)

#: A lot has the number of the entry that gave it. Left points are what is left of it.
lots = Table(
    "lots",
    metadata,
    of_member(primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("points", BigInt, nullable=False),
    Column("left", BigInt, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("expires_on", Date),
    Column("warned_on", Date),
    Column("warned_for", Date),
    Column("warnings", SmallInteger, nullable=False, server_default="0"),
)
partial_index("ix_lots_expires_on", lots.c.expires_on, lots.c.member_id, where='"left" > 0')

#: Which lots an entry took from.
lot_uses = Table(
    "lot_uses",
    metadata,
    of_member(primary_key=True),
    Column("entry_no", Integer, primary_key=True, autoincrement=False),
    Column("lot_no", Integer, primary_key=True, autoincrement=False),
    Column("points", BigInt, nullable=False),
)

rank_changes = Table(
    "rank_changes",
    metadata,
    of_member(primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("before", String(40)),
    Column("after", String(40)),
    Column("changed_on", Date, nullable=False),
    Column("reason", String(10), nullable=False),
)

#: Outside keys: claimed by the action that does the work, with what was asked and what came of it.
claims = Table(
    "claims",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("asked", String(64), nullable=False),
    Column("outcome", Text),
    Column("at", UtcDateTime, nullable=False),
)

#: `after_midnight`: it may print `issued_on` though it is of the business day before.
receipts = Table(
    "receipts",
    metadata,
    Column("store", String(40), primary_key=True),
    Column("issued_on", Date, primary_key=True),
    Column("number", String(RECEIPT_LENGTH_MAX), primary_key=True),
    Column("after_midnight", Boolean, primary_key=True),
    Column("member_id", BigInt, nullable=False),
    Column("seq", Integer, nullable=False),
)

#: LINE's events as they came. `status`: new, done, failed (kept, with the error's kind). `answer`
#: is what is to be replied, written with the work itself, so that a retake only has to send it.
webhook_events = Table(
    "webhook_events",
    metadata,
    Column("event_id", String(80), primary_key=True),
    Column("user_id", String(64)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(8), nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("leased_until", UtcDateTime),
    Column("answer", Text),
    Column("error", String(100)),
)
partial_index(
    "ix_webhook_events_open",
    webhook_events.c.received_at,
    webhook_events.c.event_id,
    where="status = 'new'",
)
Index("ix_webhook_events_received_at", webhook_events.c.received_at)

#: When somebody changed something that stands beside the history. `subject` is a keyed hash of whom
#: or what it is about, `field` what of it.
last_changes = Table(
    "last_changes",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("changed_at", UtcDateTime, nullable=False),
)
Index("ix_last_changes_changed_at", last_changes.c.changed_at)

consents = Table(
    "consents",
    metadata,
    of_member(primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("wording", Text, nullable=False),
)

#: Campaigns that staff switched on or off at a moment of a business day (rain).
switchings = Table(
    "switchings",
    metadata,
    Column("business_date", Date, primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("campaign", String(40), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("is_on", Boolean, nullable=False),
)

#: Periods a job has finished, so that each happens once: `tick:<job>:<period>`.
ticks = Table(
    "ticks",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("done_at", UtcDateTime, nullable=False),
)

#: Small things an installation remembers: LINE ids of the rich menu in use and the like.
notes = Table(
    "notes",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)
#: The note by which a club that was brought in puts by what its journeys have on the first day that
#: it asks: "" until that day, then which it is.
JOURNEYS_REST = "journeys_rest"
