"""Parts of sentences about what messages brought: visitors more or fewer, as exactly as may be
told, and the verdict in a word; and what is said of a decision before it is taken."""

from collections.abc import Iterator
from datetime import datetime

from ..journeys.deciding import JourneyDecision, NoDecision
from ..journeys.results import Comparison, Effect
from ..wording.words import Words
from .explain_journeys import journey_name

#: Where its range is as wide as this, a figure is told whole; else to a tenth of a visitor.
_WIDE = 10.0


def visitors(words: Words, count: float, spread: float = 0.0) -> str:
    """So many visitors more or fewer, as exactly as a range so wide allows: 「3.2人増」, "1.5
    fewer"; 「45人増」 where it may be 9 or 81."""
    return result_text(words, way_of(count), count=_number(abs(count), spread))


def told_of(words: Words, count: float, effect: Effect) -> str:
    """The same of what is known of a message."""
    return visitors(words, count, effect.high - effect.low)


def exactly(count: float, effect: Effect) -> str:
    return _number(count, effect.high - effect.low)


def _number(count: float, spread: float) -> str:
    is_whole = spread >= _WIDE and count >= 1
    return f"{count:,.0f}" if is_whole else f"{count:,.1f}"


def result_text(words: Words, key: str, **values: object) -> str:
    told = {
        name: _shown(name, value) if isinstance(value, float) else value
        for name, value in values.items()
    }
    return words.say(f"journey.results.{key}", **told)


def _shown(name: str, value: float) -> str:
    is_whole = name == "episodes" or value >= _WIDE
    return f"{value:,.0f}" if is_whole else f"{value:,.1f}"


def way_of(count: float) -> str:
    if round(abs(count), 1) == 0:
        return "none"
    return "more" if count > 0 else "fewer"


def range_words(words: Words, effect: Effect) -> dict[str, str]:
    low, high = (told_of(words, each, effect) for each in (effect.low, effect.high))
    return {"low": low, "high": high}


def titled(words: Words, what: str, seen: Comparison) -> str:
    return result_text(words, "title", what=what, word=verdict_word(words, seen))


def verdict_word(words: Words, seen: Comparison) -> str:
    return result_text(words, f"word.{seen.effect.word if seen.effect else 'early'}")


# ── What is about to be decided ──


def decision_text(words: Words, decision: JourneyDecision, *, share: float) -> Iterator[str]:
    """What it will mean, for whoever is asked whether to do it."""
    yield words.say(
        f"journey.deciding.{decision.step}",
        name=journey_name(words, decision.journey),
        known=_known(words, decision),
        arm=decision.arm,
        share=round(100 * share),
    )
    if decision.word == "fails" and decision.step != "undone":
        yield words.say("journey.deciding.stop")
    yield words.say("journey.deciding.waiting")


def no_decision_text(words: Words, journey: str, why: NoDecision) -> str:
    """Why nothing is decided."""
    values = dict(why.values)
    if "arms" in values:
        values["arms"] = words.listed(values["arms"])
    if isinstance(at := values.get("at"), datetime):
        values["on"] = words.programme.shop.business_date(at)
    name = journey_name(words, journey)
    return words.say(f"journey.deciding.no.{why.code}", name=name, id=journey, **values)


def _known(words: Words, decision: JourneyDecision) -> str:
    if decision.word is None or decision.about is None:
        return words.say("journey.deciding.known_nothing")
    low, high = decision.low or 0.0, decision.high or 0.0
    numbers = {"about": decision.about, "low": low, "high": high}
    told = {name: visitors(words, each, high - low) for name, each in numbers.items()}
    word = result_text(words, f"word.{decision.word}")
    return words.say("journey.deciding.known", word=word, **told)
