"""Members through the API."""

from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from bot.store.members import consents, mergers, profiles
from handlers.actions.members.membership import erase
from tests.handlers.api.conftest import Api, System, body_of


def told(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    return body_of(answer)


def test_a_member_who_joins_at_a_till_is_one_like_on_paper(api: Api, till: System) -> None:
    answer = till.does(
        "/members", name="  山田 さくら ", kana="やまだ さくら", phone="090-1234-5678",
        birthday={"month": 5, "day": 12, "year": 1983}, agreed=True,
    )  # fmt: skip
    joined = told(answer, 201)
    number = joined["card_number"]
    assert answer.headers["Location"] == f"/api/v1/members/{number}"
    member = told(till.asks(f"/members/{number}"))
    assert (member["name"], member["kana"]) == ("山田 さくら", "やまだ さくら")
    assert member["phone"] == "+819012345678"
    assert member["birthday"] == {"month": 5, "day": 12, "year": 1983}
    assert (member["source"], member["membership"], member["visits"]) == ("api", "active", 0)
    assert member["points"] == joined["came"]["balance"] == joined["came"]["points"]
    assert member["joined_at"] == "2026-01-05T12:00:00+09:00"
    with api.cafe.store.read() as uow:
        agreed = consents.of(uow, 1)
    assert [each.kind for each in agreed] == ["purpose"]
    assert api.cafe.differences(1) == []


def test_nobody_joins_without_agreeing_nor_a_child_without_a_guardian(till: System) -> None:
    assert till.does("/members", name="山田", agreed=False).status_code == 422
    assert till.does("/members", name="山田").status_code == 422
    child = {"month": 5, "day": 12, "year": 2018}
    no = till.does("/members", name="山田", agreed=True, birthday=child)
    assert told(no, 409)["code"] == "guardian_missing"
    yes = till.does("/members", name="山田", agreed=True, birthday=child, guardian_agreed=True)
    assert yes.status_code == 201


def test_a_telephone_that_is_known_is_told_before_a_second_card_is_made(till: System) -> None:
    first = till.joins(phone="090-1234-5678")
    no = till.does("/members", name="山田", agreed=True, phone="09012345678")
    assert told(no, 409)["code"] == "phone_known"
    second = till.joins(phone="+81 90 1234 5678", another=True)
    found = told(till.asks("/members?phone=090-1234-5678"))
    assert [each["card_number"] for each in found["members"]] == [first, second]
    assert found["next"] is None
    assert told(till.asks("/members?phone=03-0000"))["members"] == []


def test_a_day_that_no_calendar_has_is_refused(till: System) -> None:
    no = till.does("/members", name="山田", agreed=True, birthday={"month": 2, "day": 30})
    assert told(no, 409)["code"] == "birthday_unread"


def test_the_list_goes_on_after_the_last_one_of_a_page(office: System) -> None:
    numbers = [office.joins(f"会員{n}") for n in range(5)]
    seen, path = [], "/members?limit=2"
    while path:
        page = told(office.asks(path))
        seen += [each["card_number"] for each in page["members"]]
        path = (page["next"] or "").removeprefix("/api/v1")
    assert seen == numbers
    assert told(office.asks("/members?after=nothing"), 404)["code"] == "page"


def test_a_key_of_one_store_lists_those_of_the_store(api: Api, office: System) -> None:
    here, there = office.joins("駅前の人"), office.joins("川辺の人")
    office.does("/check-ins", code=here, store="ekimae")
    office.does("/check-ins", code=there, store="kawabe")
    page = told(api.system(store="kawabe").asks("/members"))
    assert [each["name"] for each in page["members"]] == ["川辺の人"]


def test_the_newer_word_on_a_profile_counts_whichever_comes_first(api: Api, office: System) -> None:
    number, now = office.joins(phone="090-1234-5678"), api.cafe.now
    newer, older = now + timedelta(hours=2), now + timedelta(hours=1)
    api.cafe.passes(hours=3)
    path = f"/members/{number}"
    told(office.does(path, method="PATCH", at=newer.isoformat(), name="山田 花"))
    member = told(
        office.does(path, method="PATCH", at=older.isoformat(), name="古い名", kana="やまだ はな")
    )
    assert (member["name"], member["kana"]) == ("山田 花", "やまだ はな")
    assert member["phone"] == "+819012345678"
    member = told(office.does(path, method="PATCH", phone="", language="en"))
    assert (member["phone"], member["language"]) == (None, "en")
    with api.cafe.store.read() as uow:
        assert profiles.with_phone(uow, "+819012345678") == []
    no = office.does(path, method="PATCH", phone="12")
    assert told(no, 409)["code"] == "phone_unknown"


def test_a_membership_rests_ends_and_goes_on(api: Api, office: System) -> None:
    number = office.joins()
    path = f"/members/{number}/membership"
    for state in ("paused", "left", "active"):
        told(office.does(path, state=state))
        assert told(office.asks(f"/members/{number}"))["membership"] == state
    assert told(office.does(path, state="active"), 409)["code"] == "membership_same"
    assert office.does(path, state="asleep").status_code == 422
    assert api.cafe.differences(1) == []


def test_whoever_was_erased_is_nobody_any_more(api: Api, office: System) -> None:
    number = office.joins()
    first = told(office.does("/members", key="second", name="佐藤", agreed=True), 201)
    with api.cafe.club.work("member", key="test:erase") as work:
        erase(work, 1)
    with api.cafe.club.work("member", key="test:erase2") as work:
        erase(work, 2)
    assert office.asks(f"/members/{number}").status_code == 404
    assert told(office.asks("/members"))["members"] == []
    again = told(office.does("/members", key="second", name="佐藤", agreed=True), 201)
    assert again["came"] == first["came"]
    assert again["card_number"] == "0000000000"
    with api.cafe.store.read() as uow:
        assert mergers.absorbed(uow, 1) == []
