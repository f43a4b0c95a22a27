"""What is sent by itself: the outbox, the attempts to send, the month's quota, the pace."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    literal_column,
    text,
)

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: One message per (member, journey, period). `say` is what to say, in data; it becomes words when a
#: worker takes it up, and those are frozen in a send attempt. `status`: queued (`reason`: why it
#: waits), sending (its attempt is open), sent, skipped, uncertain, failed, held_out (never sent: of
#: the share that a test holds back; or drawn to an arm that is for others, with the `reason`
#: other_audience). `priority`: the lowest number goes first. `alone`: never in a multicast again.
#: `attempts` counts those after which LINE is known not to have taken it. `promise` is what its
#: frozen words promise for the next visit, in data. `user_id`: the LINE account it goes to, where
#: that isn't the member's own. `chance` and `share` are of the draw on which side of a journey's
#: test this episode falls: the model's chance then of a visit within the journey's `measure_days`,
#: and with which probability it was to be held_out. Both are NULL where nothing was drawn, and in
#: rows of before, which were drawn once for each member.
outbox = Table(
    "outbox",
    metadata,
    of_member(primary_key=True),
    Column("journey", String(40), primary_key=True),
    Column("period", String(100), primary_key=True),
    Column("topic", String(20)),
    Column("say", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False, server_default="5"),
    Column("channel", String(4), nullable=False, server_default="line"),
    Column("arm", String(40)),
    Column("step", SmallInteger),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("useful_until", UtcDateTime, nullable=False),
    Column("status", String(10), nullable=False),
    Column("reason", String(40)),
    Column("attempt_id", String(36)),
    Column("alone", Boolean, nullable=False, server_default=text("false")),
    Column("first_tried_at", UtcDateTime),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("sent_at", UtcDateTime),
    Column("promise", Text),
    Column("user_id", String(64)),
    Column("chance", Float),
    Column("share", Float),
)
# Written out, or SQLite would not find that a partial index is meant.
IS_QUEUED = outbox.c.status == literal_column("'queued'")
IS_SENDING = outbox.c.status == literal_column("'sending'")
IS_SENT = outbox.c.status == literal_column("'sent'")
#: Ended otherwise than by being sent.
IS_UNSENT = outbox.c.status.in_(
    [literal_column(f"'{each}'") for each in ("skipped", "failed", "uncertain", "held_out")]
)
partial_index(
    "ix_outbox_due",
    outbox.c.channel,
    outbox.c.priority,
    outbox.c.not_before,
    outbox.c.member_id,
    where="status = 'queued'",
)
#: Answers that could not be replies any more.
IS_ANSWER = outbox.c.journey == literal_column("'messages'")
partial_index("ix_outbox_answers", outbox.c.queued_at, where="journey = 'messages'")
partial_index("ix_outbox_user_id", outbox.c.user_id, where="user_id IS NOT NULL")
#: What journeys had for somebody, for their results.
partial_index("ix_outbox_journey", outbox.c.journey, outbox.c.queued_at, where="arm IS NOT NULL")
#: What the month's messages are counted by; each holds all that is asked of it.
partial_index(
    "ix_outbox_sent_at",
    outbox.c.sent_at,
    outbox.c.status,
    outbox.c.channel,
    outbox.c.journey,
    outbox.c.priority,
    outbox.c.topic,
    where="status = 'sent'",
)
partial_index(
    "ix_outbox_unsent",
    outbox.c.queued_at,
    outbox.c.status,
    outbox.c.reason,
    where="status IN ('skipped', 'failed', 'uncertain', 'held_out')",
)
Index("ix_outbox_sent", outbox.c.member_id, outbox.c.sent_at)
partial_index("ix_outbox_attempt_id", outbox.c.attempt_id, where="status = 'sending'")

#: One push, or one multicast with its recipients, word for word; `id` is LINE's retry key. An open
#: one may have reached LINE. `next_try_at` is also the end of the lease of whoever sends it now.
#: The body is emptied as soon as its end is known.
send_attempts = Table(
    "send_attempts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("first_tried_at", UtcDateTime, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("status", String(10), nullable=False),
    Column("reason", String(40)),
    Column("request_id", String(100)),
)
partial_index("ix_send_attempts_open", send_attempts.c.next_try_at, where="status = 'open'")
Index("ix_send_attempts_first_tried_at", send_attempts.c.first_tried_at)

#: What was decided of a version of a journey's test; the newest `number` counts. `step`: decided,
#: rolled_out (`arm` goes to everybody), undone. `word`, `about`, `low` and `high` are what was
#: known then, from so many `episodes`, of how many visitors more a hundred messages bring.
#: `made_by`: owner or night.
journey_decisions = Table(
    "journey_decisions",
    metadata,
    Column("journey", String(40), primary_key=True),
    Column("version", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("step", String(10), nullable=False),
    Column("made_by", String(8), nullable=False),
    Column("arm", String(40)),
    Column("word", String(8)),
    Column("about", Float),
    Column("low", Float),
    Column("high", Float),
    Column("episodes", Integer, nullable=False),
)

#: What was counted of a journey's present test, of its `version`, on the shop's day `counted_on`:
#: the `sides` in JSON, and the rest of a `rules.journeys.counts.CountedJourney`. To count it reads
#: all that the journey ever sent, so that it is done once a day.
journey_counts = Table(
    "journey_counts",
    metadata,
    Column("journey", String(40), primary_key=True),
    Column("version", SmallInteger, nullable=False),
    Column("counted_on", Date, nullable=False),
    Column("share", Float, nullable=False),
    Column("sides", Text, nullable=False),
    Column("first_at", UtcDateTime),
    Column("days", Float, nullable=False),
    Column("steady", Boolean, nullable=False),
    Column("members", Integer, nullable=False),
)

#: A month of the shop's calendar: LINE's figures as of `asked_at` (`plan` is null without a limit),
#: when it is asked again, what we sent ourselves (`used_own`; `own_when_asked` of it by
#: `asked_at`), and whether sending holds.
quota = Table(
    "quota",
    metadata,
    Column("month", Date, primary_key=True),
    Column("plan", Integer),
    Column("used_line", Integer, nullable=False, server_default="0"),
    Column("asked_at", UtcDateTime),
    Column("next_ask_at", UtcDateTime),
    Column("own_when_asked", Integer, nullable=False, server_default="0"),
    Column("used_own", Integer, nullable=False, server_default="0"),
    Column("hold_until", UtcDateTime),
    Column("hold_reason", String(20)),
)

#: Messages that LINE counts together: those of a `journey` in the version `arm`, sent as its `unit`
#: from `first_on` on (LINE's days), within 31 days; the last so far on `last_on`. `opened` and
#: `tapped` are how many people did, as LINE told on `asked_on`; None where it doesn't tell, or was
#: not asked yet. `ask_on`: when it is asked again; None once it counts them no more.
line_units = Table(
    "line_units",
    metadata,
    Column("unit", String(30), primary_key=True),
    Column("first_on", Date, primary_key=True),
    Column("journey", String(40), nullable=False),
    Column("arm", String(40), nullable=False),
    Column("last_on", Date, nullable=False),
    Column("opened", Integer),
    Column("tapped", Integer),
    Column("asked_on", Date),
    Column("ask_on", Date),
)
Index("ix_line_units_journey", line_units.c.journey, line_units.c.first_on)
partial_index("ix_line_units_ask_on", line_units.c.ask_on, where="ask_on IS NOT NULL")

#: For each endpoint of LINE's, until when its rate is given away (of the database's own clock).
rate_buckets = Table(
    "rate_buckets",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("free_at", UtcDateTime, nullable=False),
)

#: What LINE told last of an account and a plan of its own membership: joined, renewed or left.
line_plans = Table(
    "line_plans",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("plan", BigInt, primary_key=True, autoincrement=False),
    Column("told", String(8), nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
)
Index("ix_line_plans_plan", line_plans.c.plan, line_plans.c.told)
