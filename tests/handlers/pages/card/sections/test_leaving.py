"""The ways out: both say what becomes of the points, and ask again before anything is done."""

from flask.testing import FlaskClient

from bot.store.members import line_accounts, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.membership import change_membership
from handlers.showing.card_links import card_link
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import SAKURA
from tests.handlers.pages.card.sections.conftest import SECTIONS, form, is_in, read, sends

_LEAVE, _ERASE = "/card/data/leave", "/card/data/erase"
KAEDE = "U" + "2" * 32


def test_leaving_says_what_becomes_of_the_points_and_ends_the_session(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    open_pages = browser.get("/card/me").text
    asked = browser.get(_LEAVE)
    assert "50ポイントは、このまま残ります" in read(asked)
    assert cafe.member(member_id).membership == "active"
    assert "退会の手続きをしました" in read(sends(browser, asked.text, _LEAVE))
    assert cafe.member(member_id).membership == "left"
    assert cafe.balance(member_id) == 50
    # Neither the same form again nor a page that was still open does anything.
    assert browser.post(_LEAVE, data=form(asked.text, _LEAVE)).status_code == 401
    topics = form(open_pages, "/card/me/topics")
    assert browser.post("/card/me/topics", data=topics).status_code == 401
    assert cafe.member(member_id).topics_left == ()
    assert len(cafe.history(member_id)) == 2


def test_a_form_that_comes_twice_after_a_return_leaves_once(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    asked = browser.get(_LEAVE).text
    cookie = browser.get_cookie("__Host-kayoi_card") or browser.get_cookie("kayoi_card")
    assert cookie is not None
    sends(browser, asked, _LEAVE)
    with cafe.work("member", key="back") as work:
        change_membership(work, member_id, "active", at=work.now)
    browser.set_cookie(cookie.key, cookie.value, secure=cookie.secure)
    sends(browser, asked, _LEAVE)
    assert cafe.member(member_id).membership == "active"


def test_being_forgotten_is_asked_twice_and_leaves_nothing_that_names_the_person(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    with cafe.work() as work:
        profiles.put(work.uow, member_id, Profile("石井 遥"), at=work.now)
    first = browser.get(_ERASE)
    assert "会員証と50ポイント" in read(first)
    second = sends(browser, first.text, _ERASE)
    assert "いちど消すと、元には戻せません" in read(second)
    assert cafe.member(member_id).erased_at is None
    last = form(second.text, _ERASE)
    assert "消しました" in read(sends(browser, second.text, _ERASE))
    assert cafe.member(member_id).erased_at is not None
    with cafe.store.read() as uow:
        assert profiles.get(uow, member_id) == Profile()
        assert line_accounts.get(uow, SAKURA) is None
    assert browser.post(_ERASE, data=last).status_code == 401
    for path in SECTIONS:
        assert browser.get(path).status_code == 401


def test_who_shares_a_card_is_forgotten_alone(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = is_in(cafe, browser)
    with cafe.work() as work:
        line_accounts.ensure(work.uow, KAEDE, display_name="かえで", language="ja", at=work.now)
        line_accounts.link(work.uow, KAEDE, member_id)
    other = browser.application.test_client()
    link = card_link(cafe.club, cafe.member(member_id), account=KAEDE)
    other.get(link.removeprefix(cafe.club.base_url))
    first = other.get(_ERASE)
    assert "会員証はご家族と共有されているため、そのまま残ります（50ポイント）" in read(first)
    second = sends(other, first.text, _ERASE)
    assert "消しました" in read(sends(other, second.text, _ERASE))
    with cafe.store.read() as uow:
        assert line_accounts.get(uow, KAEDE) is None
        assert line_accounts.get(uow, SAKURA) is not None
    assert cafe.member(member_id).erased_at is None
    assert browser.get("/card/data").status_code == 200
