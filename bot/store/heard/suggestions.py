"""What members suggest: the suggestions, the letters that make them, and who was told of what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from rules.heard.suggestions import SuggestionState

from ..engine.db import UnitOfWork
from ..tables import IS_TELLING, IS_TO_CALL, cases, inbox, members, suggestions


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """Something that members suggest."""

    id: int
    #: The shop's name for it; "" while it has none.
    title: str
    state: SuggestionState
    #: What is said to those who suggested it, of its state.
    word: str
    #: Whether a message says so.
    tells: bool
    #: Whether all members may read of it.
    is_shown: bool
    made_at: datetime
    state_at: datetime
    state_by: int | None
    moved: int
    is_telling: bool


@dataclass(frozen=True, slots=True)
class SuggestedLetter:
    """One of the letters that make a suggestion. `adopted`: by which activity of whose it counted
    as adopted."""

    id: int
    member_id: int
    case_number: int | None
    text: str
    at: datetime
    suggestion_id: int
    told: SuggestionState | None
    to_call: bool
    adopted: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A suggestion in a list: how many letters make it, and the first of them."""

    suggestion: StoredSuggestion
    letters: int
    first: str


def _suggestion(row: Row[Any]) -> StoredSuggestion:
    return StoredSuggestion(
        **{name: getattr(row, name) for name in StoredSuggestion.__dataclass_fields__}
    )


def _letter(row: Row[Any]) -> SuggestedLetter:
    adopted = None if row.adopted_seq is None else (row.adopted_by, row.adopted_seq)
    return SuggestedLetter(
        row.id, row.member_id, row.case_number, row.text, row.at, row.suggestion_id, row.told,
        row.to_call, adopted,
    )  # fmt: skip


def add(
    uow: UnitOfWork, title: str, *, at: datetime, by: int | None, adopted: str | None = None
) -> int:
    """A new one, received; `adopted`: at once, with that word, which has been told. It counts on
    from all others: SQLite may give it the number of one that is gone, of which a page still is."""
    moved = select(func.coalesce(func.max(suggestions.c.moved), 0) + 1).scalar_subquery()
    row = {
        "title": title, "state": "received" if adopted is None else "adopted",
        "word": adopted or "", "tells": adopted is not None, "is_shown": False, "made_at": at,
        "state_at": at, "state_by": by, "moved": moved, "is_telling": False,
    }  # fmt: skip
    made = uow.run(insert(suggestions).values(row).returning(suggestions.c.id))
    return int(made.scalar_one())


def get(uow: UnitOfWork, suggestion_id: int, *, lock: bool = False) -> StoredSuggestion | None:
    found = select(suggestions).where(suggestions.c.id == suggestion_id)
    row = uow.run(found.with_for_update() if lock else found).first()
    return _suggestion(row) if row else None


def change(uow: UnitOfWork, suggestion_id: int, **values: Any) -> None:
    """Changes it, which counts as a move of it, from `moved` on where that is given."""
    its = update(suggestions).where(suggestions.c.id == suggestion_id)
    uow.run(its.values({"moved": suggestions.c.moved + 1, **values}))


def tell_again(uow: UnitOfWork, of: StoredSuggestion) -> None:
    """Whoever knows nothing of its state but what they could read is to be told of it."""
    its = update(inbox).where(inbox.c.suggestion_id == of.id, inbox.c.told == of.state)
    uow.run(its.values(told=None))


def set_telling(uow: UnitOfWork, suggestion_id: int, *, is_telling: bool) -> None:
    its = update(suggestions).where(suggestions.c.id == suggestion_id)
    uow.run(its.values(is_telling=is_telling))


def drop(uow: UnitOfWork, suggestion_id: int) -> None:
    """Takes it away; its letters are of another by now."""
    uow.run(delete(suggestions).where(suggestions.c.id == suggestion_id))


def put_letter(uow: UnitOfWork, letter_id: int, suggestion_id: int) -> None:
    """The letter makes that suggestion, instead of any before."""
    its = update(inbox).where(inbox.c.id == letter_id)
    uow.run(its.values(suggestion_id=suggestion_id))


def move_letters(uow: UnitOfWork, from_id: int, into_id: int) -> None:
    its = update(inbox).where(inbox.c.suggestion_id == from_id)
    uow.run(its.values(suggestion_id=into_id))


def of_letter(uow: UnitOfWork, letter_id: int) -> int | None:
    """The suggestion that the letter makes."""
    its = select(inbox.c.suggestion_id).where(inbox.c.id == letter_id)
    return uow.run(its).scalar()


def of_letters(uow: UnitOfWork, letter_ids: Collection[int]) -> dict[int, StoredSuggestion]:
    """The suggestions that these letters make, by the letter's id."""
    joined = select(suggestions, inbox.c.id.label("letter")).join(
        inbox, inbox.c.suggestion_id == suggestions.c.id
    )
    rows = uow.run(joined.where(inbox.c.id.in_(list(letter_ids))))
    return {row.letter: _suggestion(row) for row in rows}


def letters(uow: UnitOfWork, suggestion_id: int, *, limit: int) -> list[SuggestedLetter]:
    """The letters that make it, the first in front."""
    its = select(inbox).where(inbox.c.suggestion_id == suggestion_id)
    return [_letter(row) for row in uow.run(its.order_by(inbox.c.id).limit(limit))]


def count_letters(uow: UnitOfWork, suggestion_id: int) -> int:
    its = select(func.count()).select_from(inbox).where(inbox.c.suggestion_id == suggestion_id)
    return int(uow.run(its).scalar_one())


def untold(uow: UnitOfWork, of: StoredSuggestion, *, limit: int) -> list[SuggestedLetter]:
    """The letters whose writers were last told of another state of it."""
    its = select(inbox).where(
        inbox.c.suggestion_id == of.id, func.coalesce(inbox.c.told, "received") != of.state
    )
    return [_letter(row) for row in uow.run(its.order_by(inbox.c.id).limit(limit))]


def is_told(uow: UnitOfWork, of: StoredSuggestion, cards: Collection[int]) -> bool:
    """Whether somebody was told of its state already, by another letter with one of their cards."""
    its = select(inbox.c.id).where(
        inbox.c.suggestion_id == of.id, inbox.c.told == of.state, inbox.c.member_id.in_(cards)
    )
    return uow.run(its.limit(1)).first() is not None


def note_told(
    uow: UnitOfWork, letter_id: int, state: SuggestionState | None, *, to_call: bool = False
) -> None:
    its = update(inbox).where(inbox.c.id == letter_id)
    uow.run(its.values(told=state, to_call=to_call))


def is_held_adopted(uow: UnitOfWork, suggestion_id: int) -> bool:
    """Whether it stands as adopted with one of those who suggested it, also if that is to be taken
    back."""
    its = select(inbox.c.id).where(
        inbox.c.suggestion_id == suggestion_id, inbox.c.told == "adopted"
    )
    return uow.run(its.limit(1)).first() is not None


def is_to_call(uow: UnitOfWork, letter_id: int) -> bool:
    """Whether staff are to tell its writer, and haven't yet."""
    its = select(inbox.c.id).where(inbox.c.id == letter_id, IS_TO_CALL)
    return uow.run(its).first() is not None


def note_called(uow: UnitOfWork, letter_id: int) -> None:
    uow.run(update(inbox).where(inbox.c.id == letter_id).values(to_call=False))


def telling(uow: UnitOfWork) -> list[int]:
    """Those of which somebody hasn't been told."""
    found = select(suggestions.c.id).where(IS_TELLING).order_by(suggestions.c.id)
    return list(uow.run(found).scalars())


def to_call(uow: UnitOfWork, *, limit: int) -> list[tuple[SuggestedLetter, StoredSuggestion]]:
    """Whom staff are to tell what came of their suggestion; nobody who has left since."""
    keeper = members.alias("keeper")
    found = (
        select(inbox, suggestions.c.id.label("suggestion"))
        .join(suggestions, suggestions.c.id == inbox.c.suggestion_id)
        .join(members, members.c.id == inbox.c.member_id)
        .outerjoin(keeper, keeper.c.id == members.c.merged_into)
        .where(IS_TO_CALL, func.coalesce(keeper.c.membership, members.c.membership) != "left")
        .order_by(inbox.c.id)
        .limit(limit)
    )
    rows = list(uow.run(found))
    known = {each: get(uow, each) for each in {row.suggestion for row in rows}}
    return [(_letter(row), its) for row in rows if (its := known[row.suggestion]) is not None]


def listed(
    uow: UnitOfWork,
    states: Sequence[SuggestionState],
    *,
    skip: int = 0,
    limit: int,
    store: str | None = None,
) -> list[SuggestionLine]:
    """Those in these states, what changed last in front; of one store, those of which a letter is
    of it."""
    found = select(suggestions).where(suggestions.c.state.in_(states))
    if store is not None:
        found = found.where(_of_store(store))
    newest = found.order_by(suggestions.c.state_at.desc(), suggestions.c.id.desc())
    some = [_suggestion(row) for row in uow.run(newest.offset(skip).limit(limit))]
    counted = (
        select(inbox.c.suggestion_id, func.count(), func.min(inbox.c.id))
        .where(inbox.c.suggestion_id.in_([each.id for each in some]))
        .group_by(inbox.c.suggestion_id)
    )
    counts = {of: (int(count), first) for of, count, first in uow.run(counted)}
    firsts = select(inbox.c.id, inbox.c.text).where(
        inbox.c.id.in_([first for _, first in counts.values()])
    )
    texts = {row.id: row.text for row in uow.run(firsts)}
    return [
        SuggestionLine(each, count, texts.get(first, ""))
        for each in some
        for count, first in (counts.get(each.id, (0, 0)),)
    ]


def is_of_store(uow: UnitOfWork, suggestion_id: int, store: str) -> bool:
    """Whether a letter of it was written by somebody who had come to that store last."""
    found = select(suggestions.c.id).where(suggestions.c.id == suggestion_id, _of_store(store))
    return uow.run(found).first() is not None


def _of_store(store: str) -> ColumnElement[bool]:
    its = (
        select(inbox.c.id)
        .join(
            cases,
            (cases.c.member_id == inbox.c.member_id) & (cases.c.number == inbox.c.case_number),
        )
        .where(inbox.c.suggestion_id == suggestions.c.id, cases.c.store == store)
    )
    return its.exists()


def counts(uow: UnitOfWork) -> dict[SuggestionState, int]:
    """How many there are in each state."""
    found = select(suggestions.c.state, func.count()).group_by(suggestions.c.state)
    return {state: int(count) for state, count in uow.run(found)}


def shown(uow: UnitOfWork, *, limit: int) -> list[StoredSuggestion]:
    """What was adopted and all may read of, the newest first."""
    its = suggestions.c.is_shown.is_(True) & (suggestions.c.state == "adopted")
    newest = select(suggestions).where(its).order_by(suggestions.c.state_at.desc()).limit(limit)
    return [_suggestion(row) for row in uow.run(newest)]


def drop_forgotten(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Takes away what nobody but these members suggested, who are erased: it had no other words
    than theirs. To be called before their letters go."""
    theirs = select(inbox.c.suggestion_id).where(
        inbox.c.member_id.in_(member_ids), inbox.c.suggestion_id.is_not(None)
    )
    others = select(inbox.c.id).where(
        inbox.c.suggestion_id == suggestions.c.id, inbox.c.member_id.not_in(member_ids)
    )
    uow.run(
        delete(suggestions).where(
            suggestions.c.id.in_(theirs), suggestions.c.title == "", ~others.exists()
        )
    )
