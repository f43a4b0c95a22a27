"""Parts of sentences about a programme, in one language: amounts, lists, dates, hours, names."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from ..base import WEEKDAYS, Hours, Lang, LocalText, Weekday
from ..programme.programme import Programme
from .own.fitting import chosen
from .own.terms import Term
from .texts import Text, fill, long_date, number_form, section

#: One of `shop_terms` in a text.
_TERM = re.compile(r"\{(visit|points|counter|birthday)(?::(\w+))?\}")


def shop_terms(programme: Programme, lang: Lang) -> dict[str, Term]:
    """The shop's own words, which every text may name."""
    birthday = f"activity.birthday.term.{programme.profile.birthday_is}"
    return {
        "visit": Term(programme.shop.visit_word if lang == "ja" else "visit"),
        "points": Term(programme.points.name.in_(lang)),
        "counter": Term(programme.shop.counter_word.in_(lang)),
        "birthday": Term(fill(lang, chosen(programme, lang, birthday), {})),
    }


@dataclass(frozen=True)
class Words:
    """What every sentence about `programme` in `lang` can use."""

    programme: Programme
    lang: Lang
    #: What the owner calls each segment; None for whoever must not read it, as members.
    segment_names: Mapping[str, str] | None = field(default=None, compare=False, repr=False)

    def say(self, key: str, **values: Any) -> str:
        """The text `key`, or what the shop says in its place, with the shop's own words
        (`shop_terms`) filled in."""
        text = chosen(self.programme, self.lang, key)
        return fill(self.lang, text, self._terms | values)

    def section(self, name: str) -> dict[str, Text]:
        """The texts of a section with the shop's own words filled in, and every other placeholder
        still in them."""
        terms = self._terms

        def filled(text: str) -> str:
            return _TERM.sub(lambda found: format(terms[found[1]], found[2] or ""), text)

        return {
            key: {form: filled(one) for form, one in text.items()}
            if isinstance(text, dict)
            else filled(text)
            for key in section(self.lang, name)
            for text in [chosen(self.programme, self.lang, f"{name}.{key}")]
        }

    @cached_property
    def _terms(self) -> dict[str, Term]:
        return shop_terms(self.programme, self.lang)

    @property
    def points(self) -> str:
        return self.programme.points.name.in_(self.lang)

    def amount(self, points: int) -> str:
        """So many points: 「10ポイント」, "10 points"."""
        name = Term(self.points)
        if self.lang == "en":
            return f"{points:,} {name:{number_form(self.lang, points)}}"
        return f"{points:,}{name}"

    def sentences(self, said: Iterable[str]) -> str:
        """Whole sentences one after the other, empty ones left out."""
        return self.say("explain.space").join(sentence for sentence in said if sentence)

    def listed(self, names: Iterable[str]) -> str:
        """Things in a row: 「駅前店・川辺店」, "Station and Riverside"."""
        *first, last = list(names) or [""]
        said = self.say("explain.list_join").join(first)
        return said + self.say("explain.list_last") + last if first else last

    def numbers(self, numbers: Iterable[int]) -> str:
        """Numbers in a row: 「5・15・25」, "5, 15 and 25"."""
        return self.listed(f"{number:,}" for number in numbers)

    def name(self, text: LocalText) -> str:
        return text.in_(self.lang)

    def ranks(self, ids: Iterable[str]) -> str:
        """The names of these ranks, lowest first."""
        steps = self.programme.ranks.steps if self.programme.ranks else ()
        wanted = set(ids)
        return self.listed(self.name(rank.name) for rank in steps if rank.id in wanted)

    def segments(self, ids: Iterable[str]) -> str:
        """Who is in one of these segments; members read no more than that it is some of them."""
        wanted = list(ids)
        if not wanted:
            return ""
        if self.segment_names is None:
            return self.say("explain.who.some")
        quoted = (
            self.say("explain.who.segment", name=self.segment_names.get(each, each))
            for each in wanted
        )
        return self.say("explain.who.segments", names=self.say("explain.who.or").join(quoted))

    def who(self, ranks: Collection[str], segments: Iterable[str] = ()) -> str:
        """Who holds one of these ranks, or is in one of these segments."""
        held = self.say("explain.who.ranks", ranks=self.ranks(ranks)) if ranks else ""
        return self.listed(filter(None, (held, self.segments(segments))))

    def stores(self, ids: Iterable[str]) -> str:
        wanted = set(ids)
        stores = self.programme.stores
        return self.listed(self.name(store.name) for store in stores if store.id in wanted)

    def streak(self, streak: str | None) -> str:
        found = next((s for s in self.programme.streaks if s.id == streak), None)
        return self.name(found.name) if found else ""

    def weekdays(self, weekdays: Iterable[Weekday]) -> str:
        """Weekdays from Monday on: 「火・木」."""
        ordered = sorted(set(weekdays), key=WEEKDAYS.index)
        return self.listed(self.say(f"explain.weekday.{weekday}") for weekday in ordered)

    def hours(self, hours: Hours) -> str:
        return self.say("explain.hours", start=hours.start, end=hours.end)

    def dates(self, starts: date | None, ends: date | None) -> str:
        """From when to when, both included; empty where there is neither."""
        first = long_date(self.lang, starts) if starts else ""
        last = long_date(self.lang, ends) if ends else ""
        if first and last:
            return self.say("explain.when.from_to", starts=first, ends=last)
        if first:
            return self.say("explain.when.since", starts=first)
        return self.say("explain.when.until", ends=last) if last else ""

    def gift(self, *, points: int, reward: str | None) -> str:
        """What a message promises: 「100ポイント」, 「「本日の焼き菓子」」, or both."""
        gifts = [self.say("journey.gift_points", amount=self.amount(points))] if points else []
        if found := self.programme.reward(reward or ""):
            gifts.append(self.say("journey.gift_reward", reward=self.name(found.name)))
        return self.listed(gifts)

    def minutes(self, minutes: int) -> str:
        """A length of time, in hours where it is whole ones."""
        if minutes % 60 == 0 and minutes:
            hours = minutes // 60
            return self.say("explain.hours_long", count=hours, hours=hours)
        return self.say("explain.minutes_long", count=minutes, minutes=minutes)

    def times(self, times: Decimal) -> str:
        """A multiplier without needless zeros: 2, 1.5."""
        return f"{times.normalize():f}"
