"""Letters by post in words: when, and to whom."""

from collections.abc import Iterator
from datetime import date

from ..base import Lang
from ..wording.texts import month_name, month_word, say
from ..wording.words import Words

#: A year like any other, to say a month by.
_YEAR = 2026


def letter_name(lang: Lang, month: date) -> str:
    """What the letter of a month is called, as its reader hears it."""
    return say(lang, "staff.letters.letter", month=month_name(lang, month))


def letter_sentences(words: Words) -> Iterator[str]:
    policy = words.programme.letters
    if policy is None:
        return
    months = (month_word(words.lang, date(_YEAR, month, 1)) for month in sorted(policy.months))
    yield words.say("explain.letters.when", months=words.listed(months), count=policy.day)
    if policy.ranks:
        yield words.say("explain.letters.ranks", ranks=words.ranks(policy.ranks))
    if policy.visits_min:
        yield words.say("explain.letters.visits", count=policy.visits_min)
    if policy.within_days is not None:
        yield words.say("explain.letters.within", days=policy.within_days)
    if policy.away_days is not None:
        yield words.say("explain.letters.away", days=policy.away_days)
