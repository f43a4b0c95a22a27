"""Events: what there is, signing up with two taps, giving a place up, and answering an offer."""

from dataclasses import replace
from typing import Final

from bot.line.messages import Button, PostbackAction, Row
from bot.line.tickets import TICKETS_MAX
from bot.line.views import Ticket
from handlers.actions.events.signing_up import (
    OfferAnswer,
    PlaceOutcome,
    Wish,
    answer_offer,
    give_up,
    sign_up,
)
from handlers.showing.events import EventForMember, event_for, events_for
from handlers.showing.photos import photo_address
from rules.events.event import Sitting
from rules.explaining.event_words import (
    day_line,
    facts_lines,
    first_line,
    guests_line,
    kind_word,
    place_line,
    places_line,
    price_line,
    when_line,
    whom_line,
)

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number

LIST: Final = "events"
#: A message has room for so many buttons.
_DATES_MAX = 4
_NEXT = ("events", "card", "rewards")


@conversation(LIST)
def events(turn: Turn, params: Params) -> Answer:
    """All that there are; with `of`, the one, with its dates."""
    wanted = whole_number(params, "of")
    if wanted is not None:
        found = event_for(turn, turn.uow, wanted, turn.now)
        return _one(turn, found) if found else _no(turn, "event_gone")
    shown = events_for(turn, turn.uow, turn.now)[:TICKETS_MAX]
    if not shown:
        return parts.answer_of(parts.text(turn, turn.say("events.none"), then=_NEXT[1:]))
    tickets = tuple(_ticket(turn, each) for each in shown)
    return parts.answer_of(parts.tickets(turn, tickets, title=turn.say("events.title")))


def _ticket(turn: Turn, each: EventForMember) -> Ticket:
    words, event = turn.words, each.stored.event
    sittings = each.stored.sittings
    only = each.held or (sittings[0] if len(sittings) == 1 else None)
    may = bool(each.open_sittings) and each.state is None
    left = any(each.stands[sitting.n].left for sitting in each.open_sittings)
    label = "event_join" if may and left else "event_look"
    return Ticket(
        state=_state(turn, each),
        title=event.title.in_(turn.lang),
        body=words.name(event.about),
        figure=day_line(words, only or sittings[0])
        if only
        else turn.say("events.dates", first=day_line(words, sittings[0]), count=len(sittings)),
        lines=tuple(
            filter(
                None,
                (
                    kind_word(words, event),
                    place_line(words, event),
                    price_line(words, event),
                    guests_line(words, event),
                    first_line(words, event, each.now),
                ),
            )
        ),
        button=Button(
            parts.button(turn, label, LIST, of=each.id), "primary" if may else "secondary"
        ),
        tone="full" if each.state in ("taken", "offered") else "light" if may else "grey",
    )


def _state(turn: Turn, each: EventForMember) -> str:
    """How it stands for them, in a few words."""
    if each.state is not None:
        return turn.words.say(f"event.state.{each.state}")
    if each.refused is not None or not each.open_sittings:
        no = each.refused or each.no_to(each.stored.sittings[-1])
        return parts.refusal_why(turn, no.code) if no else ""
    left = sum(each.stands[sitting.n].left for sitting in each.open_sittings)
    if left:
        return turn.words.say("event.left", count=left)
    return places_line(turn.words, each.stands[each.open_sittings[0].n])


def _one(turn: Turn, each: EventForMember, *, title: str = "", said: str = "") -> Answer:
    """The event with its dates; `said` about what was just done."""
    words, event = turn.words, each.stored.event
    rows = [_row(turn, each, sitting) for sitting in each.stored.sittings]
    if each.held is not None:
        rows = [_row(turn, each, each.held)]
    photo = photo_address(turn.club, event.picture)
    message = parts.notice(
        turn,
        title=title or event.title.in_(turn.lang),
        body=said or words.name(event.about),
        rows=(
            *rows,
            *(Row(left=left, right=right) for left, right in facts_lines(words, event)),
        ),
        note=whom_line(words, event, each.now) if each.state is None else "",
        next_step=_hint(turn, each),
        buttons=tuple(_buttons(turn, each)),
        picture=parts.picture(turn, photo) if photo else None,
        then=_NEXT,
    )
    return parts.answer_of(message, must_reach=bool(said))


def _row(turn: Turn, each: EventForMember, sitting: Sitting) -> Row:
    stands = each.stands[sitting.n]
    right = "" if each.state == "taken" else places_line(turn.words, stands)
    return Row(left=when_line(turn.words, sitting), right=right)


def _hint(turn: Turn, each: EventForMember) -> str:
    """What to know now: until when an offer is kept, or why one can't sign up."""
    if each.state == "offered" and each.place is not None and each.place.until is not None:
        until = turn.programme.shop.local(each.place.until)
        return turn.say("events.offer_until", until=until)
    if each.state is not None or each.open_sittings:
        return ""
    no = each.no_to(each.stored.sittings[-1])
    return parts.refusal(turn, no.code, no.again_at) if no else ""


def _buttons(turn: Turn, each: EventForMember) -> list[Button]:
    if turn.shares:
        return []
    if each.state == "offered" and each.place is not None:
        no = each.place.no
        yes = parts.button(turn, "event_take", "event_offer", of=each.id, no=no, yes=1)
        leave = parts.button(turn, "event_leave", "event_offer", of=each.id, no=no, yes=0)
        return [Button(yes), Button(leave, "link")]
    if each.state in ("taken", "waiting"):
        label = "event_give_up" if each.state == "taken" else "event_unlist"
        return [Button(parts.button(turn, label, "event_give_up", of=each.id), "link")]
    if each.state == "off":
        return []
    return [_join(turn, each, sitting) for sitting in each.open_sittings[:_DATES_MAX]]


def _join(turn: Turn, each: EventForMember, sitting: Sitting) -> Button:
    """Signing up for that date, or waiting for it."""
    is_free = each.stands[sitting.n].left > 0
    label = turn.say(
        "events.join_on" if is_free else "events.wait_on", day=day_line(turn.words, sitting)
    )
    data = postbacks.data("event_join", of=each.id, n=sitting.n)
    # With a single date it stands above: a long label is cut off on a phone.
    alone = len(each.stored.sittings) == 1 and is_free
    shown = turn.say("button.event_join") if alone else label
    return Button(PostbackAction(shown, data, label), "primary" if is_free else "secondary")


@conversation("event_join", of_owner=True)
def event_join(turn: Turn, params: Params) -> Answer:
    """Signs up for the event `of` at its sitting `n`."""
    event_id, n = whole_number(params, "of"), whole_number(params, "n")
    if event_id is None or n is None:
        return _no(turn, "event_gone")
    wish = Wish(turn.member.id, event_id, n, "chat")
    return _after(turn, event_id, sign_up(turn.under("event"), wish))


@conversation("event_give_up", of_owner=True)
def event_give_up(turn: Turn, params: Params) -> Answer:
    """Asked about once, then given up."""
    event_id = whole_number(params, "of")
    found = event_for(turn, turn.uow, event_id, turn.now) if event_id is not None else None
    if event_id is None or found is None or found.held is None:
        return events(turn, {})
    if found.stored.state == "cancelled":
        return _no(turn, "event_cancelled")
    if "yes" in params and turn.was_asked("event_give_up"):
        turn.ask(None)
        return _after(turn, event_id, give_up(turn.under("event"), turn.member.id, event_id))
    turn.ask("event_give_up")
    yes = parts.button(turn, "event_give_up_yes", "event_give_up", of=event_id, yes=1)
    question = parts.notice(
        turn,
        title=turn.say("events.ask_title"),
        body=turn.say(
            "events.ask_body",
            event=found.stored.event.title.in_(turn.lang),
            when=when_line(turn.words, found.held),
        ),
        buttons=(Button(yes, "secondary"), parts.no(turn, LIST)),
    )
    return parts.answer_of(question)


@conversation("event_offer", of_owner=True)
def event_offer(turn: Turn, params: Params) -> Answer:
    """Takes a place that is kept for them, or lets it go."""
    event_id, no = whole_number(params, "of"), whole_number(params, "no")
    if event_id is None or no is None:
        return _no(turn, "event_offer_over")
    answer = OfferAnswer(turn.member.id, event_id, no, params.get("yes") == "1")
    return _after(turn, event_id, answer_offer(turn.under("event"), answer))


def _after(turn: Turn, event_id: int, outcome: PlaceOutcome) -> Answer:
    """How it went, with the event as it stands now."""
    if outcome.refused is not None:
        return _no(turn, outcome.refused, outcome)
    found = event_for(turn, turn.uow, event_id, turn.now)
    if found is None:
        return _no(turn, "event_gone")
    state = outcome.state or "declined"
    title = turn.say(f"events.now.{state}.title")
    said = turn.say(
        f"events.now.{state}.body",
        event=found.stored.event.title.in_(turn.lang),
        count=outcome.ahead + 1,
    )
    if state == "declined":
        return parts.answer_of(
            parts.notice(turn, title=title, body=said, then=_NEXT), must_reach=True
        )
    return replace(_one(turn, found, title=title, said=said), must_reach=True)


def _no(turn: Turn, code: str, outcome: PlaceOutcome | None = None) -> Answer:
    again = outcome.again_at if outcome else None
    said = parts.text(turn, parts.refusal(turn, code, again), then=_NEXT)
    return parts.answer_of(said, must_reach=outcome is not None)
