"""Whom events go to: to nobody inside, and signed so that a receiver knows whose they are."""

from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError

from bot.hooks.addresses import Lookup
from bot.store.hooks import endpoints
from handlers.jobs.hooks.delivery import HookDelivery
from tests.handlers.receivers import Receiver, Telling, understood
from tests.waiting import SECONDS_MAX


def leading_to(*found: list[str]) -> Lookup:
    """A name that leads there, with each question to the next; to the last ever after."""
    told = list(found)

    def ask(_host: str, _port: int) -> list[str]:
        return told.pop(0) if len(told) > 1 else told[0]

    return ask


def test_while_a_secret_changes_both_are_good(
    telling: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    (old,) = telling.secrets(to)
    cafe = telling.cafe
    telling.steps(to, "rotate")
    new, same_old = telling.secrets(to)
    assert same_old == old != new

    cafe.visits(cafe.joins())
    telling.sends()
    cafe.passes(days=7, seconds=1)
    cafe.visits(cafe.joins())
    telling.sends()

    both, late = receiver.told
    assert len(both.headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        assert understood(monkeypatch, both, secret, at=cafe.now - timedelta(days=7))
    assert understood(monkeypatch, late, new, at=cafe.now)
    with pytest.raises(WebhookVerificationError):
        understood(monkeypatch, late, old, at=cafe.now)


def test_the_old_secret_can_be_ended_before(telling: Telling, receiver: Receiver) -> None:
    to = telling.to(receiver.url)
    telling.steps(to, "rotate")

    telling.steps(to, "end_old")

    assert len(telling.secrets(to)) == 1


def test_an_inside_address_is_never_called(telling: Telling, receiver: Receiver) -> None:
    """A name that led outside when it was typed leads to our own network now."""
    inside = receiver.url.replace("127.0.0.1", "hooks.example")
    to = telling.to(inside.replace("http:", "https:"), topics=("visit",))
    asked: list[str] = []

    def rebound(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.7"]

    delivery = HookDelivery(telling.cafe.club, ask=rebound)
    telling.cafe.visits(telling.cafe.joins())
    delivery.finish(seconds_max=SECONDS_MAX)
    delivery.stop()

    assert asked == ["hooks.example"]
    assert receiver.told == []
    (seen,) = telling.deliveries(to)
    assert (seen.status, seen.problem, seen.answer_status) == ("queued", "inside", None)


def test_an_inside_address_is_turned_off_in_the_end(telling: Telling) -> None:
    to = telling.to("https://hooks.example/", topics=("visit",))
    delivery = HookDelivery(telling.cafe.club, ask=leading_to(["169.254.169.254"]))
    cafe = telling.cafe
    cafe.visits(cafe.joins())
    for _ in range(24 * 5):
        delivery.finish(seconds_max=SECONDS_MAX)
        cafe.passes(hours=1)
    delivery.stop()

    assert telling.receiver(to).off_reason == "failing"


def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    telling: Telling, receiver: Receiver
) -> None:
    """The name is asked for once: what a second question would bring is nobody's concern."""
    port = receiver.url.split(":")[2].split("/")[0]
    ask = leading_to(["127.0.0.1"], ["10.0.0.7"])
    delivery = HookDelivery(telling.cafe.club, ask=ask)
    telling.to(f"http://localhost:{port}/hooks", topics=("visit",))
    telling.cafe.visits(telling.cafe.joins())
    delivery.finish(seconds_max=SECONDS_MAX)
    delivery.stop()

    (heard,) = receiver.told
    assert heard.headers["host"] == f"localhost:{port}"


def test_a_secret_that_cannot_be_read_any_more_turns_its_receiver_off(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    with telling.cafe.store.begin() as uow:
        endpoints.change(uow, to, secret="sealed under a key of before")
    telling.cafe.visits(telling.cafe.joins())

    telling.sends()

    assert receiver.told == []
    assert telling.receiver(to).off_reason == "secret"
