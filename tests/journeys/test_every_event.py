"""Every event that LINE documents, and odd ones, through the webhook: 200, and its effect."""

import json
from typing import Any

import pytest

from bot.store.members import line_accounts
from bot.store.messages import webhook_events
from tests.bot.line.examples import EXAMPLES, ODD, SAKURA, sign, webhook
from tests.journeys.town import Town


def _post(town: Town, body: bytes) -> int:
    headers = {"X-Line-Signature": sign(town.channel_secret, body)}
    return int(town.http.post("/callback", data=body, headers=headers).status_code)


def _statuses(town: Town) -> dict[str, int]:
    with town.club.store.read() as uow:
        return webhook_events.counts(uow)


def test_an_event_of_each_kind_is_answered_200_and_handled(cafe: Town) -> None:
    for count, event in enumerate(EXAMPLES.values(), start=1):
        assert _post(cafe, webhook(event)) == 200
        cafe.works()
        assert _statuses(cafe) == {"done": count}


def test_all_events_in_one_request_are_kept_and_handled_each_by_itself(cafe: Town) -> None:
    cafe.simulator.add_account(SAKURA, "さくら")
    every: list[Any] = [*EXAMPLES.values(), *ODD.values()]
    assert _post(cafe, webhook(*every)) == 200
    cafe.works()
    statuses = _statuses(cafe)
    assert set(statuses) == {"done"}
    assert statuses["done"] >= len(EXAMPLES)
    assert cafe.count_members() == 1
    assert cafe.adds_up()


@pytest.mark.parametrize("name", ["follow", "text", "sticker", "image", "beacon_enter"])
def test_anybody_who_speaks_to_us_becomes_a_member(cafe: Town, name: str) -> None:
    _post(cafe, webhook(EXAMPLES[name]))
    cafe.works()
    assert cafe.count_members() == 1


def test_who_does_not_speak_to_us_does_not(cafe: Town) -> None:
    silent = ["unfollow", "unsend", "join", "leave", "member_joined", "member_left"]
    groups = ["text_mentioning_the_bot_in_a_group", "text_in_a_room"]
    standby = EXAMPLES["text"] | {"mode": "standby"}
    for event in [*(EXAMPLES[name] for name in silent + groups), standby]:
        _post(cafe, webhook(event))
    cafe.works()
    assert cafe.count_members() == 0


def test_an_unfollow_after_joining_stops_what_is_pushed(cafe: Town) -> None:
    _post(cafe, webhook(EXAMPLES["follow"]))
    cafe.works()
    _post(cafe, webhook(EXAMPLES["unfollow"]))
    cafe.works()
    with cafe.club.store.read() as uow:
        account = line_accounts.get(uow, SAKURA)
    assert account is not None
    assert account.blocked


def test_the_console_s_verify_button_is_answered_200(cafe: Town) -> None:
    assert _post(cafe, json.dumps({"destination": "U0", "events": []}).encode()) == 200


def test_a_wrong_signature_is_answered_400_and_nothing_is_kept(cafe: Town) -> None:
    body = webhook(EXAMPLES["follow"])
    answer = cafe.http.post("/callback", data=body, headers={"X-Line-Signature": "AAAA"})
    assert answer.status_code == 400
    assert cafe.http.post("/callback", data=body).status_code == 400
    assert _statuses(cafe) == {}
