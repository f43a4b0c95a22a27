"""The first steps, step by step: nothing typed is lost, and nobody else gets in."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from bot.choice import chosen
from bot.line.channel import ChannelCheck
from bot.store import Store
from bot.store.history import arts, programs
from bot.store.staff import first_steps
from bot.store.staff.staff import Role
from handlers.actions.founding.opening import invite_to_begin
from handlers.club import Club
from handlers.pages import install
from handlers.pages.owner.setup.ground import Ground
from handlers.pages.owner.setup.ground import install as lay_ground
from handlers.pages.owner.setup.opening import setup_path
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks

SHOP = {
    "shop.name.ja": "喫茶あおぞら",
    "shop.legal_name": "青空商店",
    "shop.visit_word": "来店",
    "stores.__rows": "0",
    "stores.0.id": "main",
    "stores.0.name.ja": "本店",
    "privacy.purpose.ja": "会員証のため",
    "privacy.contact.ja": "店頭で",
    "privacy.policy_url": "https://aozora.example.jp/privacy",
}
OWNER = {"name": "青空はるか", "login": "haruka"}
PASSWORD = {"password": "murasaki-no-kaidan-42", "again": "murasaki-no-kaidan-42"}


@pytest.fixture
def clubs(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def app(club: Club, clubs: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    install(app, replace(club, base_url="http://127.0.0.1:8000"))
    lay_ground(app, Ground(clubs=clubs, line=ChannelCheck("http://127.0.0.1:9")))
    return app


def link_of(club: Club) -> str:
    with club.work() as work:
        return setup_path(invite_to_begin(work))


@pytest.fixture
def opened(app: Flask, club: Club) -> Browser:
    """The browser in which the link was opened."""
    browser = Browser(app.test_client())
    link = link_of(club)
    browser.get(link)
    assert browser.post(link).status_code == 303
    return browser


def at(answer: TestResponse) -> str:
    return answer.location.removeprefix("/owner/setup/")


def tells_all(browser: Browser) -> None:
    browser.get("/owner/setup/template")
    assert at(browser.post("/owner/setup/template", template="cafe")) == "shop"
    assert at(browser.post("/owner/setup/shop", **SHOP)) == "look"
    assert at(browser.post("/owner/setup/look", **{"shop.accent": "#336699"})) == "voice"
    # Who has nothing to say yet goes on.
    assert at(browser.post("/owner/setup/voice")) == "line"
    assert at(browser.post("/owner/setup/line", later="1")) == "owner"
    assert at(browser.post("/owner/setup/owner", **OWNER, **PASSWORD)) == "begin"


def test_to_open_the_link_changes_nothing_before_its_button(app: Flask, club: Club) -> None:
    link = link_of(club)
    for _ in range(2):
        page = app.test_client().get(link)
        assert page.status_code == 200
        assert "自分のお店ではじめる" in page.text
    with club.store.read() as uow:
        assert first_steps.find(uow) is None


def test_a_link_used_twice_says_what_to_do(app: Flask, club: Club, opened: Browser) -> None:
    link = link_of(club)
    assert Browser(app.test_client()).get(link).status_code == 200
    first, second = Browser(app.test_client()), Browser(app.test_client())
    for browser in (first, second):
        browser.get(link)
    assert first.post(link).status_code == 303
    late = second.post(link)
    assert late.status_code == 409
    assert "setup-link" in late.text
    assert second.get(link).status_code == 404
    assert at(first.get(link)) == "/owner/setup", "who used it goes on"
    taken_over = opened.get("/owner/setup/shop")
    assert taken_over.location == "/owner/setup"
    assert "ほかのブラウザ" in opened.get("/owner/setup").text


def test_nobody_else_takes_a_step(app: Flask, opened: Browser) -> None:
    stranger = Browser(app.test_client())
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/owner/setup/") or "<token>" in rule.rule:
            continue
        path = rule.rule.replace("<step>", "shop")
        if path in ("/owner/setup/ready", "/owner/setup/enter") or "GET" not in rule.methods:  # type: ignore[operator]
            continue
        answer = stranger.get(path)
        assert answer.status_code == 303, path
        assert answer.location.startswith(("/owner/setup", "/staff/login")), path


def test_a_form_of_another_site_is_refused(opened: Browser, club: Club) -> None:
    answer = opened.client.post("/owner/setup/template", data={"template": "gym"})
    assert answer.status_code == 400
    with club.store.read() as uow:
        steps = first_steps.find(uow)
    assert steps is not None
    assert not steps.done


def test_an_owner_of_the_demo_opens_them_without_a_link(desks: Desks) -> None:
    owner = desks.signed_in("owner", "owner", None)
    page = owner.get("/owner/setup")
    assert "はじめの設定を開く" in page.text
    assert owner.get("/owner/setup/open/used-long-ago").location == "/owner/setup"
    assert owner.post("/owner/setup").location == "/owner/setup"
    assert owner.get("/owner/setup").location == "/owner/setup/template"
    roles: tuple[Role, ...] = ("staff", "manager")
    for role in roles:
        other = desks.signed_in(f"some-{role}", role)
        other.get("/owner/setup")
        assert other.post("/owner/setup").status_code == 403


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(opened: Browser) -> None:
    opened.get("/owner/setup/template")
    opened.post("/owner/setup/template", template="cafe")
    first = opened.get("/owner/setup/shop").text
    assert "「お店の名前」" not in first
    wrong = opened.post("/owner/setup/shop", **SHOP | {"privacy.policy_url": "aozora"})
    assert wrong.status_code == 422
    found = re.search(r'id="privacy.policy_url-wrong">([^<]+)<', wrong.text)
    assert found, "told beside it"
    assert say("ja", "owner.form.some_wrong") in wrong.text, "also who doesn't scroll notices"
    assert "喫茶あおぞら" in wrong.text
    assert "https://" in found[1]


def test_a_shop_without_a_page_for_its_privacy_policy_goes_on(opened: Browser) -> None:
    opened.get("/owner/setup/template")
    opened.post("/owner/setup/template", template="cafe")
    assert "/privacy" in opened.get("/owner/setup/shop").text
    told = opened.post("/owner/setup/shop", **SHOP | {"privacy.policy_url": ""})
    assert (told.status_code, told.headers["Location"]) == (303, "/owner/setup/look")


@pytest.mark.parametrize("typed", ["０４６７ー１２ー３４５６", "0467−12−3456", "0467-12-3456"])
def test_a_telephone_number_is_taken_from_any_keyboard(
    opened: Browser, club: Club, typed: str
) -> None:
    opened.get("/owner/setup/template")
    opened.post("/owner/setup/template", template="cafe")
    assert at(opened.post("/owner/setup/shop", **SHOP, **{"stores.0.phone": typed})) == "look"
    with club.store.read() as uow:
        steps = first_steps.find(uow)
    assert steps is not None
    assert 'phone = "0467-12-3456"' in steps.text


def test_the_closed_browser_goes_on_where_it_was(opened: Browser) -> None:
    opened.get("/owner/setup/template")
    opened.post("/owner/setup/template", template="cafe")
    opened.post("/owner/setup/shop", **SHOP)
    assert at(opened.get("/owner/setup")) == "look"
    page = opened.get("/owner/setup/shop").text
    assert "喫茶あおぞら" in page
    assert "aozora.example.jp" in page


def test_another_template_keeps_the_shop(opened: Browser, club: Club) -> None:
    tells_all(opened)
    opened.get("/owner/setup/template")
    opened.post("/owner/setup/template", template="gym")
    with club.store.read() as uow:
        steps = first_steps.find(uow)
    assert steps is not None
    assert steps.template == "gym"
    assert "喫茶あおぞら" in steps.text
    assert "#336699" in steps.text
    assert steps.done == {"template", "shop", "look", "voice", "line", "owner"}


def test_card_menu_and_poster_are_seen_while_typing(opened: Browser) -> None:
    opened.get("/owner/setup/template")
    opened.post("/owner/setup/template", template="cafe")
    nothing = opened.post("/owner/setup/seen/shop")
    assert "<img" not in nothing.text
    seen = opened.post("/owner/setup/seen/shop", **SHOP)
    assert seen.text.count("<img") == 3
    poster = opened.get("/owner/setup/poster.jpg?accent=%23336699&texture=waves&name=あ")
    assert poster.data.startswith(b"\xff\xd8")
    assert opened.get("/owner/setup/poster.jpg?accent=red&texture=x").status_code == 200


def test_a_logo_is_seen_at_once_and_goes_with_the_club(opened: Browser, clubs: Path) -> None:
    tells_all(opened)
    out = BytesIO()
    Image.new("RGB", (300, 120), "#336699").save(out, "PNG")
    form = {"csrf_token": opened.csrf, "shop.accent": "#336699"}

    def sends(path: str, data: bytes) -> TestResponse:
        file = (BytesIO(data), "logo.png")
        return opened.client.post(path, data={**form, "theme.logo.__file": file})

    assert sends("/owner/setup/seen/look", out.getvalue()).text.count("<img") == 3
    broken = sends("/owner/setup/look", b"no picture")
    assert broken.status_code == 422
    assert sends("/owner/setup/look", out.getvalue()).status_code == 303
    opened.get("/owner/setup/begin")
    opened.post("/owner/setup/begin")
    folder = chosen(clubs)
    assert folder is not None
    store = Store(f"sqlite:///{folder.database}")
    with store.read() as uow:
        text = programs.newest(uow).text
        found = re.search(r'logo = "(up-[0-9a-f]+\.png)"', text)
        assert found
        assert arts.read(uow, found[1]) is not None
    store.close()


def test_the_shops_voice_is_heard_beside_its_form(opened: Browser) -> None:
    opened.get("/owner/setup/template")
    opened.post("/owner/setup/template", template="cafe")
    opened.post("/owner/setup/shop", **SHOP)
    voice = {"voice.sender.ja": "店主のはるか", "voice.story.ja": "空の見える店です。"}
    heard = opened.post("/owner/setup/seen/voice", **voice).text
    assert "店主のはるか from 喫茶あおぞら" in heard
    assert "空の見える店です。" in heard
    wrong = opened.post("/owner/setup/voice", **voice | {"voice.sender.ja": "あおぞらLINE"})
    assert wrong.status_code == 422
    assert re.search(r'id="voice.sender-wrong">[^<]*LINE', wrong.text)
    assert at(opened.post("/owner/setup/voice", **voice)) == "line"
    assert "空の見える店です。" in opened.get("/owner/setup/voice").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"password": "short", "again": "short"}, "短すぎます"),
        ({"password": "haruka-haruka", "again": "haruka-haruka"}, "推測されやすい"),
        ({"password": "murasaki-no-kaidan-42", "again": "other"}, "一致していません"),
    ],
)
def test_a_bad_password_is_no_owner_s(opened: Browser, typed: dict[str, str], says: str) -> None:
    opened.get("/owner/setup/owner")
    answer = opened.post("/owner/setup/owner", **OWNER, **typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert "青空はるか" in answer.text
    assert typed["password"] not in answer.text


def test_line_is_connected_where_https_leads_here_alone(opened: Browser, club: Club) -> None:
    page = opened.get("/owner/setup/line").text
    assert "BASE_URL" in page
    assert 'name="token"' not in page
    opened.post("/owner/setup/line", secret="0" * 32, token="t" * 100)
    with club.store.read() as uow:
        steps = first_steps.find(uow)
    assert steps is not None
    assert not steps.is_connected


def test_line_that_was_put_off_is_not_called_done(opened: Browser) -> None:
    done = '✓</span><span class="step-name">'
    assert at(opened.post("/owner/setup/line", later="1")) == "owner"
    page = opened.get("/owner/setup/owner").text
    assert f"{done}{say('ja', 'owner.setup.step.line')}" not in page


def test_the_club_begins_and_the_page_waits_for_it(opened: Browser, clubs: Path) -> None:
    assert "まだはじめられません" in opened.get("/owner/setup/begin").text
    assert opened.post("/owner/setup/begin").status_code == 422
    tells_all(opened)
    opened.get("/owner/setup/begin")
    answer = opened.post("/owner/setup/begin")
    assert answer.status_code == 200
    assert "wait.js" in answer.text
    folder = chosen(clubs)
    assert folder is not None
    assert opened.post("/owner/setup/begin").status_code == 200, "tapped twice"
    assert chosen(clubs) == folder
