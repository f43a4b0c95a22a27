"""A "no" in words: why, and what to do then.

Each has one table in the texts, `refusal.<code>`, with `why` and `then`. What staff hear in other
words than members stands beneath it, under `staff`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from .texts import has_text
from .words import Words

Hearer = Literal["member", "staff"]


@dataclass(frozen=True, slots=True)
class RefusalText:
    """A refusal in words."""

    #: Without a full stop; can stand alone as a heading.
    why: str
    #: What to do: a sentence or two.
    then: str
    #: Both, one after the other.
    whole: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a refusal's words may tell beside its code."""

    now: datetime | None = None
    #: When it would be taken; told only where `now` is known too.
    again_at: datetime | None = None
    #: The visit, or the handing out, that is in the way, and its store's id.
    earlier_at: datetime | None = None
    earlier_store: str | None = None
    #: When what is refused was made, as it is read.
    made: str = ""
    #: The reward that was asked for, by its id.
    reward: str | None = None
    #: How many it is about.
    count: int = 0


_NOTHING = Circumstances()


def is_refusal(code: str) -> bool:
    """Whether there is such a code; it may come from an address that somebody typed."""
    return has_text("ja", f"refusal.{code}.why")


def refusal_text(
    words: Words, code: str, hearer: Hearer, about: Circumstances = _NOTHING
) -> RefusalText:
    """The refusal `code` as `hearer` is told it. KeyError for no code of ours."""
    table = f"refusal.{code}"
    if has_text(words.lang, f"{table}.{hearer}.why"):
        table = f"{table}.{hearer}"
    programme = words.programme
    values = {
        "contact": programme.privacy.contact.in_(words.lang),
        "hours": programme.counter.offline_hours_max,
        "again": _again(words, about),
        "earlier": _earlier(words, about),
        "reward": _reward(words, about),
        "made": words.say("refused.made", made=about.made) if about.made else "",
        "count": about.count,
    }
    why = words.say(f"{table}.why", **values)
    then = words.say(f"{table}.then", **values)
    return RefusalText(why, then, words.say("refused.whole", why=why, then=then))


def _again(words: Words, about: Circumstances) -> str:
    """A moment to come as people say it, on the shop's clock: 「あすの0:30から」.

    「あすから」, when tomorrow's business begins.
    """
    if about.now is None or about.again_at is None:
        return words.say("refused.again.unknown")
    shop = words.programme.shop
    here, there = shop.local(about.now), shop.local(about.again_at)
    tomorrow = here.date() + timedelta(days=1)
    if about.again_at == shop.opens(tomorrow):
        return words.say("refused.again.next_day")
    which = {here.date(): "today", tomorrow: "tomorrow"}.get(there.date(), "later")
    return words.say(f"refused.again.{which}", day=there.date(), time=there.time())


def _earlier(words: Words, about: Circumstances) -> str:
    if about.earlier_at is None:
        return ""
    programme = words.programme
    store = programme.store(about.earlier_store)
    name = words.name(store.name) if store else ""
    time = programme.shop.local(about.earlier_at).time()
    return words.say("refused.earlier", store=name, time=time)


def _reward(words: Words, about: Circumstances) -> str:
    reward = words.programme.reward(about.reward or "")
    if reward is None:
        return words.say("refused.this_reward")
    return words.say("refused.reward", reward=words.name(reward.name))
