"""Barcodes of lines at the counter: by camera and hand scanner, with and without network."""

from pathlib import Path

from playwright.sync_api import Playwright

from images.barcode import Barcode, bars
from rules.programme.card import with_check_digit
from tests.journeys.town import Town
from tests.rules.programme.test_card import JAN
from tests.screens.browser import chromium, launched

from .film import film_of, filming_flags
from .shop import counter, joins, visits
from .test_today import publishes

GOODS = "4569951110016"


def test_a_cards_jan_checks_in_by_camera_and_scanner_and_goods_are_told_for_goods(
    playwright: Playwright, cafe: Town, tmp_path: Path
) -> None:
    publishes(cafe, ("\n[points]", JAN))
    filmed, scanned, kept = joins(cafe, "さくら"), joins(cafe, "はな"), joins(cafe, "りん")
    jan = [with_check_digit(f"21{each.member.number}") for each in (filmed, scanned, kept)]
    drawn = bars(Barcode("jan13", jan[0], ""), module=5, height=220).convert("RGB")
    flags = filming_flags(film_of(drawn, tmp_path / "jan.mjpeg"))
    with launched(playwright, chromium(), flags) as filming, counter(filming, cafe) as desk:
        desk.logs_in("owner")
        desk.page.click("#camera-start")
        desk.says("チェックインしました", "さくら", "お名前で確かめて")
        desk.page.click("#camera-stop")
        desk.scans(jan[1], "チェックインしました", "はな")
        desk.scans(GOODS, "商品のバーコードです")
        desk.goes_offline(cafe)
        desk.scans(GOODS, "商品のバーコードです")
        desk.scans(jan[2], "オフラインで受け付けました")
        desk.comes_online(cafe)
        desk.has_sent_all()
    assert [visits(each) for each in (filmed, scanned, kept)] == [1, 1, 1]
