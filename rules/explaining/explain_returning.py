"""How somebody's visits go on, in plain sentences for the shop's own people: members read nothing
of it."""

from datetime import date
from itertools import pairwise

from ..facts import Facts
from ..outlook.returning import ReturnOutlook, level_of, long_absence, return_outlook, usual_gaps
from ..science.learned import LEVEL_FROM, MIDDLE, ReturnModels, expected_visits
from ..science.model import HORIZONS
from ..science.pattern import VisitPattern, pattern_of
from ..science.visits import VISIT_HORIZONS
from ..wording.words import Words

#: So many times fewer visits than a rhythm makes are told of with why; and so much longer than its
#: longest gap is what tells it.
_FEWER = 1.5


def returning_sentences(words: Words, models: ReturnModels, facts: Facts, day: date) -> str:
    """How a member's visits go on from business day `day`, to which `facts` are settled; empty
    where there is nothing to say."""
    shop = words.programme.shop
    outlook = return_outlook(models, shop, facts, day)
    if outlook is not None:
        return words.sentences((_absence(words, outlook), _chance(words, models, outlook)))
    if facts.membership != "active":
        since = facts.membership_since or facts.joined_on
        return words.say(f"returning.{facts.membership}", on=since)
    if away := long_absence(models, shop, facts, day):
        return words.say("returning.back", count=away)
    waiting = (day - facts.joined_on).days
    is_new = facts.visits == 0 and waiting > 0
    return words.say("returning.never", count=waiting) if is_new else ""


def absence_sentence(words: Words, outlook: ReturnOutlook) -> str:
    """Why somebody counts as staying away, though many like them come again: how often they come
    else, and for how long they haven't."""
    return _absence(words, outlook) if outlook.drifts and outlook.usual else ""


def returning_short(words: Words, models: ReturnModels, outlook: ReturnOutlook) -> str:
    """The same in a few words, as they have room in a table: how likely they come from now on,
    within as many days for everybody, so that rows can be compared."""
    told = _told(words, outlook.month_chance, is_level=not models.knows_level(MIDDLE))
    return words.say("returning.short", days=MIDDLE, chance=told)


def visits_sentence(words: Words, models: ReturnModels, facts: Facts, day: date) -> str:
    """How many visits a member is to be expected for after business day `day`, to which `facts`
    are settled; empty where no number may be told, and for who never came, paused or left."""
    pattern = pattern_of(facts, day)
    if pattern is None or facts.membership != "active":
        return ""
    known = [each for each in VISIT_HORIZONS if models.knows_visits(each)]
    times = [_times(words, models, pattern, each) for each in known]
    if len(known) == 1:
        told = words.say("returning.visits.single", days=known[0], times=times[0])
        return words.sentences((told, _slower(words, models, facts, pattern)))
    if not known:
        return ""
    (days, longer), (first, more) = known, times
    told = words.say("returning.visits.both", days=days, times=first, longer=longer, more=more)
    return words.sentences((told, _slower(words, models, facts, pattern)))


def _slower(words: Words, models: ReturnModels, facts: Facts, pattern: VisitPattern) -> str:
    """Why fewer are expected than their rhythm alone makes: they stayed away for long between."""
    known = [each for each in VISIT_HORIZONS if models.knows_visits(each)]
    usual = usual_gaps(facts.visit_days)
    if not known or usual is None:
        return ""
    _, mean, _ = expected_visits(models, pattern, known[0])
    longest = max((b - a).days for a, b in pairwise(facts.visit_days))
    if known[0] / max(usual[1], 1) < _FEWER * max(mean, 1) or longest < _FEWER * usual[1]:
        return ""
    return words.say("returning.visits.slower", count=longest)


def _times(words: Words, models: ReturnModels, pattern: VisitPattern, days: int) -> str:
    """ "About 3 visits (1–6)"; where it is less than one, the range alone, which is never none."""
    low, mean, high = expected_visits(models, pattern, days)
    about = round(mean)
    if about == 0:
        return words.say("returning.times.few", low=low, count=max(1, high))
    low, high = min(low, about), max(high, about)
    return words.say("returning.times.about", count=about, low=low, high=high)


def models_sentences(words: Words, models: ReturnModels) -> str:
    """From what chances are worked out, and how well those of before came true."""
    days = models.told_by
    if days is None or models.fitted_on is None:
        return words.say("returning.models.shipped", members=LEVEL_FROM)
    told = models.qualities[days]
    learned = words.say(
        "returning.models.learned",
        on=models.fitted_on,
        members=told.members,
        days=days,
        right=_of_100(told.auc),
    )
    others = [each for each in HORIZONS if not models.knows_level(each)]
    if not others:
        return learned
    partly = words.say("returning.models.partly", days=words.numbers(others))
    return words.sentences((learned, partly))


def _absence(words: Words, outlook: ReturnOutlook) -> str:
    """Who it is, and how long they have been away: said as something unusual where it is."""
    if outlook.visits == 1 and not outlook.resumed:
        return words.say("returning.once", count=outlook.away)
    if outlook.drifts:
        how = "away_since_resumed" if outlook.resumed else "away"
    else:
        how = "resumed" if outlook.resumed else "here"
    return words.say(f"returning.{how}", rhythm=_rhythm(words, outlook), count=outlook.away)


def _rhythm(words: Words, outlook: ReturnOutlook) -> str:
    """How often they come: 「5〜9日に1回ほど」, not 「5日おき」, which some read as every
    sixth day; while that isn't known, how often they came."""
    if outlook.usual is None:
        return words.say("returning.rhythm.visits", count=outlook.visits)
    low, high = outlook.usual
    if high == 1:
        return words.say("returning.rhythm.daily")
    how = "same" if low == high else "range"
    return words.say(f"returning.rhythm.{how}", low=low, high=high)


def _count_way(chance: float) -> str:
    count = _of_100(chance)
    return "few" if count < 1 else "most" if count > _MOST else "count"


_MOST = 99


def _of_100(chance: float) -> int:
    return round(100 * chance)


def _chance(words: Words, models: ReturnModels, outlook: ReturnOutlook) -> str:
    """How likely they are to come from now on: as a number of 100 people, which is never none and
    never all, or where no number may be told, as a level. And how likely it was at best since the
    last visit, mostly on its day, where that was more: by that fall somebody drifts."""
    knows = models.knows_level(outlook.horizon)
    now, best = (
        _told(words, chance, is_level=not knows) for chance in (outlook.chance, outlook.best)
    )
    then = ""
    if outlook.chance < outlook.best and now != best:
        then = _then(words, outlook, best, is_level=not knows)
    way = _count_way(outlook.chance) if knows else "level"
    alike = words.say(f"returning.alike.{'visits' if outlook.usual is None else 'rhythm'}")
    told = {"count": _of_100(outlook.chance), "level": now, "alike": alike, "then": then}
    return words.say(f"returning.chance.{way}", days=outlook.horizon, **told)


def _then(words: Words, outlook: ReturnOutlook, told: str, *, is_level: bool) -> str:
    """What it was at best, which is never low where it has fallen since."""
    which = "later" if outlook.best_after else "once" if outlook.visits == 1 else "again"
    when = words.say(f"returning.last.{which}", days=outlook.best_after)
    way = level_of(outlook.best) if is_level else "number"
    return words.say(f"returning.then.{way}", when=when, days=outlook.horizon, chance=told)


def _told(words: Words, chance: float, *, is_level: bool) -> str:
    if is_level:
        return words.say(f"returning.level.{level_of(chance)}")
    return words.say(f"returning.of_100.{_count_way(chance)}", count=_of_100(chance))
