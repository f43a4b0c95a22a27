"""Rich menus: the menus, their pictures, aliases, and which one somebody sees."""

import json
import secrets
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import TooManyAliases
from .store import PlatformStore, setting

MENUS_MAX = 1_000
ALIASES_MAX = 1_000
_DEFAULT = "default_menu"


@dataclass(frozen=True)
class Menu:
    """A rich menu."""

    menu_id: str
    #: What was created, without its id.
    body: Mapping[str, Any]
    has_image: bool

    def as_response(self) -> dict[str, Any]:
        """LINE's rich menu response object."""
        return {"richMenuId": self.menu_id, **self.body}


class Menus:
    """The rich menus in the store."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    def create(self, body: Mapping[str, Any]) -> str | None:
        """Keeps a new menu; its id, or None when there are MENUS_MAX already."""
        menu_id = "richmenu-" + secrets.token_hex(16)
        with self._store.writing() as connection:
            if connection.execute("SELECT count(*) FROM menus").fetchone()[0] >= MENUS_MAX:
                return None
            connection.execute(
                "INSERT INTO menus (menu_id, body, created) VALUES (?, ?, ?)",
                (menu_id, json.dumps(body), time.time_ns()),
            )
        return menu_id

    def get(self, menu_id: str) -> Menu | None:
        """The menu, or None if there is none of that id."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT menu_id, body, image IS NOT NULL AS has_image FROM menus WHERE menu_id = ?",
                (menu_id,),
            ).fetchone()
        return None if row is None else _menu(row)

    def all(self) -> list[Menu]:
        """Every menu, in order of creation."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT menu_id, body, image IS NOT NULL AS has_image FROM menus ORDER BY created"
            ).fetchall()
        return [_menu(row) for row in rows]

    def delete(self, menu_id: str) -> None:
        """Removes a menu from everybody who sees it, its aliases included."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM menus WHERE menu_id = ?", (menu_id,))
            connection.execute("DELETE FROM aliases WHERE menu_id = ?", (menu_id,))
            connection.execute("UPDATE accounts SET menu_id = NULL WHERE menu_id = ?", (menu_id,))
            connection.execute(
                "DELETE FROM settings WHERE key = ? AND value = ?", (_DEFAULT, menu_id)
            )

    def set_image(self, menu_id: str, *, content_type: str, image: bytes) -> bool:
        """Gives a menu its picture; False if it has one, which can't be replaced."""
        with self._store.writing() as connection:
            cursor = connection.execute(
                "UPDATE menus SET content_type = ?, image = ? WHERE menu_id = ? AND image IS NULL",
                (content_type, image, menu_id),
            )
            return cursor.rowcount == 1

    def image(self, menu_id: str) -> tuple[str, bytes] | None:
        """Content type and bytes of a menu's picture, or None."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT content_type, image FROM menus WHERE menu_id = ? AND image IS NOT NULL",
                (menu_id,),
            ).fetchone()
        return None if row is None else (row["content_type"], row["image"])

    def default_id(self) -> str | None:
        """The menu of everybody without one of their own, or None."""
        with self._store.reading() as connection:
            return setting(connection, _DEFAULT)

    def set_default(self, menu_id: str | None) -> None:
        """Changes the default menu; None for no default."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM settings WHERE key = ?", (_DEFAULT,))
            if menu_id is not None:
                connection.execute(
                    "INSERT INTO settings (key, value) VALUES (?, ?)", (_DEFAULT, menu_id)
                )

    def link(self, user_ids: Iterable[str], menu_id: str | None) -> None:
        """Gives friends a menu of their own, or (None) takes it away; others are skipped."""
        with self._store.writing() as connection:
            connection.executemany(
                "UPDATE accounts SET menu_id = ? WHERE user_id = ? AND status = 'friend'",
                [(menu_id, user_id) for user_id in user_ids],
            )

    def linked_id(self, user_id: str) -> str | None:
        """The menu linked to this user, or None."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT menu_id FROM accounts WHERE user_id = ?", (user_id,)
            ).fetchone()
        return None if row is None else row["menu_id"]

    def seen_by(self, user_id: str) -> Menu | None:
        """The menu somebody sees: their own, else the default one, else None."""
        menu_id = self.linked_id(user_id) or self.default_id()
        return None if menu_id is None else self.get(menu_id)

    def aliases(self) -> dict[str, str]:
        """Every alias and its menu's id."""
        with self._store.reading() as connection:
            rows = connection.execute("SELECT alias_id, menu_id FROM aliases").fetchall()
        return {row["alias_id"]: row["menu_id"] for row in rows}

    def add_alias(self, alias_id: str, menu_id: str) -> bool:
        """Creates an alias; False if there is one of that id. TooManyAliases past ALIASES_MAX."""
        try:
            with self._store.writing() as connection:
                if connection.execute("SELECT count(*) FROM aliases").fetchone()[0] >= ALIASES_MAX:
                    raise TooManyAliases
                connection.execute(
                    "INSERT INTO aliases (alias_id, menu_id) VALUES (?, ?)", (alias_id, menu_id)
                )
        except sqlite3.IntegrityError:
            return False
        return True

    def change_alias(self, alias_id: str, menu_id: str) -> bool:
        """Points an alias to another menu; False if there is no such alias."""
        with self._store.writing() as connection:
            cursor = connection.execute(
                "UPDATE aliases SET menu_id = ? WHERE alias_id = ?", (menu_id, alias_id)
            )
            return cursor.rowcount == 1

    def delete_alias(self, alias_id: str) -> bool:
        """Removes an alias; False if there is no such alias."""
        with self._store.writing() as connection:
            cursor = connection.execute("DELETE FROM aliases WHERE alias_id = ?", (alias_id,))
            return cursor.rowcount == 1


def _menu(row: sqlite3.Row) -> Menu:
    return Menu(row["menu_id"], json.loads(row["body"]), bool(row["has_image"]))
