from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Store
from bot.store.staff import staff
from bot.store.staff.staff import Role, StaffMember

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def hired(
    store: Store, login: str, role: Role = "staff", branch: str | None = "ekimae"
) -> StaffMember:
    with store.begin() as uow:
        person = staff.add(
            uow, login=login, name=login, role=role, store=branch, language="ja", at=NOW
        )
    assert person is not None
    return person
