"""LINE's webhook: what is kept, what is refused, and how little it minds what comes."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from bot.store.engine.db import StoreBusy
from bot.store.messages import webhook_events
from handlers.chat.claims import LEASE
from handlers.chat.webhook import BODY_BYTES_MAX
from tests.journeys.counting import counting

from .conftest import Person, World, event, text_event


def stored(world: World) -> list[webhook_events.ClaimedEvent]:
    with world.club.store.begin() as uow:
        return webhook_events.claim(uow, now=world.now(), lease=LEASE, limit=100)


def test_the_verify_button_of_the_console_is_answered(world: World) -> None:
    assert world.post([]) == 200
    assert world.waiting() == 0
    assert world.wakes == []


def test_a_signed_event_is_kept_before_the_200_and_wakes_the_workers(world: World) -> None:
    assert world.post([text_event(world.person(), "カード")]) == 200
    assert world.waiting() == 1
    assert len(world.wakes) == 1


def test_a_wrong_signature_is_refused_and_keeps_nothing(world: World) -> None:
    assert world.post([text_event(world.person(), "カード")], signed_with="wrong") == 400
    assert world.waiting() == 0


@pytest.mark.parametrize("headers", [{}, {"X-Line-Signature": ""}, {"X-Line-Signature": "あ"}])
def test_a_missing_signature_is_refused(world: World, headers: dict[str, str]) -> None:
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert world.post_signed('{"events": []}', headers) == 400


@pytest.mark.parametrize("body", ["", "no json", "[]", "{}", '{"events": 3}', "[" * 5000])
def test_what_line_signed_is_answered_200_even_if_it_is_no_webhook(world: World, body: str) -> None:
    assert world.post_body(body) == 200
    assert world.waiting() == 0


def test_an_event_that_makes_no_sense_is_kept_and_done(world: World) -> None:
    odd = [None, 7, "x", {}, {"type": 3}, {"type": "message"}, {"source": {"userId": "U" * 300}}]
    assert world.post(odd) == 200
    assert world.waiting() == len(odd)
    world.handle()
    assert world.waiting() == 0


def test_an_event_without_its_id_is_known_again_by_its_contents(world: World) -> None:
    someone = text_event(world.person(), "カード")
    del someone["webhookEventId"]
    world.post([someone])
    world.post([someone | {"deliveryContext": {"isRedelivery": True}}])
    assert world.waiting() == 1


def test_an_endless_event_id_is_kept_short_enough_for_the_database(any_world: World) -> None:
    long = text_event(any_world.person(), "カード", webhookEventId="X" * 200)
    assert any_world.post([long]) == 200
    assert any_world.post([long]) == 200
    assert any_world.handle() == 1


def test_a_redelivery_much_later_changes_nothing(world: World) -> None:
    person = world.member()
    visit = text_event(person, f"チェックイン {world.code()}")
    world.post([visit])
    world.handle()
    assert person.card.facts.visits == 1
    world.travel(LEASE * 10_000)
    world.post([visit | {"deliveryContext": {"isRedelivery": True}}])
    assert world.handle() == 0
    assert person.card.facts.visits == 1


def test_fifty_deliveries_at_once_change_the_club_once(any_world: World) -> None:
    world = any_world
    person = world.member()
    points = person.card.facts.balance
    visit = text_event(person, f"チェックイン {world.code()}")
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: world.post([visit]), range(50)))
        assert set(statuses) == {200}
        counts = list(threads.map(lambda _: world.handle(), range(4)))
    assert sum(counts) == 1
    assert person.card.facts.visits == 1
    assert person.card.facts.balance == points + 10


def test_what_is_said_in_a_group_is_not_kept(world: World) -> None:
    person = Person(world, "U" + "1" * 32)
    said = text_event(person, "ひみつの話")
    said["source"] = {"type": "group", "groupId": "C" + "2" * 32, "userId": person.user_id}
    world.post([said])
    kept = stored(world)[0].body
    assert "ひみつ" not in json.loads(kept).get("message", {}).get("text", "")
    assert "message" not in json.loads(kept)
    assert "1" * 32 not in kept
    assert "2" * 32 not in kept


def test_the_events_of_several_people_in_one_request_all_happen(world: World) -> None:
    people = [world.person(name) for name in ("さくら", "はな", "うめ")]
    world.post([text_event(person, "カード") for person in people])
    assert world.handle() == 3
    assert {person.card.facts.balance for person in people} == {50}


def test_an_unknown_kind_of_event_is_kept_and_done(world: World) -> None:
    person = world.person()
    world.post([event(person, "somethingNew"), event(person, "videoPlayComplete")])
    world.handle()
    assert world.waiting() == 0
    assert person.account is None


@pytest.mark.parametrize("count", [1, 5])
def test_however_many_come_together_are_kept_by_one_statement(any_world: World, count: int) -> None:
    people = [any_world.person() for _ in range(count)]
    any_world.post([text_event(people[0], "a")])
    with counting(any_world.club.store) as counted:
        assert any_world.post([text_event(person, "カード") for person in people]) == 200
    assert [each.sql.split()[0] for each in counted.statements] == ["INSERT"]
    assert any_world.waiting() == count + 1


def test_of_what_comes_twice_in_one_request_one_is_kept_as_it_came(any_world: World) -> None:
    said = '日本語 "quoted" \\u0000 \0 {}'
    someone = text_event(any_world.person(), said)
    odd = {"type": "something"}
    assert any_world.post([someone, odd, someone, odd]) == 200
    kept = {each.user_id: json.loads(each.body) for each in stored(any_world)}
    assert kept == {someone["source"]["userId"]: someone, None: odd}


def test_what_is_larger_than_anything_line_sends_is_refused(world: World) -> None:
    assert world.post_body(" " * (BODY_BYTES_MAX + 1)) == 413


def test_what_could_not_be_kept_is_not_acknowledged_and_kept_when_line_sends_it_again(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> int:
        raise StoreBusy

    someone = text_event(any_world.person(), "カード")
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(webhook_events, "store", busy)
        assert any_world.post([someone]) == 500
    assert "webhook_failed" in [line["event"] for line in logs]
    assert (any_world.waiting(), any_world.wakes) == (0, [])
    assert any_world.post([someone]) == 200
    assert any_world.waiting() == 1
