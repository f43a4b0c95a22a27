"""What the club's messages brought, in sentences for an owner who has never heard of statistics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..journeys.deciding import JourneyDecision, NoDecision, arm_for_all
from ..journeys.results import ClubResults, Comparison, Effect, JourneyResult
from ..journeys.samples import Outlook
from ..journeys.words import arms_of
from ..science.difference import OUTCOMES_MIN
from ..wording.words import Words
from .explain_journeys import journey_name

#: Where fewer of those to whom it was due were sent it, it is told how many.
_NEARLY_ALL = 0.9
#: Figures are told to a tenth of a visitor.
_TOLD = 0.1
#: Messages are told as a whole number from so many on.
_WHOLE_FROM = 10


@dataclass(frozen=True, slots=True)
class ResultText:
    """What is said of one journey, or of all together."""

    #: Its name, and the verdict in a word.
    title: str
    sentences: tuple[str, ...] = ()


def together_text(words: Words, results: ClubResults) -> ResultText | None:
    """All messages together; None where nobody is held back of any."""
    whole, outlook = results.together, results.outlook
    if whole is None:
        return None
    tested = [each for each in results.journeys if each.whole and each.counted.first_at]
    clear = sum(each.is_clear for each in tested)
    told = list(_of_whole(words, whole, _within_some(words, tested)))
    if len(tested) > 1 and whole.effect:
        told[:0] = [
            _told(words, "clear", clear=clear, total=len(tested)),
            *_most(words, whole, tested),
        ]
    title = _title(words, _told(words, "together"), whole)
    none = "outlook_all_none"
    return ResultText(title, (*told, *_ahead(words, whole, outlook, none=none)))


def journey_text(
    words: Words, result: JourneyResult, decision: JourneyDecision | None
) -> ResultText | None:
    """What one journey brought, and what was decided of it; None for what was due to nobody."""
    journey, first_at = result.journey, result.counted.first_at
    if first_at is None:
        return None
    name = journey_name(words, journey.id)
    since = words.programme.shop.business_date(first_at)
    called = _told(words, "of_journey", name=name, version=journey.version, since=since)
    title = called if result.whole is None else _title(words, called, result.whole)
    return ResultText(title, tuple(_of_journey(words, result, decision)))


def answer_text(words: Words, results: Sequence[JourneyResult]) -> str:
    """Which of them are known to bring people, and which to bring nobody; nothing where none is
    compared."""
    compared = [each for each in results if each.whole]
    known = {word: [each for each in compared if _is(each, word)] for word in ("works", "fails")}
    told = [
        _told(words, f"answer_{word}", names=words.listed(_answered(words, each) for each in found))
        for word, found in known.items()
        if found
    ]
    if compared and not told:
        told = [_told(words, "answer_unknown")]
    return words.sentences(told)


def _is(result: JourneyResult, word: str) -> bool:
    effect = result.whole.effect if result.whole else None
    return effect is not None and effect.word == word


def _answered(words: Words, result: JourneyResult) -> str:
    return _told(words, "answered", name=journey_name(words, result.journey.id))


def verdict(words: Words, result: JourneyResult) -> str:
    """What is known of a journey, in a word."""
    if result.whole is None:
        return _told(words, "word.alone")
    return _word(words, result.whole)


def footer(words: Words, silent: Sequence[JourneyResult]) -> Iterator[str]:
    """Of which nothing is to be said yet, and what holds for all."""
    if silent:
        names = words.listed(journey_name(words, each.journey.id) for each in silent)
        yield _told(words, "nobody", names=names)
    yield _told(words, "lots")
    yield _told(words, "looks")
    if words.programme.sending.visit_margin_yen is None:
        yield _told(words, "margin")


def _of_journey(
    words: Words, result: JourneyResult, decision: JourneyDecision | None
) -> Iterator[str]:
    journey, whole, outlook = result.journey, result.whole, result.outlook
    if whole is not None:
        yield from _of_whole(words, whole, _told(words, "within", days=journey.measure_days))
    elif not result.between:
        count = len(arms_of(journey))
        yield _told(words, "alone_yet", count=count) if count > 1 else _told(words, "alone")
    yield from (_of_two(words, each) for each in result.between)
    for each in result.arms:
        yield from _of_arm(words, each, whole.break_even if whole else None)
    if result.winner and result.between and not (decision and decision.step == "rolled_out"):
        yield _told(words, "winner", arm=result.winner, id=journey.id)
    yield from (_told(words, "more_leave", arm=arm) for arm in result.leavers)
    if whole is not None:
        yield from _ahead(words, whole, outlook)
    if decision:
        yield _decided(words, result, decision)
    if not result.counted.steady:
        yield _told(words, "mixed")
    if result.counted.gone:
        yield _told(words, "gone", count=result.counted.gone)


def _within_some(words: Words, tested: Sequence[JourneyResult]) -> str:
    """Within how many days visits count, over all these messages."""
    days = sorted({each.journey.measure_days for each in tested})
    if len(days) > 1:
        return _told(words, "within_some", days=_told(words, "or").join(map(str, days)))
    return _told(words, "within", days=days[0]) if days else ""


def _most(words: Words, whole: Comparison, tested: Sequence[JourneyResult]) -> Iterator[str]:
    """The journey that makes up most of what all together brought, so that their figure isn't
    taken for one of each."""
    total = _episodes(whole)
    for each in tested:
        if each.whole and 2 * (count := _episodes(each.whole)) > total:
            name = journey_name(words, each.journey.id)
            yield _told(words, "most", count=count, total=total, name=name)


def _episodes(seen: Comparison) -> int:
    return seen.mine.sums.episodes + seen.other.sums.episodes


def _of_whole(words: Words, whole: Comparison, within: str) -> Iterator[str]:
    """The messages against sending nothing: how many more come, how far that may be believed, what
    to do, and whether it pays."""
    effect = whole.effect
    if effect is None:
        yield from _early(words, whole, within)
        return
    unknown = effect.word == "unknown"
    way = "unknown" if unknown else _way(effect.about)
    # What is known of one is told with what the others show: of two figures neither is believed.
    likely = effect.about if unknown or effect.likely is None else effect.likely
    about = max(effect.low, min(effect.high, likely))
    told = {"count": abs(about), "about": visitors(words, about)}
    yield _told(words, f"effect_{way}", within=within, **told)
    across = (_way(effect.low), _way(effect.high)) == ("fewer", "more")
    yield _told(words, "range_across" if across else "range", **_range(words, effect))
    if effect.word == "fails":
        yield _told(words, "harms" if effect.high < 0 else "fails")
    yield from _worth(words, whole, effect)
    yield _both(words, whole, effect, about)
    if effect.messages < _NEARLY_ALL:
        yield _told(words, "due", count=round(100 * effect.messages))


def _both(words: Words, whole: Comparison, effect: Effect, about: float) -> str:
    """How many came on either side; and why their plain difference isn't what is told."""
    mine, other = whole.mine.sums, whole.other.sums
    came, came_other = (round(100 * side.came / side.episodes) for side in (mine, other))
    sides = {"mine": mine.episodes, "other": other.episodes}
    told = _told(words, "compared", came=came, came_other=came_other, **sides)
    plain = came - came_other
    if round(about) == plain or effect.messages < _NEARLY_ALL:
        return told
    return told + _told(words, "evened", plain=visitors(words, plain), about=visitors(words, about))


def _early(words: Words, whole: Comparison, within: str) -> Iterator[str]:
    """What there is yet, while nothing is to be said of it."""
    mine, other = whole.mine, whole.other
    if not (mine.drawn or other.drawn):
        yield _told(words, "early_none")
        return
    known = {
        "came": mine.sums.came,
        "stayed": mine.sums.episodes - mine.sums.came,
        "came_other": other.sums.came,
        "stayed_other": other.sums.episodes - other.sums.came,
    }
    missing = [
        _told(words, f"missing_{which}", count=OUTCOMES_MIN - now, now=now)
        for which, now in known.items()
        if now < OUTCOMES_MIN
    ]
    if missing:
        yield _told(words, "early", missing=words.listed(missing))
    else:
        yield _told(words, "early_draws")
    if mine.sums.episodes and other.sums.episodes:
        sides = {"drawn": mine.sums.episodes, "held_back": other.sums.episodes}
        came = {"came": mine.sums.came, "came_other": other.sums.came}
        yield _told(words, "plain", within=within, **sides, **came)
    if whole.months:
        yield _told(words, "early_when", count=whole.months)


def _ahead(
    words: Words, whole: Comparison, outlook: Outlook | None, *, none: str = "outlook_none"
) -> Iterator[str]:
    """What a year can show, for what is not known yet; `none` is the text where that is nothing."""
    if outlook is None or (whole.effect and whole.effect.word != "unknown"):
        return
    if whole.months and outlook.lift is None:
        none = "outlook_early"
    told = {"episodes": outlook.episodes, "lift": outlook.lift}
    yield _told(words, none if outlook.lift is None else "outlook", **told)


def _worth(words: Words, whole: Comparison, effect: Effect) -> Iterator[str]:
    if not whole.break_even:
        return
    policy = words.programme.sending
    worth = _told(
        words,
        "worth",
        messages=_messages(whole.break_even),
        cost=_told(words, f"cost.{whole.gifts}", message=f"{policy.message_yen:g}"),
        margin=f"{policy.visit_margin_yen:,}",
    )
    if effect.high < whole.break_even:
        pays = _told(words, "pays_not", edge=visitors(words, effect.high))
    elif effect.low >= whole.break_even:
        pays = _told(words, "pays", edge=visitors(words, effect.low))
    else:
        pays = _told(words, "pays_unknown")
    yield words.sentences((worth, pays))


def _messages(break_even: float) -> str:
    """Of how many messages one more visit pays for them: nobody has ever seen 0.4 visitors."""
    count = 100 / break_even
    return f"{count:,.0f}" if count >= _WHOLE_FROM else f"{count:.1f}"


def _of_arm(words: Words, seen: Comparison, of_all: float | None) -> Iterator[str]:
    """One version. What pays for it is told where that is not what pays for `of_all` of them."""
    effect, arm = seen.effect, seen.arm
    if effect is None:
        yield _told(words, "arm_early", arm=arm)
        return
    told = {"arm": arm, "about": visitors(words, effect.about), **_range(words, effect)}
    yield _told(words, "arm", **told)
    if effect.messages < _NEARLY_ALL:
        about = visitors(words, 100 * effect.estimate.points)
        yield _told(words, "arm_due", arm=arm, count=round(100 * effect.messages), about=about)
    if seen.break_even and abs(seen.break_even - (of_all or 0)) >= _TOLD:
        yield _told(words, "arm_pays", arm=arm, messages=_messages(seen.break_even))


def _of_two(words: Words, seen: Comparison) -> str:
    """One version against another."""
    effect, arm, other = seen.effect, seen.arm, seen.against
    if effect is None:
        return _told(words, "between_early", arm=arm, other=other)
    about, low, high = effect.about, effect.low, effect.high
    if high < 0:
        arm, other, about, low, high = other, arm, -about, -high, -low
    told = {"about": visitors(words, about), "low": visitors(words, low)}
    if low > 0:
        told["high"] = visitors(words, high)
        return _told(words, "between_better", arm=arm, other=other, **told)
    return _told(words, "between_unknown", arm=arm, other=other, less=abs(low), more=high)


def _decided(words: Words, result: JourneyResult, decision: JourneyDecision) -> str:
    told = {
        "on": words.programme.shop.business_date(decision.at),
        "share": round(100 * result.counted.share),
        "arm": decision.arm,
    }
    if decision.step == "decided":
        return _told(words, "decided", **told)
    is_there = arm_for_all(result.journey, decision) is not None
    return _told(words, "rolled_out" if is_there else "rolled_out_gone", **told)


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
    numbers = {"about": decision.about, "low": decision.low or 0, "high": decision.high or 0}
    told = {name: visitors(words, number) for name, number in numbers.items()}
    word = _told(words, f"word.{decision.word}")
    return words.say("journey.deciding.known", word=word, **told)


# ── Parts of sentences ──


def visitors(words: Words, count: float) -> str:
    """So many visitors more or fewer: 「3.2人増」, "1.5 fewer"."""
    return _told(words, _way(count), count=abs(count))


def _told(words: Words, key: str, **values: object) -> str:
    told = {
        name: _number(name, value) if isinstance(value, float) else value
        for name, value in values.items()
    }
    return words.say(f"journey.results.{key}", **told)


def _number(name: str, value: float) -> str:
    return f"{round(value):,}" if name == "episodes" else f"{value:,.1f}"


def _way(count: float) -> str:
    if round(abs(count), 1) == 0:
        return "none"
    return "more" if count > 0 else "fewer"


def _range(words: Words, effect: Effect) -> dict[str, str]:
    return {"low": visitors(words, effect.low), "high": visitors(words, effect.high)}


def _title(words: Words, what: str, seen: Comparison) -> str:
    return _told(words, "title", what=what, word=_word(words, seen))


def _word(words: Words, seen: Comparison) -> str:
    return _told(words, f"word.{seen.effect.word if seen.effect else 'early'}")
