"""Every text as somebody would read it, its placeholders filled in with what typically stands
there: for tests that read all of them, and for the sheets that people look at."""

import re
from collections.abc import Iterator
from datetime import date, time
from string import Formatter
from typing import Any, NamedTuple

from rules.base import Lang
from rules.programme.programme import Programme
from rules.wording.texts import keys
from rules.wording.words import Words, shop_terms

#: What the owner alone reads, at the command line: it speaks of the programme's file.
OWNERS = ("check", "loss", "problem", "publish", "quota", "start")
#: How many there are of whatever is counted: for the forms of number.
COUNTS = (1, 12)
_DAY = date(2026, 11, 23)


class Rendering(NamedTuple):
    """A text by its key, with all it can be filled in with."""

    key: str
    said: tuple[str, ...]


def sections() -> tuple[str, ...]:
    """The first parts of all keys, but those of the owner's commands."""
    found = dict.fromkeys(key.split(".")[0] for key in keys("ja"))
    return tuple(name for name in found if name not in OWNERS)


def rendered(
    programme: Programme, lang: Lang, *, only: re.Pattern[str] | None = None
) -> Iterator[Rendering]:
    """Every text that members and staff can read, under `programme`; or those with such keys."""
    words = Words(programme, lang)
    for key, text in keys(lang).items():
        if only and not only.fullmatch(key):
            continue
        if key.split(".")[0] in sections():
            said = (words.say(key, **values) for values in _fillings(words, key, text))
            yield Rendering(key, tuple(dict.fromkeys(said)))


def _fillings(words: Words, key: str, text: str | dict[str, str]) -> Iterator[dict[str, Any]]:
    forms = text.values() if isinstance(text, dict) else (text,)
    names = {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
    for count in COUNTS if isinstance(text, dict) or "count" in names else (COUNTS[-1],):
        values = typical(words, key) | dict.fromkeys(_COUNTED, count)
        values |= {"count": count, "amount": words.amount(count)}
        # The shop's own words are filled in by `Words`; what has no sample yet is seen as such.
        terms = shop_terms(words.programme, words.lang)
        filled = {name: values.get(name, f"‹{name}›") for name in names if name not in terms}
        yield {"count": count, **filled}


#: What is as many as `count` wherever both stand.
_COUNTED = ("years", "months", "minutes", "hours")


def typical(words: Words, key: str) -> dict[str, Any]:
    """What a text's placeholders typically hold. The shop's own words are filled in by `Words`."""
    programme, say, ja = words.programme, words.say, words.lang == "ja"
    name = "さくらさん" if ja else "Sakura"
    rank = words.name(programme.ranks.steps[0].name) if programme.ranks else name
    badge, reward = words.name(programme.badges[0].name), words.name(programme.rewards[0].name)
    store = words.name(programme.stores[0].name)
    target = badge if "badge" in key else reward if "reward" in key or "voucher" in key else rank
    until = date(2026, 12, 31)
    values: dict[str, Any] = dict.fromkeys(("until", "last", "on", "gift_until", "ends"), until)
    values |= dict.fromkeys(("day", "by", "first", "starts"), _DAY)
    values |= dict.fromkeys(("at", "made", "since", "seen"), f"{_DAY.month}/{_DAY.day} 14:30")
    values |= dict.fromkeys(("rank", "after", "ranks"), rank) | dict.fromkeys(("had", "n"), 3)
    values |= dict.fromkeys(("needed", "every", "weeks", "days", "week", "times"), 10)
    values |= dict.fromkeys(("store", "stores", "at_store", "other"), store)
    values |= dict.fromkeys(("name", "who"), name)
    values |= dict.fromkeys(("total", "balance", "points_left"), words.amount(1_240))
    values |= dict.fromkeys(("most", "least", "low", "high", "share", "about"), 20)
    values |= {"time": time(10), "start": time(10), "end": time(21)}
    values |= {
        "shop": words.name(programme.shop.name),
        "sender": programme.shop.legal_name,
        "contact": words.name(programme.privacy.contact),
        "purpose": words.name(programme.privacy.purpose),
        "target": target,
        "badge": badge,
        "streak": badge,
        "reward": reward,
        "icon": programme.badges[0].icon,
        "gift": words.gift(points=100, reward=None),
        "limits": say("explain.limit.most", limits=say("explain.limit.month", count=1)),
        "period": say("card.period.month"),
        "weekday": say("explain.weekday.fri"),
        "weekdays": words.weekdays(["tue", "fri"]),
        "when": say("activity.visit.each"),
        "what": say("activity.visit.noun"),
        "needs": say("explain.badge.needs.visits", count=10),
        "doings": say("explain.points.doing.visit"),
        "measure": say("explain.measure.visits"),
        "doors": say("explain.door.staff"),
        "tax": say("explain.tax.tax_included"),
        "gap": words.minutes(180),
        "again": say("refused.again.tomorrow", time=time(4)),
        "earlier": say("refused.earlier", store=store, time=time(10)),
        "why": say("refusal.visited_today.why"),
        "then": say("refusal.broken.then"),
        "words": say("journey.lapsed.a.title", name=name),
        "person": "森みか",
        "campaign": words.name(programme.campaigns[0].name),
        "changed": say("staff.log.changed.phone"),
        "topic": say("chat.topics.name.ranks"),
        "topics": say("chat.topics.name.ranks"),
        "role": say("staff.role.staff"),
        "journeys": say("journey.kind.birthday"),
        "states": say("journey.explained.state.active"),
        "shortfall": words.amount(20),
        "left": 40,
    }
    values |= {
        "number": "4820 1177 36", "code": "7KQ-2MX-9RT", "link": "https://line.me/R/ti/p/@kayoi",
        "device": "iPad", "devices": "iPad", "browser": "Safari", "section": "ranks", "arm": "a",
        "yen": 3_200, "age": 16, "sooner": 40, "months": 12, "goal": 2, "arms": 2, "call": 7,
        "seconds": 60, "visits": 20, "away": 42, "issue": 2, "before": 2,
    }  # fmt: skip
    values |= _JAPANESE if ja else _ENGLISH
    if "badges" in key:
        values["how"] = values["needs"]
    return values


_JAPANESE = {
    "month": "11月", "perk": "試食会にご招待", "perks": "試食会にご招待", "how": "パスワード",
    "note": "窓ぎわの席がお好きです", "goods": "切手・商品券",
    "text": "連携 7KQ-2MX", "quote": "窓ぎわの席は予約できますか？",
}  # fmt: skip
_ENGLISH = {
    "month": "November", "perk": "a tasting evening", "perks": "a tasting evening",
    "how": "password", "note": "likes the window seat", "goods": "stamps and gift vouchers",
    "text": "link 7KQ-2MX", "quote": "Can I book a table?",
}  # fmt: skip
