"""What members say of the shop, to it and to others, and what its people did for them."""

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
    false,
    literal_column,
    text,
)

from .base import metadata, of_member, partial_index
from .types import BigInt, UtcDateTime

#: Reviews told in the chat. `status`: draft (stars chosen, its words still to come), waiting (for
#: staff to confirm), counted, withdrawn (its words are gone). `next_stars`: those chosen with words
#: that are asked for now, NULL where none are. `key` is the outside key of its words, by which LINE
#: says that they were unsent, `user_id` whose chat they were told in. `rewarded`: points, or a
#: reward, were given for it; `counted_for` and `counted_seq` name the activity that it was recorded
#: as. `shown_as` is the name it stands under on the public page, "" for none; NULL: not shown.
#: `taken_down` is why staff took it off the page (`by`: who), NULL where they didn't. `store`: that
#: at which its writer had come last.
reviews = Table(
    "reviews",
    metadata,
    of_member(primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("stars", SmallInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("status", String(10), nullable=False),
    Column("next_stars", SmallInteger),
    Column("key", String(200)),
    Column("user_id", String(64)),
    Column("rewarded", Boolean, nullable=False),
    Column("counted_for", BigInt),
    Column("counted_seq", Integer),
    Column("shown_as", String(60)),
    Column("taken_down", String(10)),
    Column("taken_down_at", UtcDateTime),
    Column("taken_down_by", BigInt),
    Column("store", String(40)),
)
#: Those that stand on the public page.
IS_SHOWN = text("status = 'counted' AND shown_as IS NOT NULL AND taken_down IS NULL")
partial_index(
    "ix_reviews_shown", reviews.c.business_date, reviews.c.member_id, reviews.c.n, where=IS_SHOWN
)
Index("ix_reviews_at", reviews.c.at)
Index("ix_reviews_key", reviews.c.key)

#: What members wrote that staff should read: `kind` message, feedback, survey or review. What was
#: adopted is that member's activity `adopted_seq`, while it stands; `adopted_text` says what it
#: changed. `case_number`: the member's case that it belongs to. `suggestion_id`: the suggestion
#: that it makes; `told`: as what that stood when its writer was last told of it; `to_call`: by
#: telephone or in person, since LINE can't tell them.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("member_id", BigInt),
    Column("user_id", String(64)),
    Column("kind", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_by", BigInt),
    Column("complaint", Boolean, nullable=False, server_default=false()),
    Column("adopted_by", BigInt),
    Column("adopted_seq", Integer),
    Column("adopted_text", Text),
    Column("case_number", Integer),
    Column("suggestion_id", BigInt),
    Column("told", String(10)),
    Column("to_call", Boolean, nullable=False, server_default=false()),
)
Index("ix_inbox_member", inbox.c.member_id, inbox.c.case_number)
Index("ix_inbox_at", inbox.c.at)
Index("ix_inbox_user_id", inbox.c.user_id)
_HAS_SUGGESTION = text("suggestion_id IS NOT NULL")
partial_index("ix_inbox_suggestion", inbox.c.suggestion_id, inbox.c.id, where=_HAS_SUGGESTION)
#: Written out, or SQLite would not find that a partial index is meant.
IS_TO_CALL = text("inbox.to_call")
partial_index("ix_inbox_to_call", inbox.c.id, where="to_call")

#: What members suggest, each made by one letter or by several that mean the same. `title` is the
#: shop's name for it, "" while it has none; `word` what is said to them with its state; `tells`
#: whether a message says so; `is_shown`: all members may read of it. `moved` counts changes, and
#: `is_telling` is set while some of them haven't been told.
suggestions = Table(
    "suggestions",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("title", String(80), nullable=False),
    Column("state", String(10), nullable=False),
    Column("word", Text, nullable=False),
    Column("tells", Boolean, nullable=False),
    Column("is_shown", Boolean, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("state_at", UtcDateTime, nullable=False),
    Column("state_by", BigInt),
    Column("moved", Integer, nullable=False),
    Column("is_telling", Boolean, nullable=False),
)
Index("ix_suggestions_state", suggestions.c.state, suggestions.c.state_at, suggestions.c.id)
#: Written out, as above.
IS_TELLING = text("suggestions.is_telling")
partial_index("ix_suggestions_telling", suggestions.c.id, where="is_telling")

#: What members put on social media: each a link of its own (`codes` leads from its code to the
#: member). `line` is which of the lines to choose from. `opened_at`: when somebody else came by it
#: first; `proven_by`: link or staff, NULL until it is recorded. `own_mark` is a keyed hash of the
#: browser and network in which the member opened it themselves.
shares = Table(
    "shares",
    metadata,
    of_member(primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("code", String(20), nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("proven_by", String(8)),
    Column("own_mark", String(64)),
)

#: What a member said that is to be answered: their letters (in `inbox`) with its number belong to
#: it. `due_at`: by when the last of them is to be answered. `moved`: how often it changed, by which
#: somebody sees that a colleague was quicker. `answered_at`: when first. `helped`: what the member
#: said once it was closed. `topic`: what it is about, as the member's tap or the staff said, and
#: `store` where they had come last when it was opened; NULL where nobody knows.
cases = Table(
    "cases",
    metadata,
    of_member(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("reason", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("assigned_to", BigInt),
    Column("answered_at", UtcDateTime),
    Column("helped", Boolean),
    Column("topic", String(10)),
    Column("store", String(40)),
)
#: Written out, or SQLite would not find that a partial index is meant.
CASE_IS_OPEN = cases.c.state == literal_column("'open'")
partial_index("ix_cases_open", cases.c.due_at, where="state = 'open'")
Index("ix_cases_opened_at", cases.c.opened_at)
Index("ix_cases_last_at", cases.c.last_at)

#: What people of the shop did for a member, in order: answers, calls, letters by post. `text` is
#: what was said, or what is worth telling of it; `case_number` the case it was about; `letter` the
#: first day of the month whose letter went to them, NULL where it was none of the programme's.
contacts = Table(
    "contacts",
    metadata,
    of_member(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("staff_id", BigInt),
    Column("case_number", Integer),
    Column("letter", Date),
)
#: Written out, or SQLite would not find that a partial index is meant.
IS_MAILED = contacts.c.kind == literal_column("'mailed'")
partial_index("ix_contacts_mailed", contacts.c.at, where="kind = 'mailed'")

#: How members don't want to be turned to: phone, mail. A row is a no.
refused_ways = Table(
    "refused_ways",
    metadata,
    of_member(primary_key=True),
    Column("way", String(10), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

#: One time at which a member was asked the questions of a survey. `asked_by`: the journey that did,
#: or "" where they began by themselves. `asking`: the question that a typed text would answer, put
#: at `touched_at`.
survey_rounds = Table(
    "survey_rounds",
    metadata,
    of_member(primary_key=True),
    Column("survey", String(40), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("begun_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("touched_at", UtcDateTime),
    Column("asking", String(40)),
    Column("store", String(40)),
)
Index("ix_survey_rounds_asked", survey_rounds.c.survey, survey_rounds.c.asked_at)

#: What was answered to one question in a round, the newest word alone. A `number` is of the scale
#: from `least` to `most`; a row with none of number, choice and words was passed over. `key` is the
#: outside key of a typed answer, by which LINE says that it was edited or unsent.
survey_answers = Table(
    "survey_answers",
    metadata,
    of_member(primary_key=True),
    Column("survey", String(40), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("question", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("number", SmallInteger),
    Column("least", SmallInteger),
    Column("most", SmallInteger),
    Column("choice", String(40)),
    Column("words", Text),
    Column("key", String(200)),
)
Index("ix_survey_answers_key", survey_answers.c.key)
Index(
    "ix_survey_answers_survey",
    survey_answers.c.survey,
    survey_answers.c.question,
    survey_answers.c.at,
)
