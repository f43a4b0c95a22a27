"""Where one can go is where one may go; what the words say of lengths is what the fields take."""

from typing import get_args

import pytest
from flask import url_for

from bot.store.staff.staff import Role
from handlers.actions.staff.staffing import PIN_MIN
from handlers.pages.staff.frame.layout import LENGTHS, LINKS
from rules.base import LANGS, Lang
from rules.wording.texts import say, show
from tests.handlers.pages.staff.conftest import Desks


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("profile_long", (LENGTHS["name"], LENGTHS["note"])),
        ("answer_too_long", (LENGTHS["answer"],)),
        ("call_words_long", (LENGTHS["call"],)),
        ("name_invalid", (LENGTHS["staff_name"],)),
        ("password_short", (LENGTHS["password_min"],)),
        ("pin_weak", (PIN_MIN, LENGTHS["pin"])),
    ],
)
def test_who_wrote_too_much_is_told_how_much_it_may_be(
    code: str, numbers: tuple[int, ...], lang: Lang
) -> None:
    then = say(lang, f"refusal.{code}.then")
    assert [number for number in numbers if show(lang, number) not in then] == []


@pytest.mark.parametrize("role", get_args(Role))
def test_a_page_is_linked_to_whoever_may_see_it_and_nobody_else(desks: Desks, role: Role) -> None:
    browser = desks.signed_in("hana", role, None)
    shown = browser.get("/staff/more").text
    for link in LINKS:
        with desks.app.test_request_context():
            path = url_for(link.endpoint)
        may = browser.get(path).status_code != 403
        assert (f'href="{path}"' in shown) is may, path


def test_links_stand_in_their_order_and_four_are_always_there(desks: Desks) -> None:
    places = [link.place for link in LINKS]
    assert len(set(places)) == len(places)
    shown = desks.signed_in("boss", "owner", None).get("/staff/more").text
    with desks.app.test_request_context():
        hrefs = [f'href="{url_for(link.endpoint)}"' for link in sorted(LINKS)]
    found = [shown.index(href) for href in hrefs]
    assert found == sorted(found)
    assert [link.always for link in sorted(LINKS)].count(True) == 4
