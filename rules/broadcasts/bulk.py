"""What an owner does to many members at once."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import StringConstraints

from ..base import Refusal, Strict

#: note: a line among each one's contacts. state: their membership. export: a table of them.
#: labels: letters by post. circle: they are asked into the inner circle.
BulkKind = Literal["note", "state", "labels", "export", "circle"]
BulkState = Literal["active", "paused", "left"]
#: As much as a line of contacts holds.
NOTE_MAX = 120
#: So far back a membership's change may be dated.
BACK = timedelta(days=92)


class Bulk(Strict):
    """What is done, once it is chosen to whom."""

    kind: BulkKind
    #: What is noted.
    words: Annotated[str, StringConstraints(max_length=NOTE_MAX)] = ""
    state: BulkState | None = None
    #: The business day from which the membership is so.
    since: date | None = None

    @property
    def is_done_to_each(self) -> bool:
        """Whether something is written down for each of them."""
        return self.kind in ("note", "state", "circle")


def unfit_bulk(bulk: Bulk, day: date) -> Refusal | None:
    """Why it can't be done on business day `day`."""
    if bulk.kind == "note" and not bulk.words:
        return Refusal("bulk_nothing")
    if bulk.kind != "state":
        return None
    if bulk.state is None or bulk.since is None:
        return Refusal("bulk_nothing")
    return None if day - BACK <= bulk.since <= day else Refusal("bulk_day")
