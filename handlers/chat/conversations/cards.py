"""Several cards on one account: a parent's chat speaks of one of them at a time."""

from bot.line.messages import Button, PostbackAction, Row
from bot.store.members import changes, line_accounts, members
from bot.store.members.members import Member
from handlers.showing.addresses import card_name
from rules.characters import spaced_number

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .card import card

#: More cards than these nobody has; a message has room for so many buttons.
SHOWN_MAX = 4


@conversation("cards", for_leavers=True)
def cards(turn: Turn, params: Params) -> Answer:
    """Which cards there are; with `to`, a card's number, the chat speaks of that one."""
    mine = of_account(turn)
    chosen = next((m for m in mine if m.number and m.number == params.get("to")), None)
    if chosen is not None:
        user_id = turn.account.user_id
        subject = turn.work.codes.marks("account", user_id)
        if changes.newest(turn.uow, subject, "card", at=turn.at):
            line_accounts.link(turn.uow, user_id, chosen.id)
        return card(turn.about(chosen), {})
    if len(mine) < 2:
        return parts.answer_of(parts.text(turn, turn.say("cards.one"), then=("card", "old_card")))
    others = [member for member in mine if member.id != turn.member.id]
    listed = parts.listing(
        turn,
        title=turn.say("cards.title"),
        subtitle=turn.say("cards.which"),
        rows=tuple(_row(turn, member) for member in mine),
        buttons=tuple(Button(choose(turn, m), "secondary") for m in others[:SHOWN_MAX]),
        then=("card", "points"),
    )
    return parts.answer_of(listed)


def of_account(turn: Turn) -> list[Member]:
    """The cards that this account holds, or shares: the one the chat speaks of first."""
    held = members.cards(turn.uow, turn.account.user_id)
    others = [members.get(turn.uow, each) for each in held if each != turn.member.id]
    return [turn.member, *(member for member in others if member is not None)]


def of_number(turn: Turn, number: str) -> Member | None:
    """The card of theirs that has this number, or that the card of this number was put together
    with."""
    owner = members.by_code(turn.uow, "number", number)
    keeper = None if owner is None else members.keeper(turn.uow, owner)
    return next((card for card in of_account(turn) if card.id == keeper), None)


def _row(turn: Turn, member: Member) -> Row:
    here = turn.say("cards.here") if member.id == turn.member.id else ""
    return Row(
        left=card_label(turn, member),
        right=turn.amount(member.facts.balance),
        note=" ".join(filter(None, (spaced_number(member.number), here))),
    )


def card_label(turn: Turn, member: Member) -> str:
    """Whose card it is, else its number."""
    return card_name(turn.uow, member, "") or turn.say(
        "cards.number", number=spaced_number(member.number)
    )


def choose(turn: Turn, member: Member) -> PostbackAction:
    """A button that makes the chat speak of another card."""
    label = turn.say("cards.choose", name=card_label(turn, member))
    return PostbackAction(label, postbacks.data("cards", to=member.number), label)
