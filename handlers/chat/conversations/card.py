"""The card: its picture, and what that doesn't say."""

from collections.abc import Iterator
from datetime import timedelta

from bot.line.messages import Button, CardMessage, Message, card_message
from bot.line.views import IconLine, StampRow
from bot.store.members import members
from handlers.actions.telling.warnings import note_shown
from handlers.showing import addresses
from rules.activity import Trigger
from rules.explaining.explain_subscriptions import delivered_line, held_lines
from rules.outlook.suggestion import Suggestion
from rules.wording.card import CardLine, CardView, gift_line, stamps, streak_line
from rules.wording.steps import suggestion_line
from rules.wording.today import running_line

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .earn import leads_to


@conversation("card")
def card(turn: Turn, _params: Params) -> Answer:
    suggested = turn.suggestion()
    return Answer((card_message_of(turn, suggested),), suggested=suggested)


def card_message_of(turn: Turn, suggested: Suggestion | None = None) -> Message:
    view = turn.card()
    way = suggested.way if suggested else None
    message = CardMessage(
        picture=parts.picture(
            turn, addresses.card(turn.club, turn.scene, view, turn.facts, turn.member.issue)
        ),
        stamps=_stamps(turn, view),
        lines=tuple(IconLine(line.icon, line.text, line.note) for line in _lines(turn, view, way)),
        buttons=(
            Button(parts.card_page(turn, "show_card")),
            Button(parts.button(turn, "rewards", "rewards"), "secondary"),
            Button(parts.button(turn, "points", "points"), "secondary"),
        ),
        accent=turn.accent,
        alt_text=" ".join((view.shop, view.rank, turn.amount(view.points), view.step_text)),
    )
    return card_message(message, parts.quick(turn, *_then(turn, way)))


def _then(turn: Turn, way: Trigger | None) -> tuple[str, ...]:
    """What to look at next; who has several cards may want another one of them."""
    several = set(members.cards(turn.uow, turn.account.user_id)) - {turn.member.id}
    leads = leads_to(way, here="card")
    return (*(("cards",) if several else ()), *leads, "rank", "badges", "history", "earn")


def _stamps(turn: Turn, view: CardView) -> StampRow:
    found = stamps(turn.programme, turn.facts, view.step, turn.day)
    return StampRow(
        turn.words.say("card.stamps.caption"),
        turn.words.say("card.stamps.figure", count=found.had),
        found.had,
        found.places,
    )


def _lines(turn: Turn, view: CardView, way: Trigger | None) -> Iterator[CardLine]:
    """What is on today, what goes on, what ends, and a `way` to earn that is suggested."""
    words, facts, day = turn.words, turn.facts, turn.day
    if on_today := running_line(words, turn.on_today()):
        yield CardLine("✨", on_today)
    for held in held_lines(words, facts, day):
        yield CardLine("📦", held, delivered_line(words, facts))
    if streak := streak_line(words, facts, day):
        yield streak
    if gift := gift_line(words, facts, view.step, day, turn.withheld):
        yield gift
    if soon := view.expiring:
        note_shown(turn.work, turn.member, turn.beside.lots, until=soon.on)
        last = soon.on - timedelta(days=1)
        yield CardLine("⏳", words.say("card.line.expiring", count=soon.points, until=last))
    if way and (line := suggestion_line(words, facts, way)):
        yield CardLine("🌱", line)
