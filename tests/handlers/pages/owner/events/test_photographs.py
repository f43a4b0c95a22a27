"""Photographs of events: handed in, seen before they are kept, and shown."""

import io
import random
import re

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.handlers.pages.owner.events.test_pages import FORM, stored, wrong
from tests.handlers.pages.owner.test_art import picture
from tests.handlers.pages.staff.conftest import Browser, Desks


def test_a_photograph_is_seen_on_the_phone_before_the_event_is_kept(owner: Browser) -> None:
    file = {"picture.__file": (io.BytesIO(picture()), "beans.png")}
    sent = {"csrf_token": owner.csrf, "picture": "", **FORM, **file}
    look = owner.client.post("/owner/events/look", data=sent).text
    assert 'src="/photos/' in look
    [kept] = re.findall(r'name="picture" value="([^"]+)"', look)
    assert "/photos/" in owner.post("/owner/events/look", **FORM | {"picture": kept}).text


def test_photographs_are_handed_in_and_shown_with_the_event(desks: Desks, owner: Browser) -> None:
    owner.get("/owner/events/new")
    files = {
        "picture.__file": (io.BytesIO(picture()), "a.png"),
        "thanks_picture.__file": (io.BytesIO(picture()), "b.png"),
    }
    form = {"csrf_token": owner.csrf, **FORM, **files}
    answer = owner.client.post("/owner/events/new", data=form)
    assert answer.status_code == 303
    event = stored(desks).event
    assert event.picture is not None
    assert event.thanks_picture == event.picture, "the same picture has one name"
    address = f"/photos/{event.picture.removesuffix('.png')}.jpg"
    assert f'src="{address}"' in owner.get("/owner/events/1").text
    assert owner.client.get(address).mimetype == "image/jpeg"
    again = owner.get("/owner/events/1/edit").text
    assert again.count(f'value="{event.picture}"') == 2
    copied = owner.get("/owner/events/new?copy=1").text
    assert copied.count(f'value="{event.picture}"') == 1, "the thanks show another"
    gone = FORM | {"revision": "1", "picture": event.picture, "picture.__none": "on"}
    assert owner.post("/owner/events/1/edit", **gone).status_code == 303
    assert stored(desks).event.picture is None


@pytest.mark.parametrize("where", ["events/new", "events/look", "circle/new"])
def test_a_photograph_may_be_as_large_as_telephones_take_them(owner: Browser, where: str) -> None:
    owner.get("/owner/events/new")
    grain = Image.frombytes("RGB", (800, 800), random.Random(1).randbytes(800 * 800 * 3))
    large = io.BytesIO()
    grain.save(large, "PNG")
    assert large.tell() > 1_500_000
    large.seek(0)
    form = {
        "csrf_token": owner.csrf,
        **FORM,
        "places": "",
        "picture.__file": FileStorage(large, "beans.png"),
    }
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = owner.client.post(f"/owner/{where}", data=body, content_type=kind).text
    assert 'name="picture" value="up-' in answer, "it is kept, whatever else is wrong"


def test_what_is_no_picture_is_told_beside_its_field(desks: Desks, owner: Browser) -> None:
    owner.get("/owner/events/new")
    form = {"csrf_token": owner.csrf, **FORM, "picture.__file": (io.BytesIO(b"no"), "no.png")}
    answer = owner.client.post("/owner/events/new", data=form)
    assert (answer.status_code, wrong(answer.text)) == (422, ["picture"])
    assert "抽出の教室" in answer.text
    assert owner.get("/owner/events/1").status_code == 404
