"""Lists by pages: after which entry the next one goes on, never by how many were before."""

from typing import Annotated
from urllib.parse import urlencode

from flask import request
from pydantic import Field

from rules.characters import whole_number

from .current import current_club
from .models import QueryPart
from .problems import Trouble

LIMIT_MAX = 100
#: What stands for an entry after which a page goes on: theirs to keep, ours to read.
_KIND = "api page"
Limit = Annotated[int, Field(ge=1, le=LIMIT_MAX, description="So many entries at most.")]


class PageQuery(QueryPart):
    """Which part of a list."""

    after: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="After which entry: the `after` of the page before's `next`.",
    )
    limit: Limit = 50

    def place(self) -> int:
        """After which entry of ours it goes on; 404 for what never stood for any."""
        if self.after is None:
            return 0
        said = current_club().codes.unseal(_KIND, self.after) or ""
        kind, _, number = said.rpartition(" ")
        place = whole_number(number, 15)
        if kind != request.path or place is None:
            raise Trouble(404, "page")
        return place


def next_link(after: int | None, limit: int) -> str | None:
    """Where the next page is; None after the last one."""
    if after is None:
        return None
    sealed = current_club().codes.seal(_KIND, f"{request.path} {after}")
    kept = [(name, value) for name, value in request.args.items() if name not in ("after", "limit")]
    return f"{request.path}?{urlencode([*kept, ('after', sealed), ('limit', limit)])}"
