"""What a test of the shop's own had better settle first: whom, then what, then how. The audience
decides most of what a message brings, then the offer, and the words least."""

from collections.abc import Iterator, Sequence
from typing import Literal

from ..journeys.journey import Journey
from ..journeys.parts import Audience
from ..journeys.programme import journey_named
from ..journeys.words import offer_of, steps_of
from ..programme.programme import Programme
from .caution import Caution

#: What a test may ask, in the order in which it is worth asking.
Aspect = Literal["whom", "offer", "words"]


def trial_advice(journey: Journey, path: str, past: Sequence[Programme]) -> Iterator[Caution]:
    """What to try before the test between the journey's arms, if anything: `past` are the
    programmes there were, which tell what was tried."""
    asked, settled = aspects(journey), _settled(journey, past)
    if not asked or "whom" in asked:
        return
    now: Aspect = "offer" if "offer" in asked else "words"
    if "whom" not in settled:
        yield Caution(path, f"whom_before_{now}")
    elif now == "words" and "offer" not in settled:
        yield Caution(path, "offer_before_words")


def aspects(journey: Journey) -> frozenset[Aspect]:
    """In what the shop's own arms differ."""
    differ: dict[Aspect, set[object]] = {"whom": set(), "offer": set(), "words": set()}
    for arm in journey.arms:
        differ["whom"].add(tuple(getattr(arm, name) for name in Audience.model_fields))
        differ["offer"].add(arm.offer or journey.offer)
        differ["words"].add((arm.title, arm.body))
    return frozenset(aspect for aspect, ways in differ.items() if len(ways) > 1)


def _settled(journey: Journey, past: Sequence[Programme]) -> set[Aspect]:
    """What the shop chose for this journey, or tried before."""
    known = (journey_named(programme, journey.id) for programme in past)
    settled = {aspect for each in known if each for aspect in aspects(each)}
    fields = type(journey).model_fields
    if any(getattr(journey, name) != fields[name].default for name in Audience.model_fields):
        settled.add("whom")
    arms = [arm.id for arm in journey.arms]
    if any(offer_of(journey, arm, step) for arm in arms for step in range(steps_of(journey))):
        settled.add("offer")
    return settled
