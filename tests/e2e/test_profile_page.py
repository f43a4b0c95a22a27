"""The page of one's profile on a phone: no barrier, nothing wider than the screen, and a whole
profile told there without a script, its telephone by the SMS that came."""

import re
from datetime import timedelta

from playwright.sync_api import Browser

from bot.store.history import programs
from handlers.jobs.delivery.sms import SmsDelivery
from handlers.showing.card_links import card_link
from tests.handlers.profiles import ASKING
from tests.journeys.town import Customer, Town

from .shop import counter, joins
from .test_access import barriers, is_wider_than_the_window, small_targets


def sms_of(cafe: Town, customer: Customer) -> str:
    """The SMS that came last to the telephone of whoever is played."""
    SmsDelivery(cafe.club).deliver_due()
    lines = cafe.simulator.lines(customer.user_id)
    return next(str(line.body) for line in reversed(lines) if "確認コード：" in str(line.body))


def test_a_member_tells_a_whole_profile_on_a_phone(browser: Browser, cafe: Town) -> None:
    club = cafe.club
    with club.store.begin() as uow:
        programs.publish(uow, ASKING, since=club.now() - timedelta(seconds=1))
    club.programmes.forget()
    customer = joins(cafe, "さくら")
    number = cafe.simulator.phone_number(customer.user_id)
    with counter(
        browser, cafe, (390, 844), reduced_motion="reduce", java_script_enabled=False
    ) as phone:
        page, base = phone.page, phone.base_url
        page.goto(base + card_link(club, customer.member).removeprefix(club.base_url))
        page.goto(f"{base}/card/me")
        page.get_by_role("link", name="くわしいプロフィール").click()
        page.get_by_label("お名前", exact=True).fill("山田花子")
        page.get_by_label("フリガナ").fill("やまだはなこ")
        page.get_by_label("年代").select_option("over_30")
        page.get_by_label("腰痛の改善").check()
        page.get_by_label(re.compile("同意します")).check()
        page.get_by_label("郵便番号").fill("150-0002")
        page.get_by_label("ご住所", exact=True).fill("東京都渋谷区渋谷1-2-3")
        page.get_by_role("button", name="登録する").click()
        page.get_by_text("登録しました。ありがとうございます。").wait_for()
        page.get_by_label("携帯電話の番号").fill(number)
        page.get_by_role("button", name="確認コードを受け取る").click()
        [code] = re.findall(r"確認コード：(\d{6})", sms_of(cafe, customer))
        page.get_by_label(re.compile("6けたの数字")).fill(code)
        page.get_by_role("button", name="確認する").click()
        page.get_by_text("すべてご登録いただきました").wait_for()
        assert page.get_by_text("（確認済み）").is_visible()
    assert customer.member.facts.counts["profile"] == 1
    with counter(browser, cafe, (390, 844), reduced_motion="reduce") as phone:
        page, base = phone.page, phone.base_url
        page.goto(base + card_link(club, customer.member).removeprefix(club.base_url))
        page.goto(f"{base}/card/me/profile")
        assert barriers(page) == []
        assert not is_wider_than_the_window(page)
        assert small_targets(page) == []
