"""The owner's receivers: made, looked at, turned on and off, and told again."""

import html

import pytest
from sqlalchemy import select

from bot.hooks.addresses import Reach, problem_there
from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.endpoints import EndpointFields, HookEndpoint
from bot.store.tables import hook_deliveries
from handlers.actions.hooks.receivers import add_receiver
from handlers.pages.owner.hooks import writing
from rules.hooks.kinds import TOPICS
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting

KEY = "00000000-0000-4000-8000-00000000000"
URL = "https://hooks.example.jp/kayoi"
FORM = {
    "key": f"{KEY}1",
    "revision": "0",
    "name": "会計",
    "url": URL,
    "topics": "visit",
    "store": "",
}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """What names lead to, without asking the world."""

    def there(address: str, reach: Reach) -> str | None:
        return problem_there(address, reach, ask=lambda _host, _port: ["8.8.8.8"])

    monkeypatch.setattr(writing, "problem_there", there)


@pytest.fixture
def owner(desks: Desks) -> Browser:
    return desks.signed_in("owner", "owner", None)


def every(shop: SmallClub) -> list[HookEndpoint]:
    with shop.store.read() as uow:
        return endpoints.every(uow)


def made(shop: SmallClub, url: str = URL) -> HookEndpoint:
    with shop.work(key=shop.key()) as work:
        add_receiver(work, EndpointFields("会計", url, TOPICS))
    shop.club.hooks.forget()
    return every(shop)[-1]


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_a_receiver_is_added_once_and_its_secret_shown(shop: SmallClub, owner: Browser) -> None:
    for _ in range(2):
        answer = owner.post("/owner/webhooks/new", **FORM)
        assert answer.status_code == 303

    (known,) = every(shop)
    assert known.fields == EndpointFields("会計", URL, ("visit",))
    page = text(owner, f"/owner/webhooks/{known.id}?done=made")
    assert "whsec_" in page
    assert "会計" in text(owner, "/owner/webhooks")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"url": "https://10.0.0.1/"}, "hook_url_inside"),
        ({"url": "http://hooks.example.jp/"}, "hook_url_https"),
        ({"url": "https://a:b@hooks.example.jp/"}, "hook_url_login"),
        ({"url": "nothing"}, "hook_url_shape"),
        ({"name": " "}, "hook_nameless"),
        ({"topics": "weather"}, "hook_topicless"),
        ({"store": "nowhere"}, "store_unknown"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    shop: SmallClub, owner: Browser, typed: dict[str, str], code: str
) -> None:
    answer = owner.post("/owner/webhooks/new", **{**FORM, **typed})

    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert say("ja", f"refusal.{code}.why") in page
    assert 'value="会計"' in page or "name" in typed
    assert every(shop) == []


def test_what_somebody_else_changed_meanwhile_is_told(shop: SmallClub, owner: Browser) -> None:
    known = made(shop)
    path = f"/owner/webhooks/{known.id}/change"
    changed = {**FORM, "revision": str(known.revision), "name": "配送"}
    assert owner.post(path, **changed).status_code == 303

    late = owner.post(path, **{**changed, "key": f"{KEY}2", "name": "会員管理"})

    assert late.status_code == 409
    assert every(shop)[0].fields.name == "配送"


def test_a_receiver_is_turned_off_and_on_and_taken_away(shop: SmallClub, owner: Browser) -> None:
    known = made(shop)
    for n, (step, is_on) in enumerate([("off", False), ("on", True)]):
        answer = owner.post(f"/owner/webhooks/{known.id}/{step}", key=f"{KEY}{n}")
        assert answer.status_code == 303
        assert every(shop)[0].is_on is is_on
        assert [each.id for each in shop.club.hooks.receivers(shop.store)] == [known.id] * is_on
    assert owner.post(f"/owner/webhooks/{known.id}/drop", key=f"{KEY}3").status_code == 303
    assert every(shop) == []
    assert owner.get(f"/owner/webhooks/{known.id}").status_code == 404


def test_a_test_is_sent_once_for_the_form(shop: SmallClub, owner: Browser) -> None:
    known = made(shop)
    for _ in range(2):
        assert owner.post(f"/owner/webhooks/{known.id}/test", key=f"{KEY}1").status_code == 303

    with shop.store.read() as uow:
        (told,) = deliveries.of_endpoint(uow, known.id, most=9)
    assert told.type == "test.sent"


def test_what_a_receiver_answered_is_shown_as_text(shop: SmallClub, owner: Browser) -> None:
    known = made(shop)
    owner.post(f"/owner/webhooks/{known.id}/test", key=f"{KEY}1")
    with shop.store.begin() as uow:
        uow.run(
            hook_deliveries.update().values(
                status="failed", tries=10, answer_status=500, answer="<script>alert(1)</script>"
            )
        )

    page = owner.get(f"/owner/webhooks/{known.id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert say("ja", "owner.hooks.step.again") in page


def test_one_event_and_all_that_failed_are_sent_again(shop: SmallClub, owner: Browser) -> None:
    known = made(shop)
    for n in range(2):
        owner.post(f"/owner/webhooks/{known.id}/test", key=f"{KEY}{n}")
    with shop.store.begin() as uow:
        uow.run(hook_deliveries.update().values(status="failed", tries=10))
        first = uow.run(select(hook_deliveries.c.event_id)).scalars().first()
    again = f"/owner/webhooks/{known.id}/again/{first}"
    assert owner.post(again, key=f"{KEY}5").status_code == 303

    def states() -> list[tuple[str, int]]:
        with shop.store.read() as uow:
            told = deliveries.of_endpoint(uow, known.id, most=9)
        return sorted((each.status, each.tries) for each in told)

    assert states() == [("failed", 10), ("queued", 0)]
    assert owner.post(f"/owner/webhooks/{known.id}/again", key=f"{KEY}6").status_code == 303
    assert states() == [("queued", 0), ("queued", 0)]
    nothing = owner.post(f"/owner/webhooks/{known.id}/again/msg_unknown", key=f"{KEY}7")
    assert nothing.status_code == 409


def test_an_old_secret_is_not_shown_again(shop: SmallClub, owner: Browser) -> None:
    known = made(shop)
    with shop.store.begin() as uow:
        endpoints.change(uow, known.id, secret_at=known.secret_at.replace(year=2020))

    page = text(owner, f"/owner/webhooks/{known.id}")

    assert "whsec_" not in page
    assert say("ja", "owner.hooks.rotate") in page


def test_the_pages_ask_few_questions_however_much_was_told(shop: SmallClub, owner: Browser) -> None:
    known = made(shop)
    for n in range(3):
        owner.post(f"/owner/webhooks/{known.id}/test", key=f"{KEY}{n}")
    for path in ("/owner/webhooks", f"/owner/webhooks/{known.id}"):
        owner.get(path)
        with counting(shop.store) as counted:
            owner.get(path)
        few = len(counted.statements)
        for n in range(10, 20):
            owner.post(f"/owner/webhooks/{known.id}/test", key=f"{KEY[:-1]}{n}")
        with counting(shop.store) as counted:
            owner.get(path)
        assert len(counted.statements) <= few
