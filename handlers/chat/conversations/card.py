"""The card: number, points, rank, and the one next step."""

from datetime import timedelta

from bot.line.messages import Banner, Button, CardMessage, Message, UriAction, card_message
from bot.store.members import members
from handlers.actions.telling.warnings import note_shown
from handlers.showing import addresses
from handlers.showing.card_links import card_link
from rules.characters import spaced_number
from rules.wording.card import CardView
from rules.wording.texts import show
from rules.wording.today import running_line

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("card")
def card(turn: Turn, _params: Params) -> Answer:
    return parts.answer_of(card_message_of(turn))


def card_message_of(turn: Turn) -> Message:
    view = turn.card()
    picture = addresses.card(turn.club, turn.scene, view, turn.facts, turn.member.issue).url
    message = CardMessage(
        shop_name=view.shop,
        member_name=view.name,
        member_number=turn.say("card.number", number=spaced_number(view.number)),
        rank_name=view.rank,
        rank=Banner(*view.colours),
        points_label=view.points_name,
        points=show(turn.lang, view.points),
        next_step=view.step_text,
        progress=view.progress,
        progress_caption=view.progress_caption,
        hint=running_line(turn.words, turn.on_today()),
        note=_note(turn, view),
        picture_url=picture,
        picture_action=UriAction(turn.say("button.enlarge"), picture),
        buttons=(
            Button(UriAction(turn.say("button.show_card"), card_link(turn.club, turn.member))),
            Button(parts.button(turn, "rewards", "rewards"), "secondary"),
            Button(parts.button(turn, "points", "points"), "secondary"),
        ),
        accent=turn.accent,
    )
    return card_message(message, parts.quick(turn, *_then(turn)))


def _then(turn: Turn) -> tuple[str, ...]:
    """What to look at next; who has several cards may want another one of them."""
    several = set(members.cards(turn.uow, turn.account.user_id)) - {turn.member.id}
    return (*(("cards",) if several else ()), "rank", "badges", "history", "earn")


def _note(turn: Turn, view: CardView) -> str:
    soon = view.expiring
    if soon:
        note_shown(turn.work, turn.member, turn.beside.lots, until=soon.on)
        return turn.say("card.expiring", count=soon.points, until=soon.on - timedelta(days=1))
    if view.vouchers:
        return turn.say("card.hand", count=view.vouchers)
    return turn.say("card.visits", count=view.visits, month=view.visits_month)
