"""Events and segments through the API."""

from typing import Any

from handlers.actions.many.segments import add_segment
from rules.broadcasts.broadcast import Whom
from tests.handlers.actions.events.occasions import opened, sitting_at, steps_on
from tests.handlers.api.conftest import Api, System
from tests.handlers.api.resources.test_members import told
from tests.handlers.clubs import DAY, MANAGER


def test_a_member_signs_up_waits_and_gives_up(api: Api, till: System) -> None:
    one, other = till.joins("一人目"), till.joins("二人目")
    event = opened(api.cafe, sitting_at(api.cafe.now + 14 * DAY, places=1))
    place = f"/events/{event}/places"
    body: dict[str, Any] = {"card_number": one, "sitting": 1}
    assert told(till.does(place, **body)) == {"state": "taken", "ahead": 0}
    assert told(till.does(place, **body)) == {"state": "taken", "ahead": 0}
    assert told(till.does(place, card_number=other, sitting=1))["state"] == "waiting"
    [shown] = told(till.asks("/events"))["events"]
    sitting = shown["sittings"][0]
    assert (sitting["places"], sitting["taken"], sitting["waiting"]) == (1, 1, 1)
    assert shown == told(till.asks(f"/events/{event}"))
    assert told(till.does(f"{place}/cancel", card_number=one))["state"] == "declined"
    no = till.does(f"{place}/cancel", card_number=till.joins("三人目"))
    assert told(no, 409)["code"] == "event_none"
    no = till.does(place, card_number=one, sitting=9)
    assert told(no, 409)["code"] == "event_gone"


def test_drafts_and_events_of_other_stores_are_not_there(api: Api, till: System) -> None:
    number = till.joins()
    draft = opened(api.cafe, steps=())
    elsewhere = opened(api.cafe, store="kawabe")
    for event in (draft, elsewhere, 999, 2**40):
        assert till.asks(f"/events/{event}").status_code == 404
        answer = till.does(f"/events/{event}/places", card_number=number, sitting=1)
        assert answer.status_code == 404
    assert told(till.asks("/events"))["events"] == []
    assert len(told(api.system().asks("/events"))["events"]) == 1
    steps_on(api.cafe, elsewhere, "cancel")
    no = api.system().does(f"/events/{elsewhere}/places", card_number=number, sitting=1)
    assert told(no, 409)["code"] == "event_cancelled"


def test_a_segment_is_listed_by_pages_by_those_whose_store_it_concerns(
    api: Api, office: System
) -> None:
    numbers = [office.joins(f"会員{n}", language="en") for n in range(3)]
    office.joins("日本語の会員")
    office.does("/check-ins", code=numbers[0], store="kawabe")
    with api.cafe.work(MANAGER, key="test:segment") as work:
        add_segment(work, "English", Whom(languages=("en",)))
    [named] = told(office.asks("/segments"))["segments"]
    assert named["name"] == "English"
    seen, path = [], f"/segments/{named['segment']}/members?limit=2"
    while path:
        page = told(office.asks(path))
        seen += [each["card_number"] for each in page["members"]]
        path = (page["next"] or "").removeprefix("/api/v1")
    assert seen == numbers
    kawabe = api.system(store="kawabe")
    page = told(kawabe.asks(f"/segments/{named['segment']}/members"))
    assert [each["card_number"] for each in page["members"]] == numbers[:1]
    assert office.asks("/segments/nobody/members").status_code == 404
