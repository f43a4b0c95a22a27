"""What is asked of members' voice: which days, and which store."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request

from bot.store.heard.counting import HeardSpan
from rules.explaining.figure_words import span_line
from rules.figures.periods import PERIODS, DaySpan, Period, period

from ...current import current_club, current_programme
from ...staff.frame.words import words_now
from ..frame.choices import (
    AskedChoice,
    AskedSelect,
    is_only_store,
    one_of,
    open_selects,
    period_select,
    select_of_stores,
    store_choices,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HeardAsked:
    """What is asked for. `store` is "" for all of them."""

    period: Period
    store: str
    stores: tuple[AskedChoice, ...]

    @property
    def args(self) -> dict[str, str]:
        """The same in an address."""
        chosen = {"period": self.period.name, "store": self.store}
        return {name: value for name, value in chosen.items() if value}

    @property
    def selects(self) -> list[AskedSelect]:
        """The same as a form."""
        stores = select_of_stores(self.stores, self.store)
        return open_selects(period_select(self.period), stores)

    @property
    def only_store(self) -> str | None:
        """The store whose cases alone are meant; None for all. Where a club has one store, what was
        said before the first visit is of it, too."""
        return self.store if self.store and not is_only_store(self.store) else None

    @property
    def now(self) -> HeardSpan:
        return self._span(self.period.whole)

    @property
    def before(self) -> HeardSpan:
        return self._span(self.period.before)

    def _span(self, days: DaySpan) -> HeardSpan:
        shop = current_programme().shop
        return HeardSpan(shop.opens(days.first), shop.opens(days.last + _DAY), self.only_store)

    @property
    def said(self) -> str:
        return span_line(words_now(), self.period.whole)

    @property
    def said_before(self) -> str:
        return span_line(words_now(), self.period.before)

    def store_name(self, store: str | None) -> str:
        """What the store is called; of one that is gone from the programme its id, of none that
        nobody knows."""
        if store is None:
            return words_now().say("owner.heard.no_store")
        return next((each.name for each in self.stores if each.value == store), store)


def today() -> date:
    return current_programme().shop.business_date(current_club().now())


def asked() -> HeardAsked:
    """What the address asks for; what isn't there, or isn't the reader's to see, is all that is."""
    name = request.args.get("period", "")
    stores = store_choices()
    return HeardAsked(
        period(next((each for each in PERIODS if each == name), "weeks"), today()),
        one_of(stores, request.args.get("store", "")),
        tuple(stores),
    )


def page_asked() -> int:
    """Which page of a list is asked for, from 0 on."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
