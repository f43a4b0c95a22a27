"""Accounts, on both databases."""

from bot.store import Store
from bot.store.staff import staff
from tests.bot.store.staff.conftest import NOW, hired


def test_a_login_is_one_persons(store: Store) -> None:
    hana = hired(store, "hana")
    with store.begin() as uow:
        again = staff.add(
            uow, login="hana", name="x", role="owner", store=None, language="en", at=NOW
        )
    assert again is None
    with store.read() as uow:
        assert staff.by_login(uow, "hana") == staff.get(uow, hana.id) == hana
        assert staff.by_login(uow, "nobody") is None


def test_who_stands_at_a_store_works_there_today(store: Store) -> None:
    hired(store, "hana")
    hired(store, "boss", "owner", None)
    hired(store, "far", branch="kawabe")
    gone = hired(store, "gone")
    with store.begin() as uow:
        staff.change(uow, gone.id, disabled_at=NOW)
        assert [p.login for p in staff.at_store(uow, "ekimae")] == ["boss", "hana"]
        assert [p.login for p in staff.everybody(uow)][-1] == "gone"
        assert staff.owners(uow) == 1
