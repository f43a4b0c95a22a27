"""Which rich menu each member's chat shows, and which one it should.

A menu is known by its key, language and rank: "ja:gold", "en:". `members.menu` is the key of the
one that LINE was told to show; a partial index holds just those members whose menu is another now.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, select, update

from ..engine.db import Store, UnitOfWork
from ..tables import MENU_IS_DUE, line_accounts, members, notes

_NOTE, _MADE_FOR, _CHANGED = "rich_menus", "rich_menus_made_for", "rich_menus_changed"
#: So many members are taken in one transaction.
PAGE = 500


def key(lang: str, rank: str | None) -> str:
    """The key of the menu for somebody with this language and rank."""
    return f"{lang}:{rank or ''}"


@dataclass(frozen=True, slots=True)
class MenuChange:
    """A member whose menu should become another."""

    member_id: int
    user_id: str
    #: The key of that menu.
    key: str
    #: Whether their chat is there to show it and speaks of this card.
    is_shown: bool


_WAITING = (
    select(members.c.id, members.c.line_user_id, members.c.language, members.c.rank)
    .where(MENU_IS_DUE, members.c.id > bindparam("after"))
    .order_by(members.c.id)
    .limit(bindparam("most"))
    .subquery()
)
_DUE = select(_WAITING, line_accounts.c.user_id).select_from(
    _WAITING.outerjoin(
        line_accounts,
        and_(
            line_accounts.c.user_id == _WAITING.c.line_user_id,
            line_accounts.c.member_id == _WAITING.c.id,
            line_accounts.c.blocked.is_(False),
        ),
    )
)


def due(uow: UnitOfWork, *, limit: int, after: int = 0) -> list[MenuChange]:
    """Members with an id above `after` whose menu is not that of their rank and language, in the
    order of their ids."""
    rows = uow.run(_DUE, {"most": limit, "after": after})
    return [
        MenuChange(row.id, row.line_user_id, key(row.language, row.rank), row.user_id is not None)
        for row in rows
    ]


def note_linked(uow: UnitOfWork, done: Sequence[MenuChange]) -> None:
    """Notes what LINE shows now. Rank or language may have changed meanwhile: then it is due
    again."""
    shown = update(members).where(members.c.id == bindparam("member_id"))
    for link in done:
        uow.run(shown.values(menu=link.key), {"member_id": link.member_id})


def forget_link(uow: UnitOfWork, user_id: str) -> None:
    """What LINE shows this person is not known any more: they came back, or their card changed."""
    uow.run(update(members).where(members.c.line_user_id == user_id).values(menu=None))


def menu_ids(uow: UnitOfWork) -> dict[str, str]:
    """LINE's ids of the menus in use, by key; empty before the first deployment."""
    text = uow.run(select(notes.c.value).where(notes.c.name == _NOTE)).scalar()
    return dict(json.loads(text)) if text else {}


def made_for(uow: UnitOfWork) -> int | None:
    """The version of the programme that the menus in use were made for; None where none are in use,
    0 where nobody noted it."""
    rows = uow.run(select(notes).where(notes.c.name.in_((_NOTE, _MADE_FOR))))
    noted = {row.name: row.value for row in rows}
    return int(noted.get(_MADE_FOR, 0)) if noted.get(_NOTE, "{}") != "{}" else None


def note_made_for(uow: UnitOfWork, version: int) -> None:
    _note(uow, _MADE_FOR, str(version))


def set_menu_ids(uow: UnitOfWork, by_key: Mapping[str, str]) -> None:
    """Notes the menus in use; members whose menu has another id now are to be linked again, when
    `forget_changed` has found them."""
    before = menu_ids(uow)
    if before == by_key:
        return
    _note(uow, _NOTE, json.dumps(dict(by_key), sort_keys=True))
    changed = {name for name in {*before, *by_key} if before.get(name) != by_key.get(name)}
    _note(uow, _CHANGED, json.dumps(sorted({*_changed(uow), *changed})))


def forget_changed(store: Store) -> None:
    """Lets members whose menu has another id now be linked again: in pages by id, so that nobody's
    writing waits for it. Broken off halfway, it begins again the next time."""
    with store.read() as uow:
        changed = _changed(uow)
    if not changed:
        return
    last = 0
    while ids := _shown(store, changed, after=last):
        with store.begin() as uow:
            uow.run(update(members).where(members.c.id.in_(ids)).values(menu=None))
        last = ids[-1]
    with store.begin() as uow:
        # Another deployment may have changed more meanwhile.
        if _changed(uow) == changed:
            uow.run(delete(notes).where(notes.c.name == _CHANGED))


def _shown(store: Store, keys: Sequence[str], *, after: int) -> list[int]:
    """A page of members who were linked to one of those menus."""
    query = select(members.c.id).where(members.c.menu.in_(keys), members.c.id > after)
    with store.read() as uow:
        return list(uow.run(query.order_by(members.c.id).limit(PAGE)).scalars())


def _changed(uow: UnitOfWork) -> list[str]:
    """The menus that have another id than those linked to them were told."""
    text = uow.run(select(notes.c.value).where(notes.c.name == _CHANGED)).scalar()
    return list(json.loads(text)) if text else []


def _note(uow: UnitOfWork, name: str, value: str) -> None:
    uow.put(notes, {"name": name}, {"value": value})
