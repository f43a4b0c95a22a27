from bot.store import Store
from bot.store.staff import devices
from tests.bot.store.staff.conftest import HOUR, NOW


def test_a_device_is_known_by_its_token_until_it_is_revoked(store: Store) -> None:
    with store.begin() as uow:
        device = devices.add(uow, name="till", store="ekimae", token_hash="t", by=1, at=NOW)
        devices.note_seen(uow, device.id, at=NOW + 2 * HOUR)
        known = devices.by_token(uow, "t")
        assert known is not None
        assert (known.last_seen_at, known.clock_off_s) == (NOW + 2 * HOUR, None)
        assert devices.get(uow, device.id) == known
        assert devices.revoke(uow, device.id, at=NOW)
        assert not devices.revoke(uow, device.id, at=NOW)
        assert devices.by_token(uow, "t") is None
        assert devices.everything(uow) == []
        assert devices.names(uow) == {device.id: "till"}


def test_a_clock_that_is_off_by_a_little_more_is_no_news(store: Store) -> None:
    with store.begin() as uow:
        device = devices.add(uow, name="till", store="ekimae", token_hash="t", by=1, at=NOW)
        for off_s, known in (
            (3, 3), (33, 3), (-28, -28), (2, -28), (-120, -120),
            # Of a clock in 2099, or in 1900.
            (2_306_498_251, 2**31 - 1), (-4_000_000_000, 1 - 2**31),
        ):  # fmt: skip
            devices.note_clock(uow, device, off_s)
            [device] = devices.everything(uow)
            assert device.clock_off_s == known
