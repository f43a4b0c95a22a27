"""The journeys in plain sentences, for the shop's own people: members are not told beforehand what
comes to those who stay away."""

from collections.abc import Iterator

from ..checking.journey_cautions import TEST_MONTHS_MAX
from ..journeys.arms import share_held_back
from ..journeys.journey import Journey
from ..journeys.member import NotDue
from ..journeys.parts import JourneyOffer
from ..journeys.programme import journeys_of
from ..journeys.results import Effect
from ..journeys.words import arms_of, offer_of, steps_of
from ..sending.quota import Alarm
from ..wording.explain_earning import restrictions
from ..wording.words import Words


def journey_sentences(words: Words) -> Iterator[str]:
    """Each journey of the programme, the most important first."""
    for journey in journeys_of(words.programme):
        if when := journey.explained(words):
            yield words.sentences([when, *_more(words, journey)])


#: What is told apart from the programme's journeys, by its name in the outbox.
_NOTICES = (
    "messages", "rank", "rank_at_risk", "points_expiring", "praise", "used", "answer", "reached",
    "corrected", "card_moved",
)  # fmt: skip


def journey_name(words: Words, journey: str) -> str:
    """What people call the journey of that id (or of that name in the outbox): its kind's name, and
    the id where it has one of its own. What is told for other reasons has a name, too."""
    journey = journey.removeprefix("journey:")
    for each in journeys_of(words.programme):
        if each.id == journey:
            name = words.say(f"journey.kind.{each.kind}")
            return name if each.id == each.kind else f"{name} ({each.id})"
    return words.say(f"journey.notice.{journey}") if journey in _NOTICES else journey


def why_not(words: Words, answer: NotDue) -> str:
    """Why somebody is not written to."""
    return words.say(f"journey.not_due.{answer.reason}")


def alarm_text(words: Words, alarm: Alarm) -> str:
    """What the owner is told of the month's messages."""
    journeys = words.listed(journey_name(words, journey) for journey in alarm.losers)
    return words.say(f"quota.{alarm.code}", count=alarm.missing, journeys=journeys)


def effect_sentences(words: Words, effect: Effect) -> Iterator[str]:
    """What may be believed of what a journey brought."""
    yield _verdict(words, effect)
    if effect.more_leave:
        yield words.say("journey.results.more_leave", arm=effect.side.arm)
    if effect.cost:
        cost = (effect.cost.about, effect.cost.least, effect.cost.most)
        about, least, most = (f"{messages:,.1f}" for messages in cost)
        yield words.say("journey.results.cost", about=about, least=least, most=most)


def _verdict(words: Words, effect: Effect) -> str:
    arm, other = effect.side.arm, effect.against.arm
    if effect.verdict == "early":
        if effect.months is None:
            return words.say("journey.results.early_unknown", arm=arm)
        key = "early" if effect.months <= TEST_MONTHS_MAX else "early_long"
        return words.say(f"journey.results.{key}", arm=arm, count=effect.months)
    joined = "with" if effect.verdict == "level" else "than"
    key = f"journey.results.{effect.verdict}_{joined}_{'other' if other else 'nothing'}"
    low, high = (f"{100 * each:+.1f}" for each in effect.interval or (0, 0))
    return words.say(key, arm=arm, other=other or "", low=low, high=high)


def _more(words: Words, journey: Journey) -> Iterator[str]:
    """For whom, with what gift, how tested, by which ways."""
    if journey.states != ("active",):
        states = words.listed(words.say(f"journey.explained.state.{s}") for s in journey.states)
        yield words.say("journey.explained.states", states=states)
    yield from restrictions(words, journey.ranks, ())
    for offer in _offers(journey):
        yield words.say("journey.explained.offer", gift=_gift(words, offer), days=offer.valid_days)
    arms, share = len(arms_of(journey)), round(100 * share_held_back(journey, words.programme))
    if arms > 1:
        yield words.say("journey.explained.arms", arms=arms)
    if share:
        yield words.say("journey.explained.holdout", share=share)
    if "sms" in journey.channels:
        yield words.say("journey.explained.sms")


def _offers(journey: Journey) -> list[JourneyOffer]:
    """Everything it may give, each once."""
    arms, steps = arms_of(journey), range(steps_of(journey))
    offers = [offer_of(journey, arm.id, step) for step in steps for arm in arms]
    return list(dict.fromkeys(offer for offer in offers if offer))


def _gift(words: Words, offer: JourneyOffer) -> str:
    if offer.points:
        return words.amount(offer.points)
    reward = words.programme.reward(offer.reward or "")
    return words.say("journey.gift_reward", reward=words.name(reward.name)) if reward else ""
