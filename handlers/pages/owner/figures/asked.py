"""What figures are asked of: which days, which store, which rank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import request

from rules.figures.definitions import PANELS, Definition, Panel, all_figures
from rules.figures.life import NO_RANK
from rules.figures.periods import PERIODS, Period, PeriodName, period
from rules.figures.sums import ALL

from ...current import current_club, current_programme
from ...staff.frame.access import language
from ...staff.frame.words import words_now
from ..frame.choices import (
    AskedChoice,
    AskedSelect,
    one_of,
    period_select,
    select_of_stores,
    store_choices,
)


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """What is asked for; `store` and `rank` are ALL for all of them."""

    period: Period
    store: str
    rank: str
    #: Which there are to choose from.
    stores: tuple[AskedChoice, ...]
    ranks: tuple[AskedChoice, ...]
    #: Whether four weeks have today in them.
    with_today: bool = False

    @property
    def args(self) -> dict[str, str]:
        """The same in an address."""
        chosen = {"period": self.period.name, "store": self.store, "rank": self.rank}
        return {name: value for name, value in chosen.items() if value}

    def tells(self, figure: Definition) -> bool:
        """Whether the figure can be told of that store and rank."""
        return (figure.by_store or not self.store) and (figure.by_rank or not self.rank)

    @property
    def tells_all(self) -> bool:
        """Whether no figure is left out that can't be told of that store or rank."""
        return all(self.tells(each) for each in all_figures())

    @property
    def selects(self) -> tuple[AskedSelect, ...]:
        """The same as a form."""
        ranks = AskedSelect("rank", "owner.figures.rank", self.ranks, self.rank)
        return self.days_select, select_of_stores(self.stores, self.store), ranks

    @property
    def days_select(self) -> AskedSelect:
        """Which days, as a part of that form."""
        return period_select(self.period, to_yesterday=not self.with_today)

    @property
    def names(self) -> str:
        """The store and the rank, where not all are asked for."""
        chosen = ((self.store, self.stores), (self.rank, self.ranks))
        named = (each.name for value, of in chosen for each in of if value and each.value == value)
        return " ".join(named)

    def panels(self) -> Iterator[Panel]:
        """What is shown of it: nothing that this shop hasn't."""
        programme = current_programme()
        missing = {"ranks": programme.ranks is None, "money": programme.purchase is None}
        for panel in PANELS:
            its = tuple(each for each in panel.figures if self.tells(each))
            if its and not missing.get(panel.id):
                yield Panel(panel.id, its)


def asked(*, with_today: bool = False) -> FiguresAsked:
    """What the address asks for; what isn't there, or isn't the reader's to see, is all that is.

    Four weeks are whole days, as on Monday, where one that isn't over would stand beside one that
    was; `with_today`: of what is done with at the beginning of a day.
    """
    club, programme = current_club(), current_programme()
    lang, words = language(), words_now()
    asked_for = request.args.get("period", "")
    name: PeriodName = next((each for each in PERIODS if each == asked_for), "weeks")
    today = programme.shop.business_date(club.now())
    last = today - timedelta(days=1) if name == "weeks" and not with_today else today
    stores = store_choices()
    ranks = [AskedChoice(ALL, words.say("owner.figures.all_ranks"))]
    if programme.ranks is not None:
        ranks += [AskedChoice(each.id, each.name.in_(lang)) for each in programme.ranks.steps]
        ranks.append(AskedChoice(NO_RANK, words.say("owner.figures.no_rank")))
    return FiguresAsked(
        period(name, last),
        one_of(stores, request.args.get("store", ALL)),
        one_of(ranks, request.args.get("rank", ALL)),
        tuple(stores),
        tuple(ranks),
        with_today,
    )
