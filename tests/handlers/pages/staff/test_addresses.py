"""Whose card it is stands in no address: proxies log them, and browsers remember them."""

import base64
import re
from binascii import Error
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from itertools import chain
from urllib.parse import unquote

from bot.codes import RewardUse
from bot.store.messages.inbox import ChatText
from handlers.actions.heard.hearing import Heard, hear
from handlers.showing.card_links import card_link, use_link, use_page_path

from .conftest import Browser, Desks
from .members.test_members import card, found_by, somebody

_ADDRESS = re.compile(r'(?:href|src|action|data-list)="([^"]+)"')
_PAGES_MAX = 200


def _as_read(address: str) -> Iterator[str]:
    """The address, and what anybody reads of it who knows what Base64 is."""
    yield unquote(address)
    for part in re.findall(r"[\w-]{8,}", address):
        with suppress(Error):
            yield base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("latin-1")


def _walk(browser: Browser) -> Iterator[str]:
    """Every address that a page of the staff's has, and all that can be gone to from there."""
    waiting, seen = ["/staff/"], {"/staff/"}
    while waiting and len(seen) < _PAGES_MAX:
        answer = browser.get(waiting.pop())
        assert answer.status_code < 500
        found = [answer.location] if answer.location else []
        if answer.mimetype == "text/html":
            found += map(unescape, _ADDRESS.findall(answer.text))
        for address in found:
            yield address
            is_page = address.startswith("/staff/") and "." not in address.rpartition("/")[2]
            if is_page and "/logout" not in address and address not in seen:
                seen.add(address)
                waiting.append(address)


def test_no_address_tells_a_cards_number_or_whom_somebody_looks_for(desks: Desks) -> None:
    numbers = [somebody(desks, "U1", visits=1), somebody(desks, name="花子", visits=1)]
    with desks.club.work() as work:
        letter = ChatText("こんにちは", "U1", desks.club.now())
        writer = card(desks, numbers[0]).id
        hear(work.under("k"), Heard(writer, letter, "message", "question"))
    boss = desks.signed_in("boss", "owner", None)
    member = boss.post("/staff/members", q=numbers[1]).location
    told = [
        member,
        boss.post("/staff/log", member=numbers[0]).location,
        boss.post(f"/staff/members/{numbers[0]}/merge/look", other=numbers[1]).location,
        boss.post(f"/staff/members/{numbers[0]}/profile", name="太郎").location,
        boss.post(f"/staff/members/{numbers[0]}/transfer").location,
        boss.post("/staff/members", q="花子").location,
    ]
    own = re.findall(_ADDRESS, boss.get(member).text)
    # Whoever isn't signed in is led back to where they wanted to go.
    led = desks.browser().get(f"/staff/members/{numbers[0]}").location
    club, holder = desks.club, card(desks, numbers[0])
    tap = use_link(club, holder, RewardUse("coffee"))
    page = use_page_path(club, tap.split("/")[-2]) or ""
    links = [card_link(club, holder), tap, page]
    for address in chain(told, own, [led], links, _walk(boss)):
        for read in _as_read(address):
            assert not [number for number in numbers if number in read], address
            assert "花子" not in read, address


def test_a_sealed_address_is_ours_or_leads_nowhere(desks: Desks) -> None:
    number = somebody(desks, "U1")
    boss = desks.signed_in("boss", "owner", None)
    path = boss.address(f"/staff/members/{number}")
    assert boss.get(path).status_code == 200
    other = "A" if path[-3] != "A" else "B"
    for wrong in (path[:-3] + other + path[-2:], path[:-1], f"/staff/members/x{number}"):
        assert boss.client.get(wrong).status_code == 404
    assert boss.client.get(f"/staff/members/{number}").status_code == 404
    # What is sealed for one thing says nothing where another is asked for.
    assert desks.club.codes.unseal("search", path.rpartition("/")[2]) is None
    assert found_by(boss, number)
    assert boss.client.get(f"/staff/members?found={path.rpartition('/')[2]}").status_code == 200
