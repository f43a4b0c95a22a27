"""Members who came in, and the forms of their pages as a browser sends them."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import SAKURA, comes_in

SECTIONS = (
    "/card/points", "/card/rewards", "/card/badges", "/card/history", "/card/me",
    "/card/me/birthday", "/card/data", "/card/data/letters", "/card/data/leave",
    "/card/data/erase",
)  # fmt: skip


def is_in(cafe: SmallClub, browser: FlaskClient) -> int:
    """Somebody who has joined and opened their card."""
    member_id = cafe.joins(SAKURA)
    comes_in(cafe, browser, member_id)
    return member_id


def read(answer: TestResponse) -> str:
    """What a person reads of a page: its text, on one line."""
    assert answer.status_code == 200, answer.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def form(page: str, action: str) -> dict[str, str]:
    """What the first form of the page that is sent to `action` holds before anybody fills it in."""
    _, _, rest = page.partition(f'action="{action}"')
    assert rest, f"no form for {action}"
    sent = rest.partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', sent))


def sends(browser: FlaskClient, page: str, action: str, **filled: str) -> TestResponse:
    """Sends that form as it stands on the page, filled in, and follows where it leads."""
    return browser.post(action, data=form(page, action) | filled, follow_redirects=True)
