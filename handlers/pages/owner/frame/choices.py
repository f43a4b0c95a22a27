"""What one chooses from: which days, and whose store, among those that are the reader's to see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.figures.periods import PERIODS, Period

from ...current import current_programme
from ...staff.frame.access import language, signed
from ...staff.frame.words import words_now

#: All of them.
ALL = ""


@dataclass(frozen=True, slots=True)
class AskedChoice:
    """One of those that can be asked for."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class AskedSelect:
    """Something to choose, as a page's form has it."""

    name: str
    label: str
    choices: tuple[AskedChoice, ...]
    chosen: str

    @property
    def said(self) -> str:
        """What is chosen, in words."""
        return next(each.name for each in self.choices if each.value == self.chosen)


def open_selects(*selects: AskedSelect) -> list[AskedSelect]:
    """Those in which there is anything to choose."""
    return [each for each in selects if len(each.choices) > 1]


def period_select(chosen: Period, *, to_yesterday: bool = False) -> AskedSelect:
    """Which days; `to_yesterday`: the four weeks end before today."""
    words = words_now()
    texts = {each: period_text(each) for each in PERIODS}
    if to_yesterday:
        texts["weeks"] = "owner.figures.weeks_past"
    choices = (AskedChoice(each, words.say(text)) for each, text in texts.items())
    return AskedSelect("period", "owner.figures.period", tuple(choices), chosen.name)


def period_text(name: str) -> str:
    """The text that names the days."""
    return f"owner.figures.periods.{name}"


def select_of_stores(stores: Iterable[AskedChoice], chosen: str) -> AskedSelect:
    """Whose store."""
    return AskedSelect("store", "owner.figures.store", tuple(stores), chosen)


def store_choices() -> list[AskedChoice]:
    """The stores that the reader may see; first ALL, for who may see every one."""
    someone, lang = signed(), language()
    stores = [
        AskedChoice(each.id, each.name.in_(lang))
        for each in current_programme().stores
        if someone.may_act_at(each.id)
    ]
    if someone.everywhere:
        stores.insert(0, AskedChoice(ALL, words_now().say("owner.figures.all_stores")))
    elif not stores:
        # Their store is gone from the programme: what happened there is theirs still.
        stores.append(AskedChoice(someone.desk.store, someone.desk.store))
    return stores


def store_names(also: str | None = None) -> dict[str, str]:
    """Every store by its id, and `also` one that was chosen before and may be gone since."""
    lang = language()
    names = {each.id: each.name.in_(lang) for each in current_programme().stores}
    if also:
        names.setdefault(also, also)
    return names


def is_only_store(store: str) -> bool:
    """Whether there is no other: what is of no store is of it, too."""
    return [each.id for each in current_programme().stores] == [store]


def one_of(choices: Sequence[AskedChoice], value: str) -> str:
    """The value, if it is one of them; else that of the first."""
    known = [each.value for each in choices]
    return value if value in known else known[0]
