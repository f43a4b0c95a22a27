"""Codes for a web shop in the owner's hands: a file is shown before it is kept, and kept once."""

import html
import io
import re

import pytest
from werkzeug.test import TestResponse

from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.rules.examples import changed

SHELF = "/owner/codes/off_100"


@pytest.fixture
def owner(desks: Desks) -> Browser:
    codes = ("value_yen = 100\n", "value_yen = 100\ncodes = { low = 1 }\n")
    with_programme(desks.club, changed(CAFE, codes))
    desks.club.programmes.forget()
    return desks.signed_in("boss", "owner", None)


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def uploads(owner: Browser, data: bytes) -> TestResponse:
    file = (io.BytesIO(data), "codes.csv")
    return owner.client.post(SHELF, data={"csrf_token": owner.csrf, "file": file})


def keeps(owner: Browser, page: str) -> str:
    """Sends the form that adds what was shown."""
    sent = dict(re.findall(r'<input type="hidden" name="(key|codes)" value="([^"]*)"', page))
    answer = owner.client.post(f"{SHELF}/add", data={"csrf_token": owner.csrf, **sent})
    assert answer.status_code == 303
    return text(owner.get(answer.location).text)


def test_a_file_is_shown_before_it_is_kept_and_kept_once(owner: Browser) -> None:
    assert "残り0 残りわずか" in text(owner.get("/owner/codes").text)
    data = "コード\r\nAAA-1\r\nAAA-2\r\nAAA-1\r\n=1+1\r\nAAA-3\r\n".encode("cp932")
    shown = uploads(owner, data).text
    said = text(shown)
    assert "新しいコード：3" in said
    assert "重なっているコード：1" in said
    assert "コードとして読めない行：1（5行目）" in said
    assert "残り 0" in text(owner.get(SHELF).text)
    assert "コードを追加しました。" in keeps(owner, shown)
    assert "残り 3" in keeps(owner, shown)
    assert "残り3" in text(owner.get("/owner/codes").text)
    again = text(uploads(owner, b"AAA-3\nAAA-4\n").text)
    assert "新しいコード：1" in again
    assert "すでに入っているコード：1" in again
    assert "クーポンコードの追加（100円引き・3）" in text(owner.get("/staff/log").text)


def test_pasted_lines_do_as_well(owner: Browser) -> None:
    answer = owner.client.post(SHELF, data={"csrf_token": owner.csrf, "codes": "BBB-1\nBBB-2"})
    assert "残り 2" in keeps(owner, answer.text)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\x81"])
def test_what_is_no_list_is_told_and_nothing_kept(owner: Browser, data: bytes) -> None:
    answer = uploads(owner, data)
    assert answer.status_code == 400
    assert "コードを読み取れませんでした" in text(answer.text)


def test_only_rewards_of_codes_have_a_page_and_only_the_owner_sees_it(
    owner: Browser, desks: Desks
) -> None:
    assert owner.get("/owner/codes/cookie").status_code == 404
    manager = desks.signed_in("mai", "manager", "ekimae")
    assert manager.get("/owner/codes").status_code == 403
