"""A birthday as a member tells it, in the chat and on their page: in words, what a child's guardian
is asked, and why one isn't taken."""

from datetime import date

from rules.facts import Birthday, Facts
from rules.programme.birthdays import check_birthday, needs_guardian
from rules.wording.texts import long_date
from rules.wording.words import Words

from .viewer import Viewer

#: A leap year, so that 29 February can be said without a year.
_ANY_YEAR = 2000


def birthday_words(words: Words, born: Birthday | None) -> str:
    """A birthday as people read it, with its year if they gave one; empty for none."""
    if born is None:
        return ""
    if born.year is None:
        return words.say("chat.birthday.month_day", day=date(_ANY_YEAR, born.month, born.day))
    return long_date(words.lang, date(born.year, born.month, born.day))


def birthday_refusal(viewer: Viewer, born: Birthday | None) -> str | None:
    """Why that birthday isn't taken, by the refusal's code; None for `born`: any at all."""
    known, policy = viewer.facts.birthday, viewer.programme.profile
    told = born or Birthday(1, 1)
    no = check_birthday(policy, known, told.year, viewer.day, month=told.month, day=told.day)
    return no.code if no else None


def is_known(facts: Facts, born: Birthday) -> bool:
    known = facts.birthday
    if known is None:
        return False
    return (known.year, known.month, known.day) == (born.year, born.month, born.day)


def guardian_is_asked(viewer: Viewer, born: Birthday) -> bool:
    return needs_guardian(viewer.programme.profile, born, viewer.day)


def guardian_wording(words: Words) -> str:
    """What a child's guardian is asked; kept word for word when they agree."""
    return words.say("chat.birthday.guardian", age=words.programme.profile.guardian_age)


def changes_note(viewer: Viewer) -> str:
    """How often it can be changed once this one is taken."""
    most, known = viewer.programme.profile.birthday_changes_max, viewer.facts.birthday
    used = known.changes + 1 if known else 0
    if most > used:
        return viewer.words.say("chat.birthday.changes", count=most - used)
    return viewer.words.say("chat.birthday.last_change")
