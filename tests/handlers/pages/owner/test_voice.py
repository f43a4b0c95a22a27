"""The shop's voice is chosen in the console: who speaks, beside which picture, and the story."""

import html
import io
import re

from PIL import Image

from bot.store.history import drafts
from handlers.showing.voice import sender_of
from tests.handlers.pages.staff.conftest import Browser, Desks


def form(owner: Browser, **fields: object) -> dict[str, object]:
    page = owner.get("/owner/programme/voice").text
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    return {"csrf_token": owner.csrf, "seen": seen[1], **fields}


def test_it_is_seen_on_the_phone_with_name_and_picture(owner: Browser) -> None:
    icon = io.BytesIO()
    Image.new("RGB", (300, 200), "#2266AA").save(icon, "PNG")
    icon.seek(0)
    typed = form(
        owner,
        **{
            "sender.ja": "店主のゆき",
            "story.ja": "坂の上の店です。",
            "icon": "",
            "icon.__file": (icon, "icon.png"),
        },
    )
    answer = owner.client.post("/owner/programme/look/voice", data=typed)
    page = html.unescape(answer.text)
    assert "店主のゆき from " in page
    assert 'class="speaker"><img src="data:image/png;base64,' in page
    assert page.count("坂の上の店です。") == 2, "in the welcome, and as an answer"


def test_a_name_that_line_refuses_is_told_beside_its_field(desks: Desks, owner: Browser) -> None:
    typed = form(owner, **{"sender.ja": "喫茶LINE", "story.ja": "坂の上の店です。"})
    answer = owner.client.post("/owner/programme/voice", data=typed)
    assert answer.status_code == 422
    wrong = re.search(r'id="sender-wrong">([^<]+)<', answer.text)
    assert wrong is not None
    assert "LINE" in wrong[1]
    assert "坂の上の店です。" in answer.text, "nothing typed is lost"
    with desks.club.store.read() as uow:
        assert drafts.find(uow) is None


def test_the_picture_is_served_square_to_anybody_who_was_written(
    desks: Desks, owner: Browser
) -> None:
    icon = io.BytesIO()
    Image.new("RGB", (300, 200), "#2266AA").save(icon, "PNG")
    icon.seek(0)
    typed = form(owner, **{"sender.ja": "店主のゆき", "icon.__file": (icon, "icon.png")})
    assert owner.client.post("/owner/programme/voice", data=typed).status_code == 303
    with desks.club.store.read() as uow:
        draft = drafts.find(uow)
    assert draft is not None
    [name] = re.findall(r'icon = "(up-[0-9a-f]+\.png)"', draft.text)
    programme = desks.club.timeline().latest.programme
    assert sender_of(desks.club, programme, "ja") == {}, "a draft says nothing yet"
    shown = owner.client.get(f"/icons/{name}")
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert len(shown.data) < 1_000_000
    with Image.open(io.BytesIO(shown.data)) as picture:
        assert picture.size[0] == picture.size[1]
    assert owner.client.get("/icons/up-000000000000000000000000.png").status_code == 404
    assert owner.client.get("/icons/logo.png").status_code == 404
