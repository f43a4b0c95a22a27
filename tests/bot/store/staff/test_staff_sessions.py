from datetime import datetime

import pytest

from bot.store import Store
from bot.store.staff import devices, staff_sessions
from tests.bot.store.staff.conftest import HOUR, NOW, hired


def test_a_session_runs_until_its_end_or_until_it_is_revoked(store: Store) -> None:
    hana, ken = hired(store, "hana"), hired(store, "ken")
    with store.begin() as uow:
        for token, person, device in (("a", hana, None), ("b", hana, 7), ("c", ken, 7)):
            staff_sessions.start(
                uow, token, staff_id=person.id, device_id=device, at=NOW, until=NOW + HOUR
            )

    def running(at: datetime = NOW) -> list[str]:
        with store.read() as uow:
            return [t for t in "abc" if staff_sessions.running(uow, t, at=at)]

    assert running() == ["a", "b", "c"]
    assert running(NOW + HOUR) == []
    with store.begin() as uow:
        assert staff_sessions.revoke_of(uow, staff_id=hana.id, at=NOW, but="a") == 1
    assert running() == ["a", "c"]
    with store.begin() as uow:
        assert staff_sessions.revoke_of(uow, device_id=7, at=NOW) == 1
        assert staff_sessions.revoke(uow, "a", at=NOW)
        assert not staff_sessions.revoke(uow, "a", at=NOW)
        with pytest.raises(ValueError, match="person or a device"):
            staff_sessions.revoke_of(uow, at=NOW)
    assert running() == []


def test_who_is_signed_in_comes_with_the_device_if_it_is_one(store: Store) -> None:
    hana = hired(store, "hana")
    with store.begin() as uow:
        till = devices.add(uow, name="till", store="ekimae", token_hash="t", by=1, at=NOW)
        for token, device_id in (("a", till.id), ("b", None)):
            staff_sessions.start(
                uow, token, staff_id=hana.id, device_id=device_id, at=NOW, until=NOW + HOUR
            )
    with store.glance() as uow:
        found = [staff_sessions.running(uow, token, at=NOW) for token in "ab"]
    assert [(one.person, one.device) for one in found if one] == [(hana, till), (hana, None)]
