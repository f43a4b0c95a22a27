"""The owner sees which orders wait for somebody, why, and what to do; managers their store's."""

import re
from datetime import UTC, datetime
from typing import Any

from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.membership import change_membership
from handlers.actions.orders.receiving import OrderOutcome, Seller, receive_order
from handlers.pages.owner.systems import waiting
from rules.orders.order import Order
from tests.handlers.clubs import MANAGER
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counter.test_today import joins
from tests.journeys.counting import counting


def left(desks: Desks) -> Member:
    """Somebody with a card, who has left."""
    member_id = joins(desks.club)
    with desks.club.work("member", key="line:left") as work:
        assert change_membership(work, member_id, "left", at=work.now).done
    with desks.club.store.read() as uow:
        known = members.get(uow, member_id)
    assert known is not None
    return known


def again(owner: Browser, name: str) -> str:
    """The page after the button beside that order was pressed."""
    owner.get("/owner/orders")
    answer = owner.post("/owner/orders/again", system="square", order=name)
    assert answer.status_code == 303
    return owner.get(answer.location).text


def told(
    desks: Desks, name: str, card: str = "", store: str = "ekimae", **more: Any
) -> OrderOutcome:
    """A sale of 2,000 yen of a connected shop."""
    with desks.club.work("api") as work:
        order = {
            "id": name, "number": f"#{name}", "sold_at": work.now, "updated_at": work.now,
            "lines": [{"item": "B-200", "yen": 2_000}], "buyer": {"card": card},
            **more,
        }  # fmt: skip
        return receive_order(work, Seller("square", store), Order.model_validate(order))


def test_nothing_waits(owner: Browser) -> None:
    page = owner.get("/owner/orders").text
    assert "付けられなかった注文はありません。" in page
    assert "受け取りを待っている注文はありません。" in page


def test_what_waits_says_why_and_what_to_do(desks: Desks, owner: Browser) -> None:
    sakura = left(desks)
    assert told(desks, "1001", sakura.number).refused == "left"
    code = told(desks, "1002").slip
    page = owner.get("/owner/orders").text
    for words in ("#1001", "Square", "駅前店", "2,000円", "さくら", "ご購入のとき、退会中でした"):
        assert words in page, words
    assert 'href="/owner/members/' in page
    assert "#1002" in page
    assert owner.get(f"/staff/slips/{code}").status_code == 200
    assert f"/staff/slips/{code}" in page
    # Its reason stands: so does the order.
    assert "まだ付けられません。ご購入のとき、退会中でした" in again(owner, "1001")
    with desks.club.work(MANAGER, key="staff:undo") as work:
        assert undo(work, UndoRequest(sakura.id, "line:left", "間違い")).done
    page = again(owner, "1001")
    assert "付けました。" in page
    assert "#1001" not in page
    assert [each.action for each in desks.logged()].count("order_again") == 2


def test_a_manager_sees_and_tries_their_own_store_s(desks: Desks, owner: Browser) -> None:
    sakura = left(desks)
    told(desks, "1001", sakura.number)
    told(desks, "1002", sakura.number, store="kawabe")
    told(desks, "1003", store="kawabe")
    manager = desks.signed_in("mika", "manager", "ekimae")
    page = manager.get("/owner/orders").text
    assert [name in page for name in ("#1001", "#1002", "#1003")] == [True, False, False]
    assert "この注文は、もう待っていません" in again(manager, "1002")
    page = owner.get("/owner/orders").text
    assert all(name in page for name in ("#1001", "#1002", "#1003"))


def test_many_stand_on_several_pages_and_cost_no_more(desks: Desks, owner: Browser) -> None:
    sakura = left(desks)
    told(desks, "0", sakura.number)
    owner.get("/owner/orders")
    with counting(desks.club.store) as few:
        owner.get("/owner/orders")
    for n in range(1, waiting.PAGE + 3):
        told(desks, str(n), sakura.number)
    with counting(desks.club.store) as many:
        page = owner.get("/owner/orders").text
    assert len(many.statements) <= len(few.statements)
    assert page.count("</form>") > waiting.PAGE
    older = re.search(r'href="(/owner/orders\?refused=[^"]+)"', page)
    assert older is not None
    rest = owner.get(older[1].replace("&amp;", "&")).text
    assert re.findall(r"#(\d+)", rest.partition('id="unclaimed"')[0])[:1] == ["2"]
    assert "#0" in rest
    assert f"#{waiting.PAGE + 2}" not in rest


def test_an_address_that_names_no_place_shows_the_first_page(owner: Browser) -> None:
    far = "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"
    for query in ("refused=x", "refused=2026-01-01", "unclaimed=1&order=1"):
        assert owner.get(f"/owner/orders?{query}").status_code == 200
    for at in far:
        assert owner.get(f"/owner/orders?refused={at}").status_code == 200
        assert owner.get(f"/staff/inbox?show=answered&before={at}").status_code == 200


def test_a_sale_of_a_year_that_is_none_is_shown_as_of_now(desks: Desks, owner: Browser) -> None:
    far = datetime.max.replace(tzinfo=UTC)
    told(desks, "1001", left(desks).number, sold_at=far)
    told(desks, "1002", sold_at=far)
    answer = owner.get("/owner/orders")
    assert answer.status_code == 200
    assert "#1001" in answer.text
    assert "9999" not in answer.text
