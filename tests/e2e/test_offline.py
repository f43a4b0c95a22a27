"""The network drops, and nothing is lost or counted twice."""

from playwright.sync_api import Route

from bot.codes import Codes
from tests.journeys.town import Customer, Town

from .shop import Counter, card_code, joins, visits

#: So many scans, of which every fifth is a card that was scanned already.
SCANS = 50
CUSTOMERS = 40


def test_fifty_scans_offline_some_of_them_repeats_count_once_each(
    cafe: Town, desk: Counter
) -> None:
    customers = [joins(cafe, f"客{place}") for place in range(CUSTOMERS)]
    codes = [card_code(customer) for customer in customers]
    codes += codes[: SCANS - CUSTOMERS]
    desk.goes_offline(cafe)
    for place, code in enumerate(codes, 1):
        desk.scans(code, "オフラインで受け付けました")
        assert len(desk.waiting()) == place
    desk.page.locator("#status", has_text=f"オフライン · {SCANS}件 送信待ち").wait_for()
    assert sum(visits(customer) for customer in customers) == 0

    desk.comes_online(cafe)
    desk.has_sent_all()
    assert [visits(customer) for customer in customers] == [1] * CUSTOMERS
    # All of them are shown with what came of them, whoever is on the screen.
    rows = desk.page.locator("#synced-list li")
    assert rows.count() == SCANS
    said = rows.all_inner_texts()
    for place, customer in enumerate(customers):
        mine = [row for row in said if f"客{place}様" in row]
        again = ["本日のご来店は記録済みです"] * (place < SCANS - CUSTOMERS)
        assert len(mine) == 1 + len(again), customer.name
        assert any("チェックインしました" in row or "として記録しました" in row for row in mine)
        assert all(any(words in row for row in mine) for words in again)
    desk.page.locator("#recent-list li", has_text=f"客{CUSTOMERS - 1}様").wait_for()
    # The second scan of a card on one day is refused, and staff are told.
    desk.page.locator("#status", has_text=f"確認 {SCANS - CUSTOMERS}件").click()
    assert desk.page.locator(".refused-row").count() == SCANS - CUSTOMERS
    desk.page.get_by_role("button", name="すべて確認した").click()
    desk.page.locator("#refused").wait_for(state="hidden")
    assert cafe.adds_up()


def test_a_closed_tab_loses_nothing_and_opens_without_network(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    desk.goes_offline(cafe)
    desk.scans(card_code(customer), "オフラインで受け付けました")
    desk.reopens()
    desk.page.locator("#status", has_text="1件 送信待ち").wait_for()
    other = joins_offline(cafe, desk)
    desk.scans(card_code(other), "オフラインで受け付けました")

    desk.comes_online(cafe)
    desk.has_sent_all()
    assert (visits(customer), visits(other)) == (1, 1)


def test_what_was_sent_is_shown_after_the_person_left_the_screen(cafe: Town, desk: Counter) -> None:
    """All that waited is in the list meanwhile, however much; what it came to has names."""
    customers = [joins(cafe, f"席{place}") for place in range(10)]
    desk.goes_offline(cafe)
    for customer in customers:
        desk.scans(card_code(customer), "オフラインで受け付けました")
    waiting = desk.page.locator("#recent-list li", has_text="送信待ち")
    assert waiting.count() == len(customers)
    desk.page.click(".result-close")
    desk.comes_online(cafe)
    desk.has_sent_all()
    sent = desk.page.locator("#synced", has_text="預かった10件を送信しました")
    sent.wait_for()
    for customer in customers:
        sent.locator("li", has_text=f"{customer.name}様").wait_for()
        desk.page.locator("#recent-list li", has_text=f"{customer.name}様").wait_for()
    sent.get_by_role("button", name="この一覧を閉じる").click()
    sent.wait_for(state="hidden")


def test_a_moving_card_is_taken_offline_too(cafe: Town, desk: Counter) -> None:
    customer, club = joins(cafe, "さくら"), cafe.club
    moving = club.codes.live_card(customer.member.number, customer.member.issue, club.now())
    desk.goes_offline(cafe)
    desk.scans(moving, "オフラインで受け付けました")

    desk.comes_online(cafe)
    desk.has_sent_all()
    assert visits(customer) == 1


def test_what_was_not_taken_of_a_kept_scan_is_told(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    desk.goes_offline(cafe)
    desk.page.click("#add-amount")
    desk.page.keyboard.type("80000", delay=150)
    desk.page.keyboard.press("Enter")
    desk.scans(card_code(customer), "オフラインで受け付けました")

    desk.comes_online(cafe)
    desk.has_sent_all()
    assert (visits(customer), customer.member.facts.spend) == (1, 0)
    desk.page.locator("#status", has_text="確認 1件").click()
    row = desk.page.locator(".refused-row", has_text="80,000円は、ふだんよりも大きな金額です")
    row.wait_for()
    # It waits for an answer, whatever else was read.
    desk.page.get_by_role("button", name="すべて確認した").click()
    row.get_by_role("button", name="80,000円で記録する").click()
    row.wait_for(state="hidden")
    assert customer.member.facts.spend == 80_000


def joins_offline(cafe: Town, desk: Counter) -> Customer:
    """Somebody joins by their own phone while the counter has no network."""
    cafe.web.starts()
    customer = joins(cafe, "はると")
    cafe.web.stops()
    return customer


def test_the_browser_sends_what_waits_when_no_page_is_open(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    desk.goes_offline(cafe)
    desk.scans(card_code(customer), "オフラインで受け付けました")
    other = desk.context.new_page()
    desk.page.close()
    desk.comes_online(cafe)
    other.goto(f"{desk.base_url}/staff/more")
    workers = desk.context.new_cdp_session(other)
    found: list[str] = []
    workers.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    workers.send("ServiceWorker.enable")
    desk.page = other
    desk.waits_until(lambda: bool(found))
    wish = {"origin": desk.base_url, "registrationId": found[0], "tag": "kayoi-counter-sync"}
    workers.send("ServiceWorker.dispatchSyncEvent", {**wish, "lastChance": False})

    desk.has_sent_all()
    assert visits(customer) == 1


def test_airplane_mode_in_the_middle_of_a_request_counts_once(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")

    def arrives_but_nothing_comes_back(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    desk.page.route("**/staff/api/scan", arrives_but_nothing_comes_back)
    desk.scans(card_code(customer), "オフラインで受け付けました")
    assert visits(customer) == 1
    assert len(desk.waiting()) == 1

    desk.page.unroute("**/staff/api/scan")
    desk.page.click("#status")
    desk.page.click("#send-now")
    desk.has_sent_all()
    desk.says("チェックインしました", "さくら")
    assert visits(customer) == 1


def test_a_forged_card_is_refused_without_network(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    number = customer.member.number
    forged = Codes("another shop's secret key, just as long").card_code(number, 0)
    real = card_code(customer)
    tampered = real[:10] + ("A" if real[10] != "A" else "B") + real[11:]
    desk.goes_offline(cafe)
    for code in (forged, tampered):
        desk.scans(code, "こちらの会員証ではないようです")
    desk.scans(number[:-1] + str((int(number[-1]) + 1) % 10), "会員番号の入力まちがいのようです")

    assert not desk.waiting()
    desk.comes_online(cafe)


def test_a_scan_that_still_waits_is_taken_back_at_once(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    desk.goes_offline(cafe)
    desk.scans(card_code(customer), "オフラインで受け付けました")
    desk.page.locator("#result").get_by_role("button", name="取り消す").click()
    desk.says("取り消しました")
    assert not desk.waiting()

    desk.comes_online(cafe)
    assert visits(customer) == 0


def test_a_session_that_ended_while_offline_keeps_the_queue(cafe: Town, desk: Counter) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.goes_offline(cafe)
    desk.scans(card_code(customer), "オフラインで受け付けました")
    desk.context.clear_cookies()
    desk.comes_online(cafe)
    desk.page.locator("#status", has_text="ログインが必要です").wait_for()
    desk.scans(card_code(other), "お預かりしました", "ログインすると、自動で送信します")
    desk.page.click("#status")
    assert len(desk.waiting()) == 2

    desk.page.click("#sign-in")
    desk.logs_in("owner")
    desk.has_sent_all()
    assert visits(customer) == visits(other) == 1
