"""How somebody's visits go on, in plain sentences for the shop's own people: members read nothing
of it."""

from datetime import date

from ..facts import Facts
from ..outlook.returning import ReturnOutlook, level_of, long_absence, return_outlook
from ..science.learned import LEVEL_FROM, MIDDLE, ReturnModels
from ..wording.words import Words


def returning_sentences(words: Words, models: ReturnModels, facts: Facts, day: date) -> str:
    """How a member's visits go on from business day `day`, to which `facts` are settled; empty
    where there is nothing to say."""
    shop = words.programme.shop
    outlook = return_outlook(models, shop, facts, day)
    if outlook is not None:
        key = f"returning.chance.{_way(models, outlook)}"
        return words.sentences((_absence(words, outlook), _chance(words, outlook, key)))
    if facts.membership != "active":
        since = facts.membership_since or facts.joined_on
        return words.say(f"returning.{facts.membership}", on=since)
    if away := long_absence(models, shop, facts, day):
        return words.say("returning.back", count=away)
    waiting = (day - facts.joined_on).days
    is_new = facts.visits == 0 and waiting > 0
    return words.say("returning.never", count=waiting) if is_new else ""


def returning_note(words: Words, models: ReturnModels, facts: Facts, day: date) -> str:
    """The same in a few words, for a list; empty where there is nothing to say."""
    outlook = return_outlook(models, words.programme.shop, facts, day)
    if outlook is None:
        return ""
    since = "resumed" if outlook.resumed else "visit"
    away = words.say(
        f"returning.note.since_{since}", rhythm=_rhythm(words, outlook), count=outlook.away
    )
    key = f"returning.note.{_way(models, outlook)}"
    return words.sentences((away, _chance(words, outlook, key)))


def models_sentences(words: Words, models: ReturnModels) -> str:
    """From what chances are worked out, and how well those of before came true."""
    if not models.knows_level or models.auc is None or models.fitted_on is None:
        return words.say("returning.models.shipped", members=LEVEL_FROM)
    return words.say(
        "returning.models.learned",
        on=models.fitted_on,
        members=models.members,
        days=MIDDLE,
        right=_of_100(models.auc),
    )


def _absence(words: Words, outlook: ReturnOutlook) -> str:
    """Who it is, and how long they have been away: said as something unusual where it is."""
    if outlook.resumed:
        how = "away_since_resumed" if outlook.drifts else "resumed"
    elif not outlook.drifts:
        how = "here"
    else:
        how = "away" if outlook.usual else "away_since_visit"
    return words.say(f"returning.{how}", rhythm=_rhythm(words, outlook), count=outlook.away)


def _rhythm(words: Words, outlook: ReturnOutlook) -> str:
    """How often they come: 「ふだん5〜9日おき」; while that isn't known, how often they came."""
    if outlook.usual is None:
        return words.say("returning.rhythm.visits", count=outlook.visits)
    low, high = outlook.usual
    if high == 1:
        return words.say("returning.rhythm.daily")
    how = "same" if low == high else "range"
    # 「1日おき」 is every other day: of small numbers 「おき」 says one more than of large ones.
    if low < _PLAINLY_APART:
        return words.say(f"returning.rhythm.often_{how}", low=low, high=high)
    return words.say(f"returning.rhythm.{how}", low=low, high=high)


#: From so many days on 「おき」 is understood by everybody as we mean it.
_PLAINLY_APART = 3


def _way(models: ReturnModels, outlook: ReturnOutlook) -> str:
    """In which way the chance is told: as a number of 100 people, which is never none and never
    all, or where no number may be told, as a level."""
    return _count_way(outlook.chance) if models.knows_level else "level"


def _count_way(chance: float) -> str:
    count = _of_100(chance)
    return "few" if count < 1 else "most" if count > _MOST else "count"


_MOST = 99


def _of_100(chance: float) -> int:
    return round(100 * chance)


def _chance(words: Words, outlook: ReturnOutlook, key: str) -> str:
    """How likely they are to come again, by the text `key`; and how likely it was right after the
    last visit, where that was more."""
    is_level = key.endswith(".level")
    now, at_last = (
        _told(words, chance, is_level=is_level)
        for chance in (outlook.chance, outlook.chance_at_last)
    )
    then = ""
    if outlook.chance < outlook.chance_at_last and now != at_last:
        then = words.say("returning.then", chance=at_last)
    return words.say(key, days=outlook.horizon, count=_of_100(outlook.chance), level=now, then=then)


def _told(words: Words, chance: float, *, is_level: bool) -> str:
    if is_level:
        return words.say(f"returning.level.{level_of(chance)}")
    return words.say(f"returning.of_100.{_count_way(chance)}", count=_of_100(chance))
