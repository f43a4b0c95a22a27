"""What one chooses from: whose store, among those that are the reader's to see."""

from collections.abc import Sequence
from dataclasses import dataclass

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


def is_only_store(store: str) -> bool:
    """Whether there is no other: what is of no store is of it, too."""
    return [each.id for each in current_programme().stores] == [store]


def one_of(choices: Sequence[AskedChoice], value: str) -> str:
    """The value, if it is one of them; else that of the first."""
    known = [each.value for each in choices]
    return value if value in known else known[0]
