"""A journey's message as somebody might read it, for who writes its words: with figures that are
only an example."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..base import Lang
from ..journeys.journey import Journey
from ..journeys.parts import TEXT_PARTS, JourneyOffer, TextPart
from ..journeys.words import arms_of, fill_in, offer_of, own_text
from ..programme.programme import Programme
from ..wording.texts import keys, month_word, say
from ..wording.words import Words, shop_terms
from ..zodiac import animal_of

#: A day that stands for any: what a text names as a date.
_SOME_DAY = date(2026, 10, 31)
_SOME_YEAR = 2027
_FIGURES: dict[str, Any] = {
    "amount": 100_000, "count": 1, "days": 60, "had": 4, "last": _SOME_DAY,
    "needed": 5, "until": _SOME_DAY, "years": 1, "gift_until": _SOME_DAY, "by": _SOME_DAY,
}  # fmt: skip

_OF_POINTS = {"count": 120}
#: What the promised warnings say, by kind and part.
_PROMISED = {
    ("points_expiring", "title"): "push.points_expiring.title",
    ("points_expiring", "body"): "push.points_expiring.body",
    ("rank_at_risk", "title"): "push.rank_at_risk.title",
    ("rank_at_risk", "body"): "push.rank_at_risk.visits",
}


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """The words of one version, and what it offers; empty where it says nothing."""

    title: str
    body: str
    offer: str
    buttons: tuple[str, ...]


def sample_message(programme: Programme, journey: Journey, name: str, lang: Lang) -> SampleMessage:
    """The message of the journey's first version, as a member called `name` would read it."""
    return sample_of_arm(Words(programme, lang), journey, arms_of(journey)[0].id, name)


def sample_of_arm(words: Words, journey: Journey, arm: str, name: str) -> SampleMessage:
    """The message of that version of the journey."""
    programme, lang = words.programme, words.lang
    offer = offer_of(journey, arm)
    ladder = programme.ranks
    values: dict[str, Any] = {
        **shop_terms(programme, lang),
        **_FIGURES,
        **(_OF_POINTS if journey.topic == "points" and journey.is_promised else {}),
        "name": name,
        "shop": words.name(programme.shop.name),
        "rank": words.name(ladder.steps[0].name) if ladder else words.say("card.no_rank"),
        "target": _target(words, journey),
        "year": str(_SOME_YEAR),
        "animal": words.say(f"zodiac.{animal_of(_SOME_YEAR).id}"),
        "month": month_word(lang, _SOME_DAY),
        "gift": _gift(words, offer) if offer else "",
    }
    title, body = (_text(journey, what, arm, values, lang) for what in TEXT_PARTS)
    offered = words.say("journey.offer", **values) if offer else ""
    buttons = tuple(words.say(f"chat.button.{tap}", **values) for tap in journey.buttons)
    return SampleMessage(title, body, offered, buttons)


def _text(journey: Journey, what: TextPart, arm: str, values: dict[str, Any], lang: Lang) -> str:
    own = own_text(journey, what, arm=arm)
    if own is not None:
        return fill_in(own, lang, values)
    known = _key(journey, what, arm, lang)
    return say(lang, known, **values) if known else ""


def _key(journey: Journey, what: TextPart, arm: str, lang: Lang) -> str | None:
    """Our own text, in the form that is said most often; a promised warning is worded with what
    promises it."""
    if journey.is_promised:
        return _PROMISED.get((journey.kind, what))
    version = "b" if arm == "b" and not journey.arms else "a"
    start = f"journey.{journey.kind}.{version}.{what}"
    return next((key for key in keys(lang) if key.startswith(start)), None)


def _target(words: Words, journey: Journey) -> str:
    """What it may be about: a rank, a badge, a reward or a campaign that the programme has."""
    programme = words.programme
    ranks = programme.ranks.steps if programme.ranks else ()
    of_topic = {"points": programme.rewards, "ranks": ranks, "visits": programme.badges}
    of_kind = programme.campaigns if hasattr(journey, "campaign") else of_topic.get(journey.topic)
    found: Any = of_kind or ranks
    return words.name(found[0].name) if found else words.points


def _gift(words: Words, offer: JourneyOffer) -> str:
    reward = words.programme.reward(offer.reward) if offer.reward else None
    return words.name(reward.name) if reward else words.amount(offer.points or 0)
