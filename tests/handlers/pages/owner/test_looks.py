"""Beside a form: what members see of a part on their phone, and what only the shop reads."""

import html

import pytest

from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_told import publishes
from tests.handlers.profiles import ASKING


def look(owner: Browser, path: str) -> tuple[str, str]:
    """What the phone shows, if there is one; and what stands below it."""
    page = html.unescape(owner.get(f"/owner/programme/{path}").text)
    _, _, seen = page.partition('id="look"')
    seen, _, _ = seen.partition("</aside>")
    phone, _, below = seen.partition('class="owners"')
    return phone if 'class="phone"' in phone else "", below


def test_letters_are_seen_as_an_envelope_and_no_phone_tells_of_them(
    desks: Desks, owner: Browser
) -> None:
    publishes(desks, f"{ASKING}\n[letters]\nmonths = [3, 9]\n")
    phone, below = look(owner, "letters")
    assert phone == ""
    assert say("ja", "owner.look.owners") in below
    assert "3月・9月" in below
    assert say("ja", "owner.look.envelope.name") in owner.get("/owner/programme/letters").text


def test_letters_that_are_not_written_yet_are_an_envelope_too(owner: Browser) -> None:
    assert look(owner, "letters") == ("", "")
    assert say("ja", "owner.look.envelope.name") in owner.get("/owner/programme/letters").text


@pytest.mark.parametrize("path", ["cases", "sending"])
def test_what_is_the_shops_alone_is_on_no_phone(owner: Browser, path: str) -> None:
    phone, below = look(owner, path)
    assert phone == ""
    assert "<li>" in below


def test_a_messages_sentence_is_not_said_in_the_chat(owner: Browser) -> None:
    phone, below = look(owner, "journeys/birthday")
    assert "bubble-title" in phone
    assert phone.count('class="bubble"') == 1, "the message alone"
    assert "<li>" in below


def test_what_members_read_of_a_part_is_on_the_phone_alone(owner: Browser) -> None:
    phone, below = look(owner, "points")
    assert 'class="bubble"' in phone
    assert below == ""
