"""Address labels in a browser: two sheets of A4, and nothing runs out of its label."""

import re
from datetime import timedelta

from playwright.sync_api import Browser

from bot.store.history import programs
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from rules.profile.answers import ADDRESS_MAX
from tests.handlers.profiles import ASKING
from tests.journeys.town import Town

from .shop import PHONE, counter, joins
from .test_access import barriers, barriers_at_all_widths

_OUT_OF_THEIR_LABEL = """[...document.querySelectorAll(".label")]
  .filter((each) => each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth)
  .map((each) => each.innerText)"""
ADDRESSES = (
    "東京都渋谷区渋谷1-2-3",
    "神奈川県横浜市港北区新横浜二丁目100番地45 グランドメゾン新横浜パークサイド1203号室",
    f"東京都千代田区{'丸の内一丁目九番地一' * 20}"[:ADDRESS_MAX],
)


def test_labels_are_printed_on_a4_and_hold_the_longest_address(
    browser: Browser, cafe: Town
) -> None:
    club = cafe.club
    with club.store.begin() as uow:
        programs.publish(uow, ASKING, since=club.now() - timedelta(hours=1))
    club.programmes.forget()
    people = [joins(cafe, f"会員{n}").member.id for n in range(13)]
    with club.store.begin() as uow:
        for n, member in enumerate(people):
            known = Profile("パトリシア・アレクサンドラ・ゴンザレス", postcode="1500002",
                            address=ADDRESSES[n % len(ADDRESSES)])  # fmt: skip
            profiles.put(uow, member, known, at=club.now())
    with counter(browser, cafe, PHONE, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        desk.page.goto(f"{desk.base_url}/staff/labels")
        assert barriers_at_all_widths(desk) == []
        desk.page.get_by_label("お手紙の名前").fill("秋のご案内")
        desk.page.get_by_role("button", name="ラベルを作る").click()
        desk.page.locator(".sheet").first.wait_for()
        assert barriers(desk.page) == []
        assert desk.page.evaluate(_OUT_OF_THEIR_LABEL) == []
        paper = desk.page.pdf(prefer_css_page_size=True)
    # 210 × 297 mm in points.
    sizes = re.findall(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)[\d.]*\]", paper)
    assert sizes == [(b"594", b"841")] * 2
