"""A logo, a mascot or a badge's picture is handed in with its form, seen at once, and published
with the draft."""

import html
import io
import re
import tomllib
from typing import Any

import pytest
from PIL import Image

from bot.store.history import arts, drafts
from handlers.art import ArtFolder
from rules.editing.parts import Part, values_of
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks


def picture(colour: str = "#2266AA", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, kind)
    return out.getvalue()


def sends(
    owner: Browser, path: str, name: str, data: bytes | None, **fields: Any
) -> tuple[int, str]:
    """What a browser sends of a form with a picture in it."""
    page = owner.get("/owner/programme/theme").text
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    form = {"csrf_token": owner.csrf, "seen": seen[1], "texture": "waves", "logo": "", **fields}
    # Where nothing is chosen a browser sends an empty name.
    chosen = "" if data is None else "わたしの絵.png"
    form[f"{name}.__file"] = (io.BytesIO(data or b""), chosen)
    answer = owner.client.post(path, data=form, content_type="multipart/form-data")
    return answer.status_code, html.unescape(answer.text)


def theme(desks: Desks) -> dict[str, Any]:
    with desks.club.store.read() as uow:
        draft = drafts.find(uow)
    return dict(values_of(tomllib.loads(draft.text), Part("theme")) or {}) if draft else {}


def test_a_logo_is_handed_in_and_named_by_the_draft(desks: Desks, owner: Browser) -> None:
    status, _ = sends(owner, "/owner/programme/theme", "logo", picture(kind="JPEG"))
    assert status == 303
    name = theme(desks)["logo"]
    assert arts.is_stored_name(name)
    assert desks.club.art.get(name) is not None
    assert "art_added" in [line.action for line in desks.logged()]
    page = owner.get("/owner/programme/theme").text
    assert f'name="logo" value="{name}"' in page
    assert 'src="data:image/png;base64,' in page
    # Whoever takes it off, or chooses another, leaves it to the versions that name it.
    off = {"logo": name, "logo.__none": "on"}
    status, _ = sends(owner, "/owner/programme/theme", "mascot", None, **off)
    assert status == 303
    assert "logo" not in theme(desks)
    assert desks.club.art.get(name) is not None


def test_it_is_seen_on_the_phone_before_it_is_kept(desks: Desks, owner: Browser) -> None:
    status, page = sends(owner, "/owner/programme/look/theme", "logo", picture())
    assert status == 200
    assert 'id="logo-art" hx-swap-oob="true"' in page
    [name] = re.findall(r'name="logo" value="(up-[0-9a-f]+\.png)"', page)
    assert desks.club.art.get(name) is not None
    assert page.count("data:image/png;base64,") == 1
    assert page.count("data:image/jpeg;base64,") == 3, "card, banner and menu have it"
    assert theme(desks) == {}, "nothing is kept in the draft by looking"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"), (b"MZ\x90", "no_picture")],
)
def test_what_is_no_picture_is_told_beside_its_field(
    desks: Desks, owner: Browser, data: bytes, code: str
) -> None:
    status, page = sends(owner, "/owner/programme/theme", "logo", data, texture="dots")
    assert status == 422
    wrong = re.search(r'id="logo-wrong">([^<]+)<', page)
    assert wrong is not None
    assert wrong[1] == say("ja", f"problem.art_{code}", file="わたしの絵.png")
    assert '<option value="dots" selected>' in page, "nothing typed is lost"
    assert theme(desks) == {}
    # And while one is typing; a script shows only what is answered with a good status.
    status, page = sends(owner, "/owner/programme/look/theme", "logo", data)
    assert status == 200
    assert re.search(r'id="logo-wrong" hx-swap-oob="true">[^<]+<', page)


def test_more_than_a_picture_is_not_read(desks: Desks, owner: Browser) -> None:
    kind = "multipart/form-data; boundary=x"
    large = owner.client.post("/owner/programme/theme", data=bytes(12_000_001), content_type=kind)
    assert large.status_code == 413
    # And of other forms no more than ever.
    answer = owner.client.post(
        "/owner/draft/discard", data={"csrf_token": owner.csrf, "x": "x" * 800_001}
    )
    assert answer.status_code == 413


def test_a_file_beside_the_programme_stays_a_way_of_its_own(tmp_path: Any) -> None:
    (tmp_path / "logo.png").write_bytes(picture())
    folder = ArtFolder(tmp_path, lambda _: None)
    assert folder.get("logo.png") is not None
    assert folder.get("up-000000000000000000000000.png") is None
