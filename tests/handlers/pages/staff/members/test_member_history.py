"""What was bought, on the member's page: read line by line, and brought back by pieces."""

from handlers.actions.counter.purchase import purchase
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from rules.orders.lines import ReceiptLine, bought_lines
from rules.programme.purchases import PurchasePolicy

from ..conftest import Browser, Desks
from .test_members import card, sends, somebody

BEANS = ReceiptLine(item="B-200", name="深煎り <豆>", category="beans", quantity=3, yen=3_000)


def test_goods_of_a_receipt_with_lines_are_brought_back_by_the_piece(
    desks: Desks, staff: Browser
) -> None:
    number = somebody(desks, "U1", visits=1)
    path = f"/staff/members/{number}"
    before = card(desks, number).facts
    with desks.club.work() as work:
        lines = bought_lines(PurchasePolicy(), [BEANS])
        who = card(desks, number).id
        request = Request(who, Purchase(3_000), desks.club.now(), "ekimae", lines=lines)
        assert purchase(work.acting("api").under("api:till:1"), request).done
    bought = str(card(desks, number).seq)
    page = staff.get(path).text
    assert "深煎り &lt;豆&gt;×3　3,000円" in page
    assert "深煎り &lt;豆&gt;（3点まで）" in page
    back = {"seq": bought, "pieces-1": "２"}
    assert "返品を記録しました" in sends(staff, f"{path}/return", 1, **back).text
    # Tapped twice, it is one return.
    page = sends(staff, f"{path}/return", 1, **back).text
    assert "3,000円（うち2点はご返品）" in page
    assert "（1点まで）" in page
    facts = card(desks, number).facts
    assert (facts.spend, facts.balance) == (1_000, before.balance + 10)
    for key, typed in enumerate(("2", "x", "-1"), 2):
        refused = sends(staff, f"{path}/return", key, **{"seq": bought, "pieces-1": typed})
        assert "お買い上げの点数と合いません" in refused.text
    sends(staff, f"{path}/return", 5, **{"seq": bought, "pieces-1": "1"})
    facts = card(desks, number).facts
    assert (facts.spend, facts.balance) == (0, before.balance)
    assert f'action="{staff.address(path)}/return"' not in staff.get(path).text
