"""The café and a member's browser; and what a page's code says."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from PIL import Image

from bot.codes import LiveCode, RewardUse
from handlers.actions.counter.redeem import Handover, redeem_at_counter
from handlers.actions.recording.record import Request, record
from handlers.showing.card_links import card_link, use_link
from rules.activity import Adjustment
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DESK, SmallClub, club_on
from tests.handlers.pages.conftest import browser_of

COOKIE = RewardUse("cookie")
SAKURA = "U" + "1" * 32


@pytest.fixture
def cafe(fresh_sqlite: FreshDatabase) -> Iterator[SmallClub]:
    with fresh_sqlite() as url, club_on(url) as opened:
        yield opened


@pytest.fixture
def browser(cafe: SmallClub) -> FlaskClient:
    return browser_of(cafe.club)


def member_with(cafe: SmallClub, points: int) -> int:
    member_id = cafe.joins(SAKURA)
    with cafe.work() as work:
        what = Adjustment(points - 50)
        record(work.acting("staff").under(cafe.key()), Request(member_id, what, work.now))
    return member_id


def taps(cafe: SmallClub, browser: FlaskClient, member_id: int, use: RewardUse = COOKIE) -> str:
    """The path of the page that a tap on 「使う」 opens."""
    link = urlsplit(use_link(cafe.club, cafe.member(member_id), use))
    assert f"{link.scheme}://{link.netloc}" == cafe.club.base_url
    answer = browser.get(link.path)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def card_path(cafe: SmallClub, member_id: int) -> str:
    """The path of the link in the chat that begins a session."""
    return urlsplit(card_link(cafe.club, cafe.member(member_id))).path


def comes_in(cafe: SmallClub, browser: FlaskClient, member_id: int) -> None:
    """Opens the card by the link in the chat."""
    answer = browser.get(card_path(cafe, member_id))
    assert (answer.status_code, answer.location) == (303, "/card")


def read(svg: str) -> str:
    """What the QR in `svg` says: drawn anew from its modules, and read."""
    [path] = re.findall(r'<path [^>]*stroke="#000"[^>]* d="([^"]+)"', svg)
    [side] = re.findall(r'viewBox="0 0 (\d+) \d+"', svg)
    image = Image.new("L", (int(side), int(side)), 255)
    x = y = 0.0
    for command, numbers in re.findall(r"([MmhHv])([-\d. ]+)", path):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        elif command == "h":
            for step in range(int(values[0])):
                image.putpixel((int(x) + step, int(y)), 0)
            x += values[0]
    [found] = zxingcpp.read_barcodes(image.resize((int(side) * 6,) * 2, Image.Resampling.NEAREST))
    return str(found.text)


def scanned(cafe: SmallClub, svg: str) -> Handover:
    live = cafe.club.codes.open_live(read(svg), cafe.now)
    assert isinstance(live, LiveCode)
    with cafe.work() as work:
        done = redeem_at_counter(work.acting(DESK), live)
    assert isinstance(done, Handover)
    return done


def state(browser: FlaskClient, path: str) -> str:
    return str(browser.get(f"{path}state").get_json()["state"])


def wall(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    """The wall clock that signatures go by, so much later."""
    moment = int((datetime.now(UTC) + later).timestamp())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: moment)
