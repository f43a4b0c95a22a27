"""Cards and check-ins through the API."""

from datetime import timedelta
from typing import Any

import pytest

from bot.codes import RewardUse
from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told


def test_a_card_is_read_however_it_is_shown(api: Api, till: System) -> None:
    number, codes, now = till.joins(), api.codes, api.cafe.now
    shown = {
        "number": f"{number[:5]} {number[5:]}",
        "card": codes.card_code(number, 1),
        "live": codes.live_card(number, 1, now),
    }
    for kind, code in shown.items():
        card = told(till.does("/cards/read", code=code))
        assert (card["kind"], card["member"]["card_number"]) == (kind, number)
        assert (card["reward"], card["voucher"]) == (None, None)
    use = codes.use_code(number, 1, RewardUse("coffee", None), "0" * 16, now)
    card = told(till.does("/cards/read", code=use))
    assert (card["kind"], card["reward"], card["voucher"]) == ("use", "coffee", None)
    assert api.cafe.member(1).facts.visits == 0


@pytest.mark.parametrize(
    ("code", "no"),
    [
        ("1234567890", "mistyped"),
        ("https://line.me/", "link"),
        ("4901234567894", "goods"),
        ("?", "unreadable"),
    ],
)
def test_what_is_no_card_is_refused_by_what_it_is(till: System, code: str, no: str) -> None:
    assert told(till.does("/cards/read", code=code), 409)["code"] == no
    assert told(till.does("/check-ins", code=code), 409)["code"] == no


def test_a_visit_earns_as_the_staffs_scan_does(api: Api, till: System) -> None:
    number = till.joins()
    came = told(till.does("/check-ins", key="k", code=number), 201)
    assert came["points"] == sum(each["points"] for each in came["grants"])
    assert came["points"] > 0
    assert came["balance"] == api.cafe.balance(1)
    assert came["action"] == "api:1:k"
    activity = api.cafe.history(1)[-1].activity
    assert (activity.by, activity.store) == ("api", "ekimae")
    assert getattr(activity.what, "via", None) == "api"
    no = told(till.does("/check-ins", code=number), 409)
    assert no["code"] == "visited_today"
    assert no["again_at"].endswith("+09:00")
    assert api.cafe.differences(1) == []


def test_a_visit_that_a_till_had_kept_counts_for_when_it_was(api: Api, till: System) -> None:
    number = till.joins()
    api.cafe.passes(days=1)
    told(till.does("/check-ins", code=number), 201)
    yesterday = (api.cafe.now - timedelta(hours=20)).isoformat()
    told(till.does("/check-ins", code=number, at=yesterday), 201)
    assert api.cafe.member(1).facts.visits == 2
    for odd in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert till.does("/check-ins", code=number, at=odd).status_code == 409
    for none in ("2026-01-05", "2026-01-05T12:00:00", "1767582000", 1767582000):
        assert till.does("/check-ins", code=number, at=none).status_code == 422
    assert api.cafe.differences(1) == []


def test_a_key_acts_for_its_own_store_alone(till: System, office: System) -> None:
    number = till.joins()
    other: Any = till.does("/check-ins", code=number, store="kawabe")
    assert told(other, 403)["code"] == "other_store"
    assert told(office.does("/check-ins", code=number), 409)["code"] == "store_missing"
    no = office.does("/check-ins", code=number, store="nowhere")
    assert told(no, 409)["code"] == "store_unknown"
    told(till.does("/check-ins", code=number, store="ekimae"), 201)
