"""What the club's messages brought, in sentences for an owner who has never heard of statistics."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from ..journeys.deciding import JourneyDecision, arm_for_all
from ..journeys.results import ClubResults, Comparison, Effect, JourneyResult
from ..journeys.samples import Outlook
from ..journeys.words import arms_of
from ..science.difference import OUTCOMES_MIN
from ..wording.texts import long_date
from ..wording.words import Words
from .explain_journeys import journey_name
from .result_words import exactly, range_words, told_of, verdict_word, way_of
from .result_words import result_text as _told
from .result_words import titled as _title

#: Where fewer of those to whom it was due were sent it, it is told how many.
_NEARLY_ALL = 0.9
#: What pays is told to a tenth of a visitor.
_TOLD = 0.1
#: Messages are told as a whole number from so many on.
_WHOLE_FROM = 10


class ApartFromPlain(NamedTuple):
    """Why what is told isn't the plain difference, which is `plain` of a hundred: it is corrected
    for who would have come anyway ("evened"), or drawn towards what the club's other messages
    bring, down ("careful") or up ("weighed")."""

    why: Literal["evened", "careful", "weighed"]
    plain: int


@dataclass(frozen=True, slots=True)
class ResultText:
    """What is said of one journey, or of all together."""

    #: Its name, and the verdict in a word.
    title: str
    #: What there is to know; then how it was reckoned, and of which version what is known.
    sentences: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


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
    told += _ahead(words, whole, outlook, none="outlook_all_none")
    return ResultText(title, tuple(told), tuple(_reckoned(words, whole)))


def journey_text(
    words: Words,
    result: JourneyResult,
    decision: JourneyDecision | None,
    called: Mapping[str, str] | None = None,
) -> ResultText | None:
    """What one journey brought, and what was decided of it; None for what was due to nobody.
    `called`: what a reader knows its versions by, where that isn't their ids."""
    journey, first_at = result.journey, result.counted.first_at
    if first_at is None:
        return None
    names = called or {}
    since = long_date(words.lang, words.programme.shop.business_date(first_at))
    of = "of_journey" if journey.version == 1 else "of_journey_anew"
    title = _told(words, of, name=journey_name(words, journey.id), since=since)
    if result.whole is not None:
        title = _title(words, title, result.whole)
    shown = _with_names(result, names)
    if decision and decision.step == "rolled_out":
        shown = replace(shown, winner=None)
    decided = _decided(words, result, decision, names) if decision else ""
    return ResultText(
        title, tuple(_of_journey(words, shown, decided)), tuple(_more_of_journey(words, shown))
    )


def _with_names(result: JourneyResult, names: Mapping[str, str]) -> JourneyResult:
    """The same with its versions by those names."""

    def name(arm: str | None) -> str | None:
        return arm if arm is None else names.get(arm, arm)

    def named(seen: Comparison) -> Comparison:
        return replace(seen, arm=name(seen.arm), against=name(seen.against))

    return replace(
        result,
        arms=tuple(map(named, result.arms)),
        between=tuple(map(named, result.between)),
        winner=name(result.winner),
        leavers=tuple(names.get(arm, arm) for arm in result.leavers),
    )


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
    return verdict_word(words, result.whole)


def footer(words: Words, silent: Sequence[JourneyResult]) -> Iterator[str]:
    """Of which nothing is to be said yet, and what holds for all."""
    if silent:
        names = words.listed(journey_name(words, each.journey.id) for each in silent)
        yield _told(words, "nobody", names=names)
    yield _told(words, "lots")
    yield _told(words, "looks")
    if words.programme.sending.visit_margin_yen is None:
        yield _told(words, "margin")


def _of_journey(words: Words, result: JourneyResult, decided: str) -> Iterator[str]:
    journey, whole = result.journey, result.whole
    if whole is not None:
        yield from _of_whole(words, whole, _told(words, "within", days=journey.measure_days))
    elif not result.between:
        count = len(arms_of(journey))
        yield (_told(words, "alone_yet", count=count) if count > 1 else _told(words, "alone"))
    yield from (_of_two(words, each) for each in result.between)
    if result.winner and result.between:
        yield _told(words, "winner", arm=result.winner, id=journey.id)
    yield from (_told(words, "more_leave", arm=arm) for arm in result.leavers)
    if whole is not None:
        yield from _ahead(words, whole, result.outlook)
    if decided:
        yield decided


def _more_of_journey(words: Words, result: JourneyResult) -> Iterator[str]:
    """How it was reckoned, and what is known of each version."""
    whole = result.whole
    if whole is not None:
        yield from _reckoned(words, whole)
    for two in result.between:
        yield from _how_far_apart(words, two)
    apart = apart_from_plain(whole) if whole else None
    if apart and apart.why != "evened" and any(each.effect for each in result.arms):
        yield _told(words, "arms_alone")
    for each in result.arms:
        yield from _of_arm(words, each, whole.break_even if whole else None)
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
    about = likely_of(effect)
    way = "unknown" if effect.word == "unknown" else way_of(about)
    told = {"count": exactly(abs(about), effect), "about": told_of(words, about, effect)}
    yield _told(words, f"effect_{way}", within=within, **told)
    across = (way_of(effect.low), way_of(effect.high)) == ("fewer", "more")
    yield _told(words, "range_across" if across else "range", **range_words(words, effect))
    if effect.word == "fails":
        yield _told(words, "harms" if effect.high < 0 else "fails")
    yield from _worth(words, whole, effect)
    yield _both(words, whole)
    if apart := apart_from_plain(whole):
        plain = told_of(words, apart.plain, effect)
        yield _told(words, apart.why, plain=plain, about=told_of(words, about, effect))


def likely_of(effect: Effect) -> float:
    """The likeliest figure, within the range. What is known of one is told with what the others
    show: of two figures neither is believed."""
    likely = effect.likely
    about = effect.about if effect.word == "unknown" or likely is None else likely
    return max(effect.low, min(effect.high, about))


def _both(words: Words, whole: Comparison) -> str:
    """How many came on either side."""
    mine, other = whole.mine.sums, whole.other.sums
    came, came_other = _shares(whole)
    sides = {"mine": mine.episodes, "other": other.episodes}
    return _told(words, "compared", came=came, came_other=came_other, **sides)


def _shares(whole: Comparison) -> tuple[int, int]:
    mine, other = whole.mine.sums, whole.other.sums
    return round(100 * mine.came / mine.episodes), round(100 * other.came / other.episodes)


def apart_from_plain(whole: Comparison) -> ApartFromPlain | None:
    """Why the plain difference of both sides isn't what is told; None where it is."""
    effect = whole.effect
    if effect is None or effect.messages < _NEARLY_ALL:
        return None
    came, came_other = _shares(whole)
    plain, about = came - came_other, likely_of(effect)
    if round(about) == plain:
        return None
    if round(about) == round(effect.about):
        return ApartFromPlain("evened", plain)
    return ApartFromPlain("careful" if abs(about) < abs(plain) else "weighed", plain)


def _reckoned(words: Words, whole: Comparison) -> Iterator[str]:
    """How many messages went out."""
    effect = whole.effect
    if effect is not None and effect.messages < _NEARLY_ALL:
        yield _told(words, "due", count=round(100 * effect.messages))


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
        _told(words, f"missing_{which}", now=now)
        for which, now in known.items()
        if now < OUTCOMES_MIN
    ]
    if missing:
        yield _told(words, "early", missing=words.listed(missing), needed=OUTCOMES_MIN)
    else:
        yield _told(words, "early_draws")
    if mine.sums.episodes and other.sums.episodes:
        sides = {"drawn": mine.sums.episodes, "held_back": other.sums.episodes}
        came = {"came": mine.sums.came, "came_other": other.sums.came}
        yield _told(words, "plain", within=within, **sides, **came)


def _ahead(
    words: Words, whole: Comparison, outlook: Outlook | None, *, none: str = "outlook_none"
) -> Iterator[str]:
    """When there is something to see, and what a year can show, for what is not known yet; `none`
    is the text where that is nothing."""
    is_dim = outlook is not None and outlook.lift is None
    told: dict[str, object] = {"episodes": outlook.episodes} if outlook else {}
    if whole.months and is_dim:
        # One sentence: a rough figure soon, and never a clear one, are no contradiction.
        yield _told(words, "outlook_early", count=whole.months, **told)
        return
    if whole.months:
        yield _told(words, "early_when", count=whole.months)
    if outlook is None or (whole.effect and whole.effect.word != "unknown"):
        return
    yield _told(words, none if is_dim else "outlook", lift=outlook.lift, **told)


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
        pays = _told(words, "pays_not", edge=told_of(words, effect.high, effect))
    elif effect.low >= whole.break_even:
        pays = _told(words, "pays", edge=told_of(words, effect.low, effect))
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
    told = {"arm": arm, "about": told_of(words, effect.about, effect), **range_words(words, effect)}
    yield _told(words, "arm", **told)
    if effect.messages < _NEARLY_ALL:
        about = told_of(words, 100 * effect.estimate.points, effect)
        yield _told(words, "arm_due", arm=arm, count=round(100 * effect.messages), about=about)
    if seen.break_even and abs(seen.break_even - (of_all or 0)) >= _TOLD:
        yield _told(words, "arm_pays", arm=arm, messages=_messages(seen.break_even))


def _of_two(words: Words, seen: Comparison) -> str:
    """One version against another."""
    effect, arm, other = seen.effect, seen.arm, seen.against
    if effect is None:
        return _told(words, "between_early", arm=arm, other=other)
    if effect.high < 0:
        return _better(words, other, arm, _turned(effect))
    if effect.low > 0:
        return _better(words, arm, other, effect)
    return _told(words, "between_unknown", arm=arm, other=other)


def _better(words: Words, arm: str | None, other: str | None, effect: Effect) -> str:
    about = told_of(words, effect.about, effect)
    told = {"arm": arm, "other": other, "about": about, **range_words(words, effect)}
    return _told(words, "between_better", **told)


def _turned(effect: Effect) -> Effect:
    return replace(effect, about=-effect.about, low=-effect.high, high=-effect.low)


def _how_far_apart(words: Words, seen: Comparison) -> Iterator[str]:
    """How far two versions may be apart of which neither is known to be better."""
    effect = seen.effect
    if effect is not None and effect.low <= 0 <= effect.high:
        less, more = (exactly(abs(each), effect) for each in (effect.low, effect.high))
        told = {"arm": seen.arm, "other": seen.against, "less": less, "more": more}
        yield _told(words, "between_apart", **told)


def _decided(
    words: Words, result: JourneyResult, decision: JourneyDecision, names: Mapping[str, str]
) -> str:
    told = {
        "on": long_date(words.lang, words.programme.shop.business_date(decision.at)),
        "share": round(100 * result.counted.share),
        "arm": names.get(decision.arm or "", decision.arm),
    }
    if decision.step == "decided":
        return _told(words, "decided", **told)
    is_there = arm_for_all(result.journey, decision) is not None
    return _told(words, "rolled_out" if is_there else "rolled_out_gone", **told)
