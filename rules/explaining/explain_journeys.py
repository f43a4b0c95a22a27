"""The journeys in plain sentences, for the shop's own people: members are not told beforehand what
comes to those who stay away."""

from collections.abc import Iterator

from ..broadcasts.broadcast import id_of as broadcast_id
from ..journeys.arms import share_held_back
from ..journeys.journey import Journey
from ..journeys.member import NotDue
from ..journeys.parts import Audience, JourneyOffer
from ..journeys.programme import journeys_of
from ..journeys.words import arms_of, offer_of, steps_of
from ..sending.quota import Alarm
from ..wording.explain_earning import restrictions
from ..wording.words import Words


def journey_sentences(words: Words) -> Iterator[tuple[str, str]]:
    """Each journey of the programme by its id, the most important first."""
    for journey in journeys_of(words.programme):
        if sentence := journey_sentence(words, journey):
            yield journey.id, sentence


def journey_sentence(words: Words, journey: Journey) -> str:
    """When it is sent, and all else that is to be known of it; empty for what this programme has no
    use for."""
    when = journey.explained(words)
    return words.sentences([when, *_more(words, journey)]) if when else ""


#: What is told apart from the programme's journeys, by its name in the outbox.
_NOTICES = (
    "messages", "rank", "rank_at_risk", "points_expiring", "praise", "used", "answer", "reached",
    "corrected", "card_moved", "broadcast", "adopted", "suggestion", "newsletter", "circle_invite",
)  # fmt: skip
#: And what is told of one thing in several messages, by how their names begin.
_NOTICES_OF = ("event", "trial", "newsletter")
#: Codes go where LINE doesn't.
_CODES = ("card_code", "phone_code")


def journey_name(words: Words, journey: str) -> str:
    """What people call the journey of that id (or of that name in the outbox): its kind's name, and
    where it has an id of its own, what that one is about. What is told for other reasons has a
    name, too."""
    journey = "broadcast" if broadcast_id(journey) else journey.removeprefix("journey:")
    for each in journeys_of(words.programme):
        if each.id == journey:
            return own_name(words, each)
    kind = journey.partition(":")[0]
    if kind in _CODES:
        kind = "codes"
    elif kind not in _NOTICES:
        kind = next((of for of in _NOTICES_OF if kind.startswith(f"{of}_")), "")
    return words.say(f"journey.notice.{kind}") if kind else journey


def own_name(words: Words, journey: Journey) -> str:
    """Its kind's name, and where it has an id of its own, what it asks, tells of or is headed; the
    id alone where it has none of these."""
    name = words.say(f"journey.kind.{journey.kind}")
    if journey.id == journey.kind:
        return name
    asked = words.programme.survey(journey.asks) if journey.asks else None
    if asked:
        return f"{name} ({words.name(asked.title)})"
    told = [words.name(each.name) for each in journey.told(words.programme) if journey.tells_of]
    if told:
        return f"{name} ({words.listed(told)})"
    heading = next((each.title for each in arms_of(journey) if each.title), None)
    return f"{name} ({words.name(heading) if heading else journey.id})"


def why_not(words: Words, answer: NotDue) -> str:
    """Why somebody is not written to."""
    return words.say(f"journey.not_due.{answer.reason}")


def alarm_text(words: Words, alarm: Alarm) -> str:
    """What the owner is told of the month's messages."""
    journeys = words.listed(journey_name(words, journey) for journey in alarm.losers)
    return words.say(f"quota.{alarm.code}", count=alarm.missing, journeys=journeys)


def _more(words: Words, journey: Journey) -> Iterator[str]:
    """For whom, with what gift, how tested, by which ways."""
    if journey.states != ("active",):
        states = words.listed(words.say(f"journey.explained.state.{s}") for s in journey.states)
        yield words.say("journey.explained.states", states=states)
    yield from restrictions(words, journey.ranks, ())
    if journey.segments:
        yield words.say("explain.only.segments", who=words.segments(journey.segments))
    for offer in _offers(journey):
        yield words.say("journey.explained.offer", gift=_gift(words, offer), days=offer.valid_days)
    arms = len(arms_of(journey))
    if arms > 1:
        yield words.say("journey.explained.arms", arms=arms)
    for arm in journey.arms:
        if whom := [*_whom(words, arm)]:
            joined = words.say("journey.explained.whom.join").join(whom)
            yield words.say("journey.explained.arm_for", arm=arm.id, whom=joined)
    yield from _held_back(words, journey)
    if "sms" in journey.channels:
        yield words.say("journey.explained.sms")


def _held_back(words: Words, journey: Journey) -> Iterator[str]:
    """How many get nothing, before it is decided what the message does and after: which of the two
    it is by now, no programme says."""
    share, then = (
        round(100 * share_held_back(journey, words.programme, decided=decided))
        for decided in (False, True)
    )
    if share:
        way = "holdout" if share == then else "holdout_until"
        yield words.say(f"journey.explained.{way}", share=share, then=then)


def _whom(words: Words, audience: Audience) -> Iterator[str]:
    """Whom it leaves over, each condition in a few words."""
    if audience.ranks:
        yield words.say("journey.explained.whom.ranks", ranks=words.ranks(audience.ranks))
    if audience.segments:
        who = words.segments(audience.segments)
        yield words.say("journey.explained.whom.segments", who=who)
    if audience.languages:
        read = words.listed(words.say(f"journey.explained.whom.{n}") for n in audience.languages)
        yield words.say("journey.explained.whom.languages", languages=read)
    if audience.visits_min:
        yield words.say("journey.explained.whom.visits_min", count=audience.visits_min)
    if audience.visits_max is not None:
        yield words.say("journey.explained.whom.visits_max", count=audience.visits_max)


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
