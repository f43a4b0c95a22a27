"""Cards: whose a scanned or typed code is, as the staff's scanner reads it."""

from typing import Literal

from pydantic import Field

from handlers.actions.counter.redeem import used_before

from ..frame.current import reading
from ..frame.doors import reads
from ..frame.models import AnswerPart, CodeText, RequestPart
from ..frame.people import MemberInFull, member_in_full
from ..frame.problems import refuse
from ..frame.shown import NO_CARDS, shown_card


class CodeAsked(RequestPart):
    """What was scanned, or typed in its place."""

    code: CodeText = Field(
        description="The card's QR or barcode as the scanner gives it, or its number as typed."
    )


class CardRead(AnswerPart):
    """A card that was shown."""

    kind: Literal["live", "card", "number", "use"] = Field(
        description="`live`: a moving code of this minute. `card`: a code that may be a copy. "
        "`number`: the number alone. `use`: the page of a reward that is about to be used."
    )
    member: MemberInFull
    reward: str | None = Field(description="The reward of a `use`.")
    voucher: int | None = Field(description="Its voucher; null where it is for points.")


@reads(
    "/cards/read", CardRead, "members:read",
    *NO_CARDS, "use_again", "use_cancelled",
    method="POST",
)  # fmt: skip
def read_card(json: CodeAsked) -> CardRead:
    """Read a card.

    Nothing is recorded. A code that is no card of ours is refused by what it is instead, and the
    page of a reward that was handed out already as that.
    """
    with reading() as work:
        card = shown_card(work, json.code, work.now, looks=True)
        live = card.shown.live
        use = live.use if live else None
        if live and use and (no := used_before(work, card.holder.id, live)):
            raise refuse(no)
        return CardRead(
            kind=_kind(card.shown.kind),
            member=member_in_full(work, card.member, asked=card.holder.number),
            reward=use.reward if use else None,
            voucher=use.voucher if use else None,
        )


def _kind(kind: str) -> Literal["live", "card", "number", "use"]:
    kinds: tuple[Literal["live", "card", "number", "use"], ...] = ("live", "card", "number", "use")
    return next(each for each in kinds if each == kind)
