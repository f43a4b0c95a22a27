"""A demo's database, and somebody who tells of a club of their own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.passwords import hashed
from bot.store import Store
from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.telling import begun_with, with_answers

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
SHOP = {
    "shop": {"name": {"ja": "喫茶あおぞら"}, "legal_name": "青空商店"},
    "stores": [{"id": "main", "name": {"ja": "本店"}, "phone": "03-1234-5678"}],
    "privacy": {
        "purpose": {"ja": "会員証のため"},
        "contact": {"ja": "店頭で"},
        "policy_url": "https://aozora.example.jp/privacy",
    },
}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


@pytest.fixture
def told() -> FirstSteps:
    """Everything that is needed."""
    first = begun_with("cafe")
    return replace(
        first,
        session="0123456789abcdef" * 4,
        text=with_answers(first.text, "shop", SHOP),
        done=frozenset({"template", "shop", "owner"}),
        login="haruka",
        name="青空はるか",
        password_hash=hashed("murasaki-no-kaidan"),
    )
