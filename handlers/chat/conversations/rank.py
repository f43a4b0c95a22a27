"""Rank: the one held, the ladder with its perks, and the next step."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.line.messages import Button, PostbackAction, Row
from handlers.showing.perk_leads import MemberPerk, member_perks
from rules.explaining.explain_perks import perk_text
from rules.explaining.explain_subscriptions import held_line
from rules.programme.ranks import Ladder, Rank
from rules.programme.subscriptions import held_on
from rules.wording.steps import rank_needs
from rules.wording.texts import day_since

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .card import card_message_of
from .events import LIST as EVENTS

_ABOUT_RANKS = ("revive", "keep_rank", "rank_up")
#: Where there is more than one can have room for, the lists have the rest.
_BUTTONS_MAX: Final = 3
#: Where what is no event is to be found.
_PLACES: Final = {"reward": "rewards", "campaign": "today", "circle": "circle"}


@conversation("rank")
def rank(turn: Turn, _params: Params) -> Answer:
    ladder = turn.programme.ranks
    if ladder is None:
        return parts.answer_of(card_message_of(turn))
    view = turn.card()
    perks = [each for each in member_perks(turn, turn.uow, turn.now) if each.is_leading]
    message = parts.listing(
        turn,
        title=view.rank,
        subtitle=_since(turn, turn.facts.rank.since),
        picture=parts.month(turn),
        rows=(
            *_subscriptions(turn),
            *(_row(turn, ladder, step) for step in reversed(ladder.steps)),
            *(_leading(turn, perk) for perk in perks),
        ),
        buttons=tuple(_buttons(turn, perks)),
        hint=view.step_text if view.step.kind in _ABOUT_RANKS else view.rank_caption,
        then=("card", "badges", "rewards", "history"),
    )
    return parts.answer_of(message)


def _leading(turn: Turn, perk: MemberPerk) -> Row:
    """A perk that is an invitation, and to what."""
    told = "\n".join(each.told(turn.words) for each in perk.leads)
    return Row(left=perk.name, note=told or turn.words.say("explain.perk.lead.none"))


def _buttons(turn: Turn, perks: list[MemberPerk]) -> Iterator[Button]:
    """To what the perks lead to, each once, as far as there is room."""
    actions: dict[str, PostbackAction] = {}
    for each in (lead for perk in perks for lead in perk.leads):
        if each.kind == "event":
            its = postbacks.data(EVENTS, of=each.event)
            actions.setdefault(its, PostbackAction(each.name, its, each.name))
        else:
            place = _PLACES[each.kind]
            actions.setdefault(place, parts.button(turn, place, place))
    for action in list(actions.values())[:_BUTTONS_MAX]:
        yield Button(action, "secondary")


def _since(turn: Turn, since: date | None) -> str:
    if turn.facts.rank.id is None or since is None:
        came = turn.facts.visits
        return turn.say("rank.visits", count=came) if came else turn.say("rank.none")
    return turn.say("rank.since", day=day_since(turn.lang, since, turn.day))


def _subscriptions(turn: Turn) -> Iterator[Row]:
    words = turn.words
    for each in held_on(turn.programme.subscriptions, turn.facts, turn.day):
        perks = (perk_text(words, perk) for perk in each.subscription.perks)
        yield Row(left=held_line(words, each), note=turn.say("rank.perks_join").join(perks))


def _row(turn: Turn, ladder: Ladder, step: Rank) -> Row:
    words = turn.words
    perks = turn.say("rank.perks_join").join(perk_text(words, perk) for perk in step.perks)
    held = step.id == turn.facts.rank.id
    return Row(
        left=turn.say("rank.held" if held else "rank.step", rank=step.name.in_(turn.lang)),
        right=rank_needs(words, ladder, step),
        note=turn.say("rank.perks", perks=perks) if perks else "",
        muted=ladder.index(step.id) > ladder.index(turn.facts.rank.id),
    )
