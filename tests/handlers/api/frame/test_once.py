"""The key of a request: what is asked for twice is done once."""

import pytest

from bot.codes import RewardUse
from tests.handlers.api.conftest import Api, System, body_of


def test_a_repeat_is_answered_the_same_and_does_nothing(api: Api, till: System) -> None:
    number = till.joins()
    first = till.does("/check-ins", key="visit-1", code=number)
    again = till.does("/check-ins", key="visit-1", code=number)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert first.status_code == 201
    assert api.cafe.member(1).facts.visits == 1


def test_a_refusal_is_kept_too(api: Api, till: System) -> None:
    number = till.joins()
    till.does("/check-ins", key="visit-1", code=number)
    first = till.does("/check-ins", key="visit-2", code=number)
    api.cafe.passes(days=1)
    again = till.does("/check-ins", key="visit-2", code=number)
    assert (first.status_code, again.status_code) == (409, 409)
    assert body_of(first)["code"] == body_of(again)["code"] == "visited_today"
    assert till.does("/check-ins", key="visit-3", code=number).status_code == 201


def test_what_came_late_once_may_be_repeated_later_still(api: Api, till: System) -> None:
    number = till.joins()
    at = api.cafe.now.isoformat()
    first = till.does("/check-ins", key="visit-1", code=number, at=at)
    api.cafe.passes(days=30)
    assert till.does("/check-ins", key="visit-1", code=number, at=at).json == first.json
    late = till.does("/check-ins", key="visit-2", code=number, at=at)
    assert body_of(late)["code"] == "too_old"


def test_a_repeat_counts_though_the_code_that_was_shown_is_over(api: Api, till: System) -> None:
    number, codes = till.joins(), api.codes
    shown = codes.use_code(number, 1, RewardUse("coffee"), "0" * 16, api.cafe.now)
    first = till.does("/check-ins", key="visit-1", code=shown)
    assert first.status_code == 201
    api.cafe.passes(hours=1)
    assert till.does("/check-ins", key="visit-1", code=shown).json == first.json
    late = till.does("/check-ins", key="visit-2", code=shown)
    assert body_of(late)["code"] == "use_expired"


def test_other_contents_under_the_same_key_are_refused(till: System) -> None:
    one, other = till.joins(), till.joins("佐藤")
    till.does("/check-ins", key="visit-1", code=one)
    answer = till.does("/check-ins", key="visit-1", code=other)
    assert (answer.status_code, body_of(answer)["code"]) == (422, "idempotency_key_reused")


def test_the_key_of_one_system_is_not_anothers_but_of_its_next_one(api: Api) -> None:
    made = api.key()
    one = System(api.app.test_client(), made.token)
    renewed = System(api.app.test_client(), api.key(follows=made.key.id).token)
    other = api.system()
    first = one.does("/members", key="join", name="山田", agreed=True)
    assert renewed.does("/members", key="join", name="山田", agreed=True).json == first.json
    assert other.does("/members", key="join", name="山田", agreed=True).json != first.json


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_missing"),
        ("a b", "idempotency_key_malformed"),
        ("x" * 101, "idempotency_key_malformed"),
    ],
)
def test_a_write_needs_a_key_that_can_be_read(office: System, sent: str | None, code: str) -> None:
    headers = office.headers(**({"Idempotency-Key": sent} if sent is not None else {}))
    body = {"name": "山田", "agreed": True}
    answer = office.client.post("/api/v1/members", json=body, headers=headers)
    assert (answer.status_code, body_of(answer)["code"]) == (400, code)


def test_quotes_around_a_key_are_no_part_of_it(office: System) -> None:
    """As the IETF's draft writes it, and as most people do."""
    first = office.does("/members", key='"join-1"', name="山田", agreed=True)
    again = office.does("/members", key="join-1", name="山田", agreed=True)
    assert first.json == again.json
