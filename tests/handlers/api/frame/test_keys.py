"""Keys: who is let in, to what, and how often."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot.store import tables
from bot.store.staff import api_keys
from handlers.actions.staff import api_keys as making
from handlers.actions.staff.api_keys import end_key
from handlers.api.frame import keys
from tests.handlers.api.conftest import Api, System, body_of
from tests.journeys.counting import counting


def code(answer: TestResponse) -> str:
    return str(body_of(answer)["code"])


def test_whoever_shows_no_key_hears_how_to_show_one(api: Api) -> None:
    client = api.app.test_client()
    for shown in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}):
        answer = client.get("/api/v1/members", headers=shown)
        assert (answer.status_code, code(answer)) == (401, "key_missing")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Kayoi"'


def test_a_wrong_key_an_ended_one_and_one_that_ran_out_hear_the_same(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, over = api.key(), api.key()
    with api.cafe.club.work(api.owner()) as work:
        assert not isinstance(end_key(work, ended.key.id), type(None))
    wall = api.cafe.club.wall
    told = [System(api.app.test_client(), t).asks("/members") for t in ("kayoi_no", ended.token)]
    ahead = wall.now() + timedelta(days=31)
    monkeypatch.setattr(type(wall), "now", lambda _self: ahead)
    told.append(System(api.app.test_client(), over.token).asks("/members"))
    assert {(each.status_code, each.text, each.headers["WWW-Authenticate"]) for each in told} == {
        (401, told[0].text, 'Bearer realm="Kayoi", error="invalid_token"')
    }


def test_a_key_works_through_its_last_day_in_the_shops_zone(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = api.key()
    shop = api.cafe.timeline.latest.programme.shop
    assert shop.local(made.key.expires_at).strftime("%H:%M:%S") == "00:00:00"
    last = made.key.expires_at - timedelta(seconds=1)
    monkeypatch.setattr(type(api.cafe.club.wall), "now", lambda _self: last)
    assert System(api.app.test_client(), made.token).asks("/members").status_code == 200


def test_a_scope_that_is_missing_is_named(api: Api) -> None:
    answer = api.system("visits").asks("/members")
    assert (answer.status_code, code(answer)) == (403, "scope")
    assert body_of(answer)["scope"] == "members:read"
    assert 'scope="members:read"' in answer.headers["WWW-Authenticate"]


def test_the_database_knows_no_key_and_the_log_says_who_made_one(api: Api) -> None:
    made = api.key("visits")
    with api.cafe.store.read() as uow:
        kept = api_keys.get(uow, made.key.id)
        rows = uow.run(tables.api_keys.select()).mappings().all()
    assert kept is not None
    assert made.token not in str([dict(row) for row in rows])
    assert made.token.startswith(kept.prefix)
    assert len(made.token) - len(kept.prefix) > 30


def test_the_day_of_its_last_use_is_noted_once_a_day(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, wall = api.key(), api.cafe.club.wall
    system = System(api.app.test_client(), made.token)
    tomorrow = api.cafe.timeline.latest.programme.shop.local(wall.now()) + timedelta(days=1)
    noon = tomorrow.replace(hour=12)

    def used(at: datetime) -> tuple[date | None, bool]:
        """The day that is known then, and whether anything was written."""
        monkeypatch.setattr(type(wall), "now", lambda _self: at)
        with counting(api.cafe.store) as counted:
            assert system.asks("/members").status_code == 200
        with api.cafe.store.read() as uow:
            kept = api_keys.get(uow, made.key.id)
        assert kept is not None
        return kept.used_on, any("UPDATE api_keys" in each.sql for each in counted.statements)

    day = noon.date()
    assert used(noon) == (day, True)
    assert used(noon + timedelta(hours=11)) == (day, False)
    assert used(noon + timedelta(hours=13)) == (day + timedelta(days=1), True)


def test_a_system_that_asks_too_often_is_told_when_to_come_again(api: Api) -> None:
    api.app.config[keys._RATE] = 2
    made = api.key()
    one = System(api.app.test_client(), made.token)
    # A second key of the same system is no second share.
    other = System(api.app.test_client(), api.key(follows=made.key.id).token)
    first, second, third = one.asks("/members"), other.asks("/members"), one.asks("/members")
    left = [each.headers["RateLimit-Remaining"] for each in (first, second, third)]
    assert left == ["1", "0", "0"]
    assert (third.status_code, code(third)) == (429, "too_often")
    assert 1 <= int(third.headers["Retry-After"]) <= 60
    assert third.headers["Retry-After"] == third.headers["RateLimit-Reset"]
    assert api.system().asks("/members").status_code == 200


def test_of_two_made_at_once_one_is_the_last(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.key()
    monkeypatch.setattr(making, "KEYS_MAX", 2)
    within, may_end, add = Event(), Event(), api_keys.add

    def waits(*asked: Any) -> Any:
        made = add(*asked)
        if not within.is_set():
            within.set()
            assert may_end.wait(20)
        return made

    monkeypatch.setattr(api_keys, "add", waits)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(api.key)
        assert within.wait(20)
        other = pool.submit(api.key)
        # It waits for the first, or would be through by now.
        wait([other], timeout=0.5)
        may_end.set()
        assert one.result().key.id
        with pytest.raises(AssertionError, match="keys_many"):
            other.result()
