"""The journeys in plain sentences, for the shop's own people: members are not told beforehand what
comes to those who stay away."""

from collections.abc import Iterator

from ..checking.check_journeys import TEST_MONTHS_MAX
from ..journeys.due import NotDue, journeys_of
from ..journeys.results import Effect
from ..journeys.words import arms_of, offer_of, steps_of
from ..programme import journeys
from ..programme.journey_parts import Offer
from ..programme.journeys import Journey
from ..programme.points import Never
from ..sending.quota import Alarm
from ..wording.explain_earning import restrictions
from ..wording.words import Words


def journey_sentences(words: Words) -> Iterator[str]:
    """Each journey of the programme, the most important first."""
    for journey in journeys_of(words.programme):
        if said := _when(words, journey):
            yield words.sentences([said, *_more(words, journey)])


def journey_name(words: Words, journey: str) -> str:
    """What people call the journey of that id (or of that name in the outbox): its kind's name, and
    the id where it has one of its own."""
    journey = journey.removeprefix("journey:")
    for known in journeys_of(words.programme):
        if known.id == journey:
            name = words.say(f"journey.kind.{known.kind}")
            return name if known.id == known.kind else f"{name} ({known.id})"
    return journey


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


def _when(words: Words, journey: Journey) -> str:
    """When it is sent; empty for what this programme has no use for."""
    programme = words.programme
    match journey:
        case journeys.Birthday(days_before=days):
            when = journey.when or programme.profile.birthday_is
            key = f"birthday_{when}_before" if days else f"birthday_{when}"
            return words.say(f"explain.journey.{key}", count=days)
        case journeys.Lapsed(steps=steps):
            days_away = words.numbers(step.days for step in steps)
            return words.say("explain.journey.lapsed", days=days_away)
        case journeys.Rhythm(times=times, days_min=first, days_max=last):
            many = words.times(times)
            return words.say("explain.journey.rhythm", times=many, first=first, last=last)
        case journeys.PointsExpiring() | journeys.RankAtRisk():
            return _promised(words, journey)
        case journeys.Spend(every_yen=yen):
            return words.say("explain.journey.spend", yen=yen)
        case journeys.AskWhy(days=days, visits_min=visits, call_days=call):
            said = words.say("explain.journey.ask_why", count=days, visits=visits)
            return said + (words.say("explain.journey.call_first", call=call) if call else "")
    count = getattr(journey, "after_days", None) or getattr(journey, "days_before", 0)
    return words.say(f"explain.journey.{journey.kind}", count=count)


def _promised(words: Words, journey: journeys.PointsExpiring | journeys.RankAtRisk) -> str:
    expiry, ladder = words.programme.points.expiry, words.programme.ranks
    if journey.kind == "rank_at_risk":
        count = ladder.warn_days if ladder else 0
        return words.say("explain.journey.rank_at_risk", count=count) if ladder else ""
    if isinstance(expiry, Never):
        return ""
    days = words.numbers(sorted(set(expiry.warn_days), reverse=True))
    return words.say("explain.journey.points_expiring", days=days)


def _more(words: Words, journey: Journey) -> Iterator[str]:
    """For whom, with what gift, how tested, by which ways."""
    if journey.states != ("active",):
        states = words.listed(words.say(f"explain.journey.state.{s}") for s in journey.states)
        yield words.say("explain.journey.states", states=states)
    yield from restrictions(words, journey.ranks, ())
    for offer in _offers(journey):
        yield words.say("explain.journey.offer", gift=_gift(words, offer), days=offer.valid_days)
    arms, share = len(arms_of(journey)), round(journey.holdout * 100)
    if arms > 1:
        yield words.say("explain.journey.arms", arms=arms)
    if share:
        yield words.say("explain.journey.holdout", share=share)
    if "sms" in journey.channels:
        yield words.say("explain.journey.sms")


def _offers(journey: Journey) -> list[Offer]:
    """Everything it may give, each once."""
    arms, steps = arms_of(journey), range(steps_of(journey))
    offers = [offer_of(journey, arm.id, step) for step in steps for arm in arms]
    return list(dict.fromkeys(offer for offer in offers if offer))


def _gift(words: Words, offer: Offer) -> str:
    if offer.points:
        return words.amount(offer.points)
    reward = words.programme.reward(offer.reward or "")
    return words.say("journey.gift_reward", reward=words.name(reward.name)) if reward else ""
