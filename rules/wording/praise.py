"""A word from the staff to a member: praise, or thanks for a first visit or for friends."""

from dataclasses import dataclass

from ..outlook.moments import PraiseKind
from ..programme.ranks import Rank
from .words import Words

#: More is a letter.
PRAISE_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True)
class PraiseWords:
    """What the member reads."""

    title: str
    #: What staff may word otherwise.
    body: str
    #: From whom it is.
    note: str


def praise_words(
    words: Words, kind: PraiseKind, *, store: str, rank: Rank | None, by: str = ""
) -> PraiseWords:
    """As it is said unless staff word it themselves: for that `kind` of moment, from the people at
    `store`, or from one of them, `by` name; `rank` is the one that was reached."""
    programme = words.programme
    branch = programme.store(store)
    values = {
        "rank": words.name(rank.name) if rank else "",
        "store": words.name(branch.name if branch else programme.shop.name),
    }
    title, body = (words.say(f"push.praise.{kind}.{part}", **values) for part in ("title", "body"))
    note = words.say("push.praise.signed", **values, name=by) if by else None
    return PraiseWords(title, body, note or words.say("push.praise.from", **values))
