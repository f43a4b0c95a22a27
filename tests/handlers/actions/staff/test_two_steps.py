"""A code is good once, whoever else gives it at the same moment; browsers count by themselves."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from bot.store import Store
from bot.store.staff import browsers, recovery_codes, staff, staff_sessions
from bot.store.staff.staff import StaffMember
from handlers.actions.staff.signing import (
    FREE_TRIES,
    SignInWay,
    count_try,
    sign_in,
    token_hash,
)
from handlers.actions.staff.staffing import disable
from handlers.actions.staff.two_steps import (
    RECOVERY_CODES,
    awaiting,
    enter,
    finish,
    offer,
    offered,
    switch_on,
)
from rules.base import Refusal
from tests.handlers.works import work_on

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
WAY = SignInWay("password", None, "ekimae")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def _hana(store: Store) -> StaffMember:
    with store.begin() as uow:
        person = staff.add(
            uow, login="hana", name="Hana", role="manager", store=None, language="ja", at=NOW
        )
    assert person is not None
    return person


def _enrolled(store: Store) -> tuple[StaffMember, pyotp.TOTP, list[str]]:
    hana = _hana(store)
    with work_on(store, NOW) as work:
        made = offer(work, hana)
        back = offered(work, hana, made.sealed)
        assert back == made
        app = pyotp.TOTP(made.secret)
        codes = switch_on(work, hana, made, app.at(NOW))
    assert isinstance(codes, list)
    return hana, app, codes


def _awaits(store: Store, person: StaffMember) -> str:
    with work_on(store, LATER) as work:
        step = enter(work, person, WAY)
        assert step is not None
        assert step.awaits_code
        assert staff_sessions.running(work.uow, token_hash(step.token), at=LATER) is None
        assert staff_sessions.running_of(work.uow, person.id, at=LATER) == []
    return step.token


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_who_give_one_code_at_once_one_gets_in(store: Store, kind: str) -> None:
    hana, app, codes = _enrolled(store)
    code = app.at(LATER) if kind == "app" else codes[0]
    tokens = [_awaits(store, hana) for _ in range(2)]
    start, done = threading.Barrier(2), list[str | Refusal]()

    def gives(token: str) -> None:
        start.wait()
        with work_on(store, LATER) as work:
            done.append(finish(work, token, code, WAY))

    threads = [threading.Thread(target=gives, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [no] = [each for each in done if isinstance(each, Refusal)]
    [token] = [each for each in done if isinstance(each, str)]
    assert no == Refusal("code_wrong")
    with store.read() as uow:
        assert staff_sessions.running(uow, token_hash(token), at=LATER) is not None
        left = RECOVERY_CODES - (kind == "recovery")
        assert recovery_codes.left(uow, hana.id) == left


def test_who_awaits_a_code_is_out_with_their_account(store: Store) -> None:
    hana, app, _ = _enrolled(store)
    token = _awaits(store, hana)
    with work_on(store, LATER) as work:
        assert awaiting(work, token) is not None
        disable(work, hana.id)
        assert awaiting(work, token) is None
        assert finish(work, token, app.at(LATER), WAY) == Refusal("signed_out")


def test_a_browser_of_before_has_a_count_of_its_own_and_hears_of_new_ones(store: Store) -> None:
    hana = _hana(store)
    with work_on(store, NOW) as work:
        assert sign_in(work, hana, SignInWay("password", None, "ekimae", browser="old"))
        for _ in range(FREE_TRIES + 1):
            assert count_try(work, hana.id, "strange") is not None
        assert count_try(work, hana.id, "strange") is None
        assert count_try(work, hana.id, "old") is not None
        assert browsers.untold(work.uow, hana.id, "old") == []
    with work_on(store, LATER) as work:
        new = SignInWay("password", None, "ekimae", browser="new", browser_name="Mac · Safari")
        assert sign_in(work, hana, new)
        told = browsers.untold(work.uow, hana.id, "old")
        assert [each.name for each in told] == ["Mac · Safari"]
        assert browsers.untold(work.uow, hana.id, "new") == []
        assert browsers.untold(work.uow, hana.id, "never seen") == []
