"""A journey's words: whose come first, the shop's or ours, and what may stand in them.

A text may hold placeholders such as `{name}`; each kind of journey has some of its own.
"""

from collections.abc import Iterator
from string import Formatter
from typing import Any

from ..base import Lang, LocalText
from ..wording.texts import show
from .journey import Journey
from .parts import Arm, JourneyOffer, TextPart

#: Known in every text: the member's name with its さん, the shop, its word for a visit and its name
#: for points, the member's rank.
COMMON = ("name", "shop", "visit", "points", "rank")
#: Known where something is offered.
OF_OFFER = ("gift", "gift_until")


def placeholders(journey: Journey, offer: JourneyOffer | None) -> tuple[str, ...]:
    """What may stand in the texts of `journey` where `offer` is made."""
    return (*COMMON, *journey.own_placeholders, *(OF_OFFER if offer else ()))


def steps_of(journey: Journey) -> int:
    """How many steps it has; most have one."""
    return len(journey.own_steps) or 1


def arms_of(journey: Journey) -> tuple[Arm, ...]:
    """The sides of its test: the shop's, or our two versions unless the words are the shop's."""
    if journey.arms:
        return journey.arms
    own = (journey.title, journey.body, *(step.title or step.body for step in journey.own_steps))
    return journey.our_arms[:1] if any(own) else journey.our_arms


def arm_named(journey: Journey, arm: str) -> Arm:
    """The arm of that id; the first one for an arm the programme has dropped since."""
    arms = arms_of(journey)
    return next((known for known in arms if known.id == arm), arms[0])


def offer_of(journey: Journey, arm: str, step: int = 0) -> JourneyOffer | None:
    """What `journey` gives at its `step` (from 0) to members of `arm`; None for nothing."""
    of_step = journey.own_steps[step].offer if journey.own_steps else None
    return arm_named(journey, arm).offer or of_step or journey.offer


def own_text(
    journey: Journey, what: TextPart, *, arm: str, step: int = 0, rank: str | None = None
) -> LocalText | None:
    """The shop's own text: the arm's, the rank's, the step's, or the journey's; None: ours."""
    of_rank = [text for text in journey.by_rank if rank in text.ranks]
    of_step = journey.own_steps[step : step + 1]
    for source in (arm_named(journey, arm), *of_rank, *of_step, journey):
        text: LocalText | None = getattr(source, what)
        if text is not None:
            return text
    return None


def fill_in(text: LocalText, lang: Lang, values: dict[str, Any]) -> str:
    """The shop's own text with its placeholders filled in."""
    shown = {name: show(lang, value) for name, value in values.items()}
    return text.in_(lang).format_map(shown)


def names_in(text: str) -> Iterator[str]:
    """The placeholders in `text`. ValueError for braces that don't match, or hold more than a
    name."""
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(name)
        yield name
