"""Points through the API."""

from typing import Any

from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told


def test_points_are_given_and_taken_with_a_reason_and_stand_in_the_log(
    api: Api, till: System
) -> None:
    number = till.joins()
    start = told(till.asks(f"/members/{number}/points"))["balance"]
    came = told(till.does("/points", card_number=number, points=30, reason="お詫び"), 201)
    assert (came["points"], came["balance"]) == (30, start + 30)
    came = told(till.does("/points", card_number=number, points=-10, reason="戻し"), 201)
    assert (came["points"], came["balance"]) == (-10, start + 20)
    told_now = told(till.asks(f"/members/{number}/points"))
    assert told_now["balance"] == sum(lot["points"] for lot in told_now["lots"]) == start + 20
    assert api.cafe.differences(1) == []
    no = till.does("/points", card_number=number, points=-999_999, reason="x")
    assert told(no, 409)["code"] in ("points_short", "points_owner")


def test_points_are_never_sold(till: System) -> None:
    number = till.joins()
    no = till.does("/points", card_number=number, points=100, reason="販売", paid_yen=1000)
    assert told(no, 409)["code"] == "points_sold"


def test_a_system_gives_no_more_in_a_day_than_a_manager(api: Api, till: System) -> None:
    number, limits = till.joins(), api.cafe.timeline.latest.programme.limits
    over = limits.points_max + 1
    no = till.does("/points", card_number=number, points=over, reason="x")
    assert told(no, 409)["code"] == "points_owner"
    given = 0
    while given + limits.points_max <= limits.points_per_day_max:
        body: dict[str, Any] = {"card_number": number, "points": limits.points_max, "reason": "x"}
        assert told(till.does("/points", **body), 201)
        given += limits.points_max
    no = till.does("/points", card_number=number, points=limits.points_max, reason="x")
    assert told(no, 409)["code"] == "points_day"


def test_the_history_is_read_by_pages_and_of_ones_own_store_alone(api: Api, office: System) -> None:
    number = office.joins()
    office.does("/check-ins", code=number, store="ekimae")
    api.cafe.passes(days=1)
    office.does("/check-ins", code=number, store="kawabe")
    seen, path = [], f"/members/{number}/history?limit=1"
    while path:
        page = told(office.asks(path))
        seen += page["entries"]
        path = (page["next"] or "").removeprefix("/api/v1")
    visits = [each for each in seen if each["kind"] == "visit"]
    assert [each["store"] for each in visits] == ["kawabe", "ekimae"]
    assert visits[0]["at"] == "2026-01-06T12:00:00+09:00"
    assert visits[0]["action"].startswith("api:")
    here = told(api.system(store="ekimae").asks(f"/members/{number}/history"))
    assert {each["store"] for each in here["entries"]} == {"ekimae"}
