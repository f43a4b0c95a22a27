"""What a key of the API may do."""

from collections.abc import Iterable
from typing import Literal, get_args

#: What is asked for by one door each; whatever only reads says so.
Scope = Literal[
    "members:read", "members:write", "visits", "purchases", "points:read", "points", "rewards",
    "events:read", "events", "segments", "webhooks",
]  # fmt: skip
SCOPES: tuple[Scope, ...] = get_args(Scope)

#: What a till at a counter needs.
TILL: tuple[Scope, ...] = (
    "members:read", "members:write", "visits", "purchases", "points:read", "rewards",
)  # fmt: skip


def known_scopes(names: Iterable[str]) -> tuple[Scope, ...]:
    """Those of `names` that there are, each once, in their order."""
    wanted = set(names)
    return tuple(scope for scope in SCOPES if scope in wanted)
