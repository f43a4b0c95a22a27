"""A share's page: marked as advertising, and proven by people alone, never by its own member."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from bot.store.heard import shares
from bot.store.heard.shares import Share
from handlers.actions.counter.extras import Extras, add_extras
from handlers.actions.heard.sharing import make_share
from handlers.actions.members.membership import erase
from handlers.actions.members.profile import choose_language
from rules.base import LANGS
from rules.wording.texts import say
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DESK, SmallClub, club_on
from tests.handlers.pages.conftest import browser_of
from tests.rules.examples import CAFE

SAKURA = "U" + "1" * 32
STAFF = 'needs_staff = true\n\n[[earning]]\nid = "streak"'


@pytest.fixture
def cafe(fresh_sqlite: FreshDatabase) -> Iterator[SmallClub]:
    with fresh_sqlite() as url, club_on(url, CAFE.replace(STAFF, STAFF[19:])) as opened:
        yield opened


def shares_it(cafe: SmallClub, member_id: int) -> str:
    """The path of a new share's page."""
    with cafe.work() as work:
        share = make_share(work.acting("member"), member_id, 3, at=work.now)
    return f"/pr/{share.code}"


@dataclass
class Wall:
    """The wall's clock, by which links are as old as they are."""

    ahead: int = 0


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    clock, now = Wall(), TimestampSigner(b"-").get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + clock.ahead)
    return clock


def comes(path: str, browser: FlaskClient, wall: Wall, *, seconds: int = 5) -> None:
    """Somebody opens the page, and touches it some seconds later."""
    token = re.findall(r'data-token="([^"]+)"', browser.get(path).get_data(as_text=True))[0]
    wall.ahead += seconds
    assert browser.post(f"{path}/seen", data={"token": token}).status_code == 204


def balance(cafe: SmallClub, member_id: int) -> int:
    return cafe.member(member_id).facts.balance


def kept(cafe: SmallClub, member_id: int) -> Share:
    with cafe.club.store.read() as uow:
        found = shares.newest(uow, (member_id,))
    assert found is not None
    return found


def test_its_page_and_its_preview_say_pr(cafe: SmallClub) -> None:
    browser = browser_of(cafe.club)
    answer = browser.get(shares_it(cafe, cafe.joins(SAKURA)))
    page = answer.get_data(as_text=True)
    assert '<meta property="og:title" content="【PR】通い路珈琲で、ほっとひと息">' in page
    assert "<strong>PR</strong>" in page
    assert "特典つきでご紹介しています" in page
    picture = urlsplit(re.findall(r'og:image" content="([^"]+)"', page)[0]).path
    assert browser.get(picture).mimetype == "image/jpeg"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_its_page_is_read_in_either_language_whichever_its_member_speaks(cafe: SmallClub) -> None:
    member_id, browser = cafe.joins(SAKURA), browser_of(cafe.club)
    path = shares_it(cafe, member_id)
    for speaks in LANGS:
        with cafe.work() as work:
            choose_language(work, member_id, speaks, at=work.now)
        cafe.passes(minutes=1)
        page = browser.get(path).text
        for reads in (speaks, re.findall(r'href="\?lang=(..)"', page)[0]):
            page = browser.get(f"{path}?lang={reads}").text
            assert f'<html lang="{reads}"' in page
            assert say(reads, "share.page.open") in page
        assert reads != speaks
    # Whoever joins by it was brought by the member.
    assert re.search(r"oaMessage/[^\"]+%E7%B4%B9%E4%BB%8B", page)


def test_the_first_person_who_comes_proves_it_once(cafe: SmallClub, wall: Wall) -> None:
    member = cafe.joins(SAKURA)
    path, before = shares_it(cafe, member), balance(cafe, member)
    comes(path, browser_of(cafe.club), wall)
    assert balance(cafe, member) == before + 20
    assert kept(cafe, member).proven_by == "link"
    comes(path, browser_of(cafe.club), wall)
    assert balance(cafe, member) == before + 20


def test_a_look_alone_a_hasty_machine_and_a_made_up_token_prove_nothing(
    cafe: SmallClub, wall: Wall
) -> None:
    member = cafe.joins(SAKURA)
    path, before = shares_it(cafe, member), balance(cafe, member)
    bot = browser_of(cafe.club)
    for agent in ("facebookexternalhit/1.1", "Twitterbot/1.0", "LINE/1.0 line-poker"):
        bot.get(path, headers={"User-Agent": agent})
    # Within a second of the page.
    comes(path, bot, wall, seconds=0)
    other = shares_it(cafe, cafe.joins("U" + "2" * 32))
    token = re.findall(r'data-token="([^"]+)"', bot.get(other).get_data(as_text=True))[0]
    for made_up in ("", "x", token):
        bot.post(f"{path}/seen", data={"token": made_up})
    assert balance(cafe, member) == before
    assert kept(cafe, member).opened_at is None
    there = bot.get("/pr/NOBODYS")
    assert (there.status_code, there.location) == (303, cafe.club.programme_link("ja"))
    # It isn't even looked up, lest anybody could have others wait for the database.
    with cafe.store.begin():
        assert bot.post("/pr/NOBODYS/seen", data={"token": "x"}).status_code == 404


def test_nobody_proves_their_own_share_nor_does_the_shop(cafe: SmallClub, wall: Wall) -> None:
    member = cafe.joins(SAKURA)
    path, before = shares_it(cafe, member), balance(cafe, member)
    own = cafe.club.codes.sign("own_share", kept(cafe, member).code)
    phone = browser_of(cafe.club)
    phone.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    there = phone.get(f"{path}?own={own}")
    assert (there.status_code, there.headers["Location"]) == (303, path)
    comes(path, phone, wall)
    # The same telephone without its cookies, and a browser of the staff's.
    bare = browser_of(cafe.club)
    bare.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    comes(path, bare, wall)
    shops = browser_of(cafe.club)
    for name in ("kayoi_device", "__Host-kayoi_device"):
        shops.set_cookie(name, "t", domain="localhost", secure=name.startswith("_"))
    comes(path, shops, wall)
    assert balance(cafe, member) == before
    # Anybody else does.
    stranger = browser_of(cafe.club)
    stranger.get(f"{path}?own=made-up")
    comes(path, stranger, wall)
    assert balance(cafe, member) == before + 20


def test_a_month_later_nobody_proves_it_and_of_who_is_erased_there_is_no_page(
    cafe: SmallClub, wall: Wall
) -> None:
    member = cafe.joins(SAKURA)
    path, before = shares_it(cafe, member), balance(cafe, member)
    cafe.passes(days=31)
    comes(path, browser_of(cafe.club), wall)
    assert balance(cafe, member) == before
    with cafe.work() as work:
        erase(work.under(cafe.key()), member)
    assert browser_of(cafe.club).get(path).location == cafe.club.programme_link("ja")


def test_what_staff_have_seen_earns_no_second_time_by_its_link(cafe: SmallClub, wall: Wall) -> None:
    cafe.publishes(CAFE)
    member = cafe.joins(SAKURA)
    path, before = shares_it(cafe, member), balance(cafe, member)
    # Staff are to look at it, so a visit alone gives nothing.
    comes(path, browser_of(cafe.club), wall)
    assert balance(cafe, member) == before
    with cafe.work() as work:
        add_extras(work.acting(DESK), member, Extras(confirm=("share",)), at=work.now)
    assert balance(cafe, member) == before + 20
    assert kept(cafe, member).proven_by == "staff"
