"""What goes with time, and what never may."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from bot.store import Store
from bot.store.finding import prune, ticks
from bot.store.history import claims
from bot.store.history.claims import Repeat
from bot.store.members import changes
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent
from bot.store.orders import reservations
from bot.store.orders.reservations import Reservation
from bot.store.tables import invitations, link_codes, slips, staff_sessions
from bot.store.tables import ticks as tick_rows
from bot.store.tables import webhook_events as events
from rules.programme.counter import CounterPolicy
from rules.programme.rewards import Reserved
from tests.bot.store.members.test_menus import add

NOW = datetime(2027, 6, 1, 19, 5, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def _claims(store: Store, at: datetime, *keys: str) -> None:
    with store.begin() as uow:
        for key in keys:
            assert claims.claim(uow, key, "asked", at=at) is None
            claims.settle(uow, key, "came")


def _is_claimed(store: Store, key: str) -> bool:
    with store.read() as uow:
        return claims.is_claimed(uow, key)


def test_a_repeat_within_the_window_gets_the_first_answer_to_the_last(store: Store) -> None:
    _claims(store, NOW - prune.CLAIMS_KEPT, "scan:in")
    _claims(store, NOW - prune.CLAIMS_KEPT - SECOND, "scan:out")
    assert prune.prune(store, now=NOW, wall=NOW, most=9) == {"claims": 1}
    with store.begin() as uow:
        assert claims.claim(uow, "scan:in", "asked", at=NOW) == Repeat("came")
        assert claims.claim(uow, "scan:out", "asked", at=NOW) is None


def test_a_telephone_that_was_told_is_known_as_long_as_who_was_a_member(store: Store) -> None:
    _claims(store, NOW - prune.JOININGS_KEPT, f"{claims.TOLD_PHONE}in")
    _claims(store, NOW - prune.JOININGS_KEPT - SECOND, f"{claims.TOLD_PHONE}out")
    assert prune.prune(store, now=NOW, wall=NOW, most=9) == {"claims": 1}
    assert _is_claimed(store, f"{claims.TOLD_PHONE}in")


def test_the_window_is_longer_than_any_device_may_keep_a_scan() -> None:
    longest = CounterPolicy.model_fields["offline_hours_max"].metadata
    hours_max = max(limit.le for limit in longest if hasattr(limit, "le"))
    assert timedelta(hours=hours_max) < prune.CLAIMS_KEPT
    assert min(prune.CODES_KEPT, prune.SLIPS_KEPT) > prune.CLAIMS_KEPT


@pytest.mark.parametrize(
    ("key", "stays"),
    [
        ("line:01ABC:turn", False),
        ("staff:6f1c", False),
        ("use:n0nce", False),
        ("guess:1:2026-01-05:1", False),
        ("beacon:1:2026-01-05", False),
        ("tick:expiry:2026-01-05:1", False),
        ("import:abc:1", True),
        ("api:till:17", True),
        ("tick:birthday:2026:1", True),
        ("tick:anniversary:1:1", True),
        ("offer:lapsed:2026-01-05:1", True),
        ("demo:U1:join", True),
        ("liner:1", True),
    ],
)
def test_only_keys_that_nobody_brings_again_go(store: Store, key: str, stays: bool) -> None:
    _claims(store, NOW - 1000 * DAY, key)
    prune.prune(store, now=NOW, wall=NOW, most=9)
    assert _is_claimed(store, key) == stays


def test_a_run_is_bounded_and_the_next_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _claims(store, NOW - 100 * DAY, *(f"scan:{n}" for n in range(12)))
    _claims(store, NOW, "scan:new")
    monkeypatch.setattr(prune, "CHUNK", 4)
    taken = [prune.prune(store, now=NOW, wall=NOW, most=5).get("claims", 0) for _ in range(4)]
    assert taken == [5, 5, 2, 0]
    assert _is_claimed(store, "scan:new")


def test_ticks_stay_for_more_than_a_year(store: Store) -> None:
    with store.begin() as uow:
        ticks.mark_tick(uow, "tick:nightly:2026-04-27", at=NOW - 400 * DAY)
        ticks.mark_tick(uow, "tick:nightly:2026-04-26", at=NOW - 400 * DAY - SECOND)
    assert prune.prune(store, now=NOW, wall=NOW, most=9) == {"ticks": 1}
    with store.read() as uow:
        assert uow.run(select(tick_rows.c.key)).scalars().all() == ["tick:nightly:2026-04-27"]


def test_finished_events_go_and_what_may_still_be_done_stays(store: Store) -> None:
    with store.begin() as uow:
        for name, days in (("done", 91), ("open", 91), ("failed", 91), ("emptied", 91), ("new", 1)):
            webhook_events.store(uow, [ArrivedEvent(name, "U1", '{"a": 1}')], at=NOW - days * DAY)
        webhook_events.close(uow, "done")
        webhook_events.close(uow, "new")
        for name in ("failed", "emptied"):
            webhook_events.put_aside(uow, name, "Trouble")
        uow.run(events.update().where(events.c.event_id == "emptied").values(body="{}"))
    gone = prune.prune(store, now=NOW, wall=NOW, most=9)
    assert gone == {"webhook_events": 2, "webhook_events_emptied": 1}
    with store.read() as uow:
        left = uow.run(select(events.c.event_id)).scalars().all()
    assert sorted(left) == ["failed", "new", "open"]


def test_a_mark_stays_as_long_as_something_older_may_come(store: Store) -> None:
    assert prune.CHANGES_KEPT >= prune.EVENTS_KEPT
    with store.begin() as uow:
        for field, kept in (("unsent", prune.CHANGES_KEPT), (changes.JOINED, prune.JOININGS_KEPT)):
            assert changes.newest(uow, ["in"], field, at=NOW - kept)
            assert changes.newest(uow, ["out"], field, at=NOW - kept - SECOND)
    assert prune.prune(store, now=NOW, wall=NOW, most=9) == {"last_changes": 2}
    with store.read() as uow:
        for field in ("unsent", changes.JOINED):
            assert changes.last(uow, ["in"], field) is not None
            assert changes.last(uow, ["out"], field) is None


def test_codes_slips_invitations_and_sessions_go_long_after_their_end(store: Store) -> None:
    def rows(ends: datetime, name: str) -> None:
        made = {"created_at": NOW, "expires_at": ends}
        slip = {"code": name, "store": "s", "at": ends, "what": "{}", "until": ends}
        code = {"code": name, "purpose": "link", "member_id": 1, "until": ends}
        with store.begin() as uow:
            uow.run(insert(slips).values(slip))
            uow.run(insert(link_codes).values(code))
            uow.run(insert(invitations).values(token_hash=name, kind="device", name="", **made))
            session = {"token_hash": name, "staff_id": 1, "seen_at": NOW, **made}
            uow.run(insert(staff_sessions).values(session))

    rows(NOW - 401 * DAY, "old")
    rows(NOW - 121 * DAY, "less")
    rows(NOW - 119 * DAY, "late")
    rows(NOW + DAY, "good")
    prune.prune(store, now=NOW, wall=NOW, most=9)
    with store.read() as uow:
        left = {
            table.name: uow.run(select(func.count()).select_from(table)).scalar_one()
            for table in (slips, link_codes, invitations, staff_sessions)
        }
    assert left == {"slips": 3, "link_codes": 2, "invitations": 2, "staff_sessions": 2}


def test_nobody_is_signed_out_because_the_club_travelled(store: Store) -> None:
    row = {"token_hash": "here", "staff_id": 1, "seen_at": NOW, "created_at": NOW}
    with store.begin() as uow:
        uow.run(insert(staff_sessions).values(expires_at=NOW + DAY, **row))
    assert prune.prune(store, now=NOW + 400 * DAY, wall=NOW, most=9) == {}
    assert prune.prune(store, now=NOW, wall=NOW + 400 * DAY, most=9) == {"staff_sessions": 1}


def test_what_was_set_aside_goes_long_after_its_sale(store: Store) -> None:
    owner = add(store, None, number="1")
    with store.begin() as uow:
        for since in (prune.RESERVATIONS_KEPT, prune.RESERVATIONS_KEPT + SECOND):
            what = Reserved("tea", None, 50, NOW - since)
            reservations.add(uow, Reservation(0, 1, owner, owner, what, "main", NOW, "open"))
    assert prune.prune(store, now=NOW, wall=NOW, most=9) == {"reservations": 1}
    assert prune.prune(store, now=NOW, wall=NOW, most=9) == {}
