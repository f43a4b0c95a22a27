"""What can't be answered is told kindly, in the reader's language, to whoever wants a page."""

from html import unescape

import pytest

from bot.store.heard import reviews
from handlers.club import Club
from tests.handlers.pages.conftest import browser_of

_PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_ENGLISH = _PAGE | {"Accept-Language": "en-GB,en;q=0.9,ja;q=0.5"}


def breaks(*_args: object) -> int:
    raise RuntimeError("something of ours")


@pytest.mark.parametrize(
    ("path", "status", "ja", "en"),
    [
        ("/no-such-page", 404, "ページが見つかりません", "We can't find this page"),
        ("/newsletter/none", 404, "ページが見つかりません", "We can't find this page"),
        ("/pr/x/seen", 405, "ページが見つかりません", "We can't find this page"),
        ("/voices", 500, "うまく開けませんでした", "That didn't work"),
    ],
)
def test_a_reader_is_led_to_the_programme_in_their_language(
    club: Club, monkeypatch: pytest.MonkeyPatch, path: str, status: int, ja: str, en: str
) -> None:
    monkeypatch.setattr(reviews, "count_taken_down", breaks)
    browser = browser_of(club)
    for headers, title, lang in ((_PAGE, ja, "ja"), (_ENGLISH, en, "en")):
        answer = browser.get(path, headers=headers)
        assert answer.status_code == status
        assert f'<html lang="{lang}">' in answer.text
        assert title in unescape(answer.text)
        assert f'href="/programme?lang={lang}"' in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert ("POST" in answer.headers.get("Allow", "")) == (status == 405)


def test_a_program_and_a_script_are_told_the_status_alone(club: Club) -> None:
    for kind in ("application/json", "*/*", "image/avif,image/webp,*/*;q=0.8"):
        answer = browser_of(club).get("/no-such-page", headers={"Accept": kind})
        assert answer.status_code == 404
        assert "/programme" not in answer.text
