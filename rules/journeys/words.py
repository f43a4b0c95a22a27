"""A journey's words: whose come first, the shop's or ours, and what may stand in them.

A text may hold placeholders such as `{name}`; each kind of journey has some of its own.
"""

from collections.abc import Iterator
from string import Formatter
from typing import Any, Literal

from ..base import Lang, LocalText
from ..programme.journey_parts import Arm, Offer
from ..programme.journeys import Journey, Lapsed
from ..wording.texts import known, say, show

What = Literal["title", "body"]
WHATS: tuple[What, ...] = ("title", "body")

#: Known in every text: the member's name with its さん, the shop, its word for a visit and its name
#: for points, the member's rank.
COMMON = ("name", "shop", "visit", "points", "rank")
#: Known where something is offered.
OF_OFFER = ("gift", "gift_until")
#: Known in the texts of one kind only.
OWN: dict[str, tuple[str, ...]] = {
    "birthday": ("month",),
    "lapsed": ("days",),
    "rhythm": ("days",),
    "one_short": ("target", "until"),
    "rank_at_risk": ("count", "target", "until"),
    "rank_lost": ("count", "target", "until"),
    "badge_missed": ("had", "needed", "target"),
    "points_expiring": ("count", "until"),
    "anniversary": ("years",),
    "spend": ("amount",),
    "reward_ready": ("target",),
    "reward_expiring": ("target", "until"),
    "ask_why": ("days",),
}
#: What our own two versions are called.
OUR_ARMS = (Arm(id="a"), Arm(id="b"))


def placeholders(journey: Journey, offer: Offer | None) -> tuple[str, ...]:
    """What may stand in the texts of `journey` where `offer` is made."""
    return (*COMMON, *OWN.get(journey.kind, ()), *(OF_OFFER if offer else ()))


def steps_of(journey: Journey) -> int:
    """How many steps it has; most have one."""
    return len(journey.steps) if isinstance(journey, Lapsed) else 1


def arms_of(journey: Journey) -> tuple[Arm, ...]:
    """The sides of its test: the shop's, or our two versions unless the words are the shop's."""
    if journey.arms:
        return journey.arms
    if journey.kind in ("rank_at_risk", "points_expiring"):
        return OUR_ARMS[:1]
    steps = journey.steps if isinstance(journey, Lapsed) else ()
    own = (journey.title, journey.body, *(step.title or step.body for step in steps))
    return OUR_ARMS[:1] if any(own) else OUR_ARMS


def arm_named(journey: Journey, arm: str) -> Arm:
    """The arm of that id; the first one for an arm the programme has dropped since."""
    arms = arms_of(journey)
    return next((known for known in arms if known.id == arm), arms[0])


def offer_of(journey: Journey, arm: str, step: int = 0) -> Offer | None:
    """What `journey` gives at its `step` (from 0) to members of `arm`; None for nothing."""
    of_step = journey.steps[step].offer if isinstance(journey, Lapsed) else None
    return arm_named(journey, arm).offer or of_step or journey.offer


def own_text(
    journey: Journey, what: What, *, arm: str, step: int = 0, rank: str | None = None
) -> LocalText | None:
    """The shop's own text: the arm's, the rank's, the step's, or the journey's; None: ours."""
    of_rank = [text for text in journey.by_rank if rank in text.ranks]
    of_step = [journey.steps[step]] if isinstance(journey, Lapsed) else []
    for source in (arm_named(journey, arm), *of_rank, *of_step, journey):
        text: LocalText | None = getattr(source, what)
        if text is not None:
            return text
    return None


def our_text(
    journey: Journey, what: What, lang: Lang, forms: tuple[str, ...], *, arm: str, **values: Any
) -> str:
    """Our text for the first of `forms` that there is one for ("last", "ranked" …)."""
    version = "b" if arm == "b" and not journey.arms else "a"
    base = f"journey.{journey.kind}.{version}.{what}"
    keys = (*(f"{base}_{form}" for form in forms), base)
    return say(lang, next(key for key in keys if known(lang, key)), **values)


def filled(text: LocalText, lang: Lang, values: dict[str, Any]) -> str:
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
