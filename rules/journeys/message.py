"""The message for a member at the moment it goes out, in finished sentences; None when it is no
longer true: nobody reads "one more visit" after that visit."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..activity import Offered
from ..base import Lang
from ..facts import changed
from ..outlook.next_step import next_step
from ..programme.rewards import on_offer
from ..wording.highlights import newly_ready, reward_lines
from ..wording.names import greeting
from ..wording.steps import step_text
from ..wording.words import Words, shop_terms
from .journey import Journey
from .member import Draft, DueMessage, MemberOnDay
from .parts import TEXT_PARTS, JourneyOffer, PictureKind, TextPart
from .words import OF_OFFER, fill_in, names_in, offer_of, own_text


@dataclass(frozen=True, slots=True)
class QueuedWording:
    """What was queued: the period, and the arm the member reads."""

    period: str
    arm: str


@dataclass(frozen=True, slots=True)
class JourneyButton:
    """`intent` is what the chat does at a tap (`do=<intent>`)."""

    intent: str
    label: str


@dataclass(frozen=True, slots=True)
class JourneyView:
    """A message in finished sentences, each empty where there is none."""

    title: str
    body: str
    #: The line that says what is promised.
    offer: str
    #: The lines that say what the day brought.
    given: tuple[str, ...]
    #: The line that says what comes next.
    next_step: str
    buttons: tuple[JourneyButton, ...]
    picture: PictureKind
    #: The badge or rank that the picture is of, by its id; None where it is of neither.
    target: str | None
    #: To be recorded when the message goes out.
    promise: Offered | None
    #: The survey that its button leads to, by its id.
    asks: str | None = None

    @property
    def sms(self) -> str:
        """All of it in one plain text, without the sender's name and the way out."""
        return "\n".join(line for line in (self.title, self.body, self.offer, *self.given) if line)


def view(
    journey: Journey, member: MemberOnDay, written: QueuedWording, *, name: str
) -> JourneyView | None:
    """The message as it is true for the member now; `name` is their LINE display name.

    None when `journey` is not due to them for that period any more, or when its words name a gift
    that is no more to be had; where they don't, it goes without.
    """
    due = journey.still_due(member, written.period)
    if due is None:
        return None
    offer = offer_of(journey, written.arm, due.step)
    if offer and not _can_give(member, offer):
        if _names_the_gift(journey, member, written, due):
            return None
        offer = None
    promise = _promise(journey, offer, member.day) if offer else None
    values = _values(journey, member, due, promise, name=name)
    draft = Draft(member, due, written.arm, values)
    words = Words(member.programme, member.language)
    return JourneyView(
        title=_text(journey, "title", draft),
        body=_text(journey, "body", draft),
        offer=words.say("journey.offer", **values) if promise else "",
        given=_given(journey, member, due),
        next_step="" if promise else _next_step(journey, member),
        buttons=tuple(
            JourneyButton(tap, words.say(f"chat.button.{tap}", **values))
            for tap in journey.taps(due)
        ),
        picture=journey.picture,
        target=due.target,
        promise=promise,
        asks=journey.asks,
    )


def _next_step(journey: Journey, member: MemberOnDay) -> str:
    if not journey.names_next_step:
        return ""
    withheld = member.background.withheld
    step = next_step(member.programme, member.facts, member.day, withheld)
    return step_text(member.programme, step, member.language)


def _can_give(member: MemberOnDay, offer: JourneyOffer) -> bool:
    """Whether what is offered will be there, as far as is known: no promise is made of a reward
    that is out of stock, or not on offer."""
    if offer.reward is None:
        return True
    reward = member.programme.reward(offer.reward)
    if reward is None or member.background.withheld.is_out_of_stock(reward.id):
        return False
    return on_offer(reward, member.day)


def _names_the_gift(
    journey: Journey, member: MemberOnDay, written: QueuedWording, due: DueMessage
) -> bool:
    """Whether the shop's own words for this member speak of the gift."""
    rank, lang = member.facts.rank.id, member.language
    texts = (own_text(journey, w, arm=written.arm, step=due.step, rank=rank) for w in TEXT_PARTS)
    names = {name for text in texts if text for name in names_in(text.in_(lang))}
    return not names.isdisjoint(OF_OFFER)


def _promise(journey: Journey, offer: JourneyOffer, day: date) -> Offered:
    until = day + timedelta(days=offer.valid_days - 1)
    is_comeback = journey.topic == "comeback"
    return Offered(journey.id, offer.reward, offer.points or 0, until, is_comeback)


def _values(
    journey: Journey, member: MemberOnDay, due: DueMessage, promise: Offered | None, *, name: str
) -> dict[str, Any]:
    """Everything that a text may name."""
    programme, lang = member.programme, member.language
    words = Words(programme, lang)
    rank = programme.ranks.get(member.facts.rank.id) if programme.ranks else None
    values: dict[str, Any] = {
        **shop_terms(programme, lang),
        "name": greeting(name, lang) or words.say("journey.someone"),
        "shop": programme.shop.name.in_(lang),
        "rank": rank.name.in_(lang) if rank else words.say("card.no_rank"),
        **journey.named(member, due),
    }
    if promise:
        gift = member.gift(points=promise.points, reward=promise.reward)
        values |= {"gift": gift, "gift_until": member.last_open(promise.until)}
    return values


def _text(journey: Journey, what: TextPart, draft: Draft) -> str:
    lang, rank = draft.member.language, draft.member.facts.rank.id
    own = own_text(journey, what, arm=draft.arm, step=draft.due.step, rank=rank)
    text = journey.our_text(what, draft) if own is None else fill_in(own, lang, draft.values)
    return _begun(text, lang)


def _begun(text: str, lang: Lang) -> str:
    """English begins with a capital, also where a placeholder stands first."""
    return text[:1].upper() + text[1:] if lang == "en" else text


def _given(journey: Journey, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
    """What the day brought, in lines: points, gifts, and what can be had for the points now."""
    words, points = Words(member.programme, member.language), _points_given(journey, member, due)
    gifts = journey.gifts(member, due)
    if not points:
        return gifts
    given = words.say("journey.given", amount=words.amount(points))
    return given, *gifts, *reward_lines(words, _reached_by(member, points))


def _points_given(journey: Journey, member: MemberOnDay, due: DueMessage) -> int:
    """What the day brought by an earning rule."""
    brought = journey.brought(member, due)
    if brought is None:
        return 0
    trigger, since = brought
    rules = member.programme.earning_on(trigger)
    # What those rules gave on the last day they did.
    tallies = [member.facts.tallies.get(rule.id) for rule in rules]
    return sum(tally.points_day for tally in tallies if tally and tally.on >= since)


def _reached_by(member: MemberOnDay, points: int) -> tuple[str, ...]:
    """The rewards that so many points have brought within reach."""
    facts, withheld = member.facts, member.background.withheld
    without = changed(facts, balance=max(0, facts.balance - points))
    return newly_ready(member.programme, without, facts, day=member.day, withheld=withheld)
