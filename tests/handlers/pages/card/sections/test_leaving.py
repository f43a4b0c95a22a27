"""The ways out: both say what becomes of the points, and ask again before anything is done."""

from uuid import uuid4

from flask.testing import FlaskClient

from bot.store.members import consents, line_accounts, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.membership import change_membership
from handlers.actions.members.sms_consent import SmsConsent, agree_to_sms
from handlers.showing.card_links import card_link
from tests.handlers.actions.newsletter.test_subscribe import PROGRAMME
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


_OWNERS: tuple[tuple[str, dict[str, str]], ...] = (
    (_LEAVE, {}),
    ("/card/me/topics", {"topic": "birthday", "on": "0"}),
    ("/card/me/topics", {"topic": "newsletter", "on": "1"}),
    ("/card/me/topics", {"on": "0"}),
    ("/card/me/sms", {}),
    ("/card/me/birthday", {"month": "5", "day": "12", "yes": "1"}),
)


def test_who_shares_a_card_changes_nothing_that_is_its_owners(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    cafe.publishes(PROGRAMME)
    member_id = is_in(cafe, browser)
    with cafe.work() as work:
        agree_to_sms(work, member_id, SmsConsent(work.now, "line", "SMSで送ります"))
    cafe.passes(minutes=1)
    before = cafe.member(member_id)
    other = shares(cafe, browser, member_id)
    page = other.get("/card/me").text
    assert "会員証をお持ちの方だけが変えられます" in page
    assert not [each for each in ("/card/me/topics", "/card/me/birthday") if each in page]
    assert _LEAVE not in other.get("/card/data").text
    token = form(page, "/card/me/language")["csrf_token"]
    for path, sent in _OWNERS:
        data = {"csrf_token": token, "key": str(uuid4())} | sent
        told = other.post(path, data=data, follow_redirects=True)
        assert "お持ちの方だけができます" in read(told), path
        assert cafe.member(member_id) == before, path
    with cafe.store.read() as uow:
        assert [each.kind for each in consents.of(uow, member_id)] == ["purpose", "sms"]


def shares(cafe: SmallClub, browser: FlaskClient, member_id: int) -> FlaskClient:
    """The browser of somebody whose chat speaks of that card, which is another's."""
    with cafe.work() as work:
        line_accounts.ensure(work.uow, KAEDE, display_name="かえで", language="ja", at=work.now)
        line_accounts.link(work.uow, KAEDE, member_id)
    other = browser.application.test_client()
    link = card_link(cafe.club, cafe.member(member_id), account=KAEDE)
    other.get(link.removeprefix(cafe.club.base_url))
    return other


def test_who_shares_a_card_is_forgotten_alone(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = is_in(cafe, browser)
    other = shares(cafe, browser, member_id)
    first = other.get(_ERASE)
    assert "会員証はご家族と共有されているため、そのまま残ります（50ポイント）" in read(first)
    second = sends(other, first.text, _ERASE)
    assert "消しました" in read(sends(other, second.text, _ERASE))
    with cafe.store.read() as uow:
        assert line_accounts.get(uow, KAEDE) is None
        assert line_accounts.get(uow, SAKURA) is not None
    assert cafe.member(member_id).erased_at is None
    assert browser.get("/card/data").status_code == 200
