"""With an amount: what of it was paid with points, and what was for goods that never count."""

from bot.store.history import history
from rules.activity import Purchase
from tests.journeys.town import Customer, Town

from .shop import PHONE, Counter, card_code, joins
from .test_keypad import opens_amount, taps


def bought(cafe: Town, who: Customer) -> list[Purchase]:
    """What they bought, as it is recorded."""
    with cafe.club.store.read() as uow:
        past = history.of(uow, who.member.id)
    return [each.activity.what for each in past if isinstance(each.activity.what, Purchase)]


def test_what_was_paid_with_points_and_excluded_goods_are_entered_with_the_amount(
    cafe: Town, desk: Counter
) -> None:
    sakura, page = joins(cafe, "さくら"), desk.page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    done = page.locator("#keypad").get_by_role("button", name="決定")
    opens_amount(desk, "つぎの方")
    for part, figure in (
        ("金額", "1,000"),
        ("うちポイント払い", "300"),
        ("うちギフトカード", "200"),
    ):
        page.locator("#keypad-parts").get_by_role("button", name=part).click()
        taps(desk, figure.replace(",", ""))
        page.locator("#keypad-parts [aria-pressed=true]", has_text=f"{figure}円").wait_for()
    done.click()
    words = "1,000円（うちポイント払い300円・うちギフトカード200円）"
    page.locator("#add-chips", has_text=words).wait_for()
    desk.scans(card_code(sakura), "チェックインしました", f"{words}を付けました")
    page.locator("#recent-list li", has_text=f"ご来店・{words}").wait_for()
    assert bought(cafe, sakura) == [Purchase(1_000, excluded_yen=200, points_used_yen=300)]
    # A part that is more than all is on no receipt.
    opens_amount(desk, "さくら様")
    taps(desk, "500")
    page.locator("#keypad-parts").get_by_role("button", name="うちポイント払い").click()
    taps(desk, "600")
    done.click()
    desk.says("さくら様", "金額")
    assert len(bought(cafe, sakura)) == 1
    page.goto(f"{desk.base_url}/staff/log")
    line = "来店の記録（会計1,000円） · うちポイント払い300円 · うち対象外200円"
    assert line in page.inner_text(".log")
