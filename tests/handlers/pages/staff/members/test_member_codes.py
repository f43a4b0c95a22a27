"""Codes for the web shop of a member on paper: staff hand them over, on the screen or on a slip."""

import io
import re

import pytest
from PIL import Image

from bot.store.history.reward_codes import SEALED_FOR
from bot.store.members import members
from handlers.actions.programme.reward_codes import add_codes
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request, record
from handlers.pages.staff.members import member_codes
from images.slip import SlipPicture, slip_pdf, slip_png
from rules.activity import Adjustment
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody
from tests.images.pictures import codes_in
from tests.rules.examples import changed

#: As long as a code may be.
LONG = "W" * 36 + "-123"


@pytest.fixture
def shop(desks: Desks) -> Desks:
    """The café with two codes, of which one is very long."""
    with_codes = ("value_yen = 100\n", "value_yen = 100\ncodes = { low = 1 }\n")
    with_programme(desks.club, changed(CAFE, with_codes))
    desks.club.programmes.forget()
    sealed = [desks.club.codes.seal(SEALED_FOR, code) for code in (LONG, "SPRING-2")]
    with desks.club.work(Actor(1, "Boss", "owner", "ekimae"), key="test:codes") as work:
        assert add_codes(work, "off_100", sealed).refused is None
    return desks


def rich(desks: Desks, number: str) -> str:
    with desks.club.work() as work:
        member_id = members.by_code(work.uow, "number", number)
        assert member_id is not None
        more = Request(member_id, Adjustment(300), work.now)
        assert record(work.acting("staff").under(f"test:rich:{number}"), more).done
    return number


def hands_over(browser: Browser, number: str) -> str:
    """Where the form of the second look leads, sent as it stands."""
    page = browser.get(f"/staff/members/{number}/use?reward=off_100").text
    assert "つぎの画面にコードが出ます" in page
    [key] = re.findall(r'name="key" value="([^"]*)"', page)
    answer = browser.post(f"/staff/members/{number}/use", reward="off_100", key=key)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_member_on_paper_gets_their_code_on_the_screen_and_on_a_slip(
    shop: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, ken = shop.signed_in("midori"), rich(shop, somebody(shop, name="けん"))
    assert "コードを見る" not in staff.get(f"/staff/members/{ken}").text
    shown = staff.get(hands_over(staff, ken))
    assert LONG in shown.text
    assert "SPRING-2" not in shown.text
    # Their page says that they have one, and not which.
    page = staff.get(f"/staff/members/{ken}").text
    assert "コードを見る・印刷する" in page
    assert LONG not in page
    printed: list[SlipPicture] = []

    def draw(slip: SlipPicture) -> bytes:
        printed.append(slip)
        return slip_pdf(slip)

    monkeypatch.setattr(member_codes, "slip_pdf", draw)
    [path] = re.findall(r'href="([^"]*codes\.pdf[^"]*)"', shown.text)
    answer = staff.get(path.replace("&amp;", "&"))
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    [slip] = printed
    assert codes_in(Image.open(io.BytesIO(slip_png(slip)))) == [LONG]
    noted = [(each.action, each.details) for each in shop.logged()]
    assert "codes_seen" in [action for action, _ in noted]
    assert LONG not in repr(noted)


def test_another_members_code_is_nowhere_to_be_had(shop: Desks) -> None:
    staff = shop.signed_in("midori")
    ken, hana = (rich(shop, somebody(shop, name=name)) for name in ("けん", "はな"))
    hands_over(staff, ken)
    assert "no=codes_none" in staff.get(f"/staff/members/{hana}/codes").headers["Location"]
    path = f"/staff/members/{hana}/codes.pdf?reward=off_100&n=1"
    assert staff.get(path).status_code == 404


def test_whom_line_reaches_has_theirs_in_the_chat_and_staff_see_none(shop: Desks) -> None:
    staff, sakura = shop.signed_in("midori"), rich(shop, somebody(shop, "U1"))
    page = staff.get(f"/staff/members/{sakura}").text
    assert "「100円引き」を使う" not in page
    assert staff.get(f"/staff/members/{sakura}/use?reward=off_100").status_code == 303
    assert "no=codes_none" in staff.get(f"/staff/members/{sakura}/codes").headers["Location"]
