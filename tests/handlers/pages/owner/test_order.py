"""The order in which members read things is changed by buttons, one place at a time."""

import html
import re
import tomllib

import pytest

from bot.store.history import drafts, programs
from rules.checking.reading import review
from rules.editing.parts import id_of
from rules.journeys.programme import WholeProgramme
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks


def text(desks: Desks) -> str:
    with desks.club.store.read() as uow:
        draft = drafts.find(uow)
        return draft.text if draft else programs.newest(uow).text


def order(desks: Desks, section: str) -> list[str]:
    return [id_of(each) for each in tomllib.loads(text(desks))[section]]


@pytest.mark.parametrize("section", ["earning", "campaigns", "rewards", "badges", "stores"])
def test_the_last_is_brought_to_the_front_and_back_and_no_comment_is_lost(
    desks: Desks, owner: Browser, section: str
) -> None:
    before, ids = text(desks), order(desks, section)
    last = ids[-1]
    for place in range(len(ids) - 1, 0, -1):
        done = owner.post(f"/owner/programme/order/{section}", move=f"{last}:{place}:up")
        assert done.status_code == 303
    assert order(desks, section) == [last, *ids[:-1]]
    assert sorted(text(desks).split("\n")) == sorted(before.split("\n"))
    assert isinstance(review(text(desks)), WholeProgramme)
    for place in range(len(ids) - 1):
        owner.post(f"/owner/programme/order/{section}", move=f"{last}:{place}:down")
    assert text(desks) == before


def test_the_buttons_stand_where_the_order_is_changed_and_end_at_the_ends(
    desks: Desks, owner: Browser
) -> None:
    assert 'name="move"' not in owner.get("/owner/programme").text
    page = owner.get("/owner/programme?order=streaks").text
    assert 'name="move"' not in page, "one alone has no order"
    page = owner.get("/owner/programme?order=rewards").text
    ids = order(desks, "rewards")
    buttons = re.findall(r'name="move" value="([^"]+)"[^>]*?( disabled| autofocus)?>', page)
    assert len(buttons) == 2 * len(ids)
    assert [value for value, is_so in buttons if is_so == " disabled"] == [
        f"{ids[0]}:0:up", f"{ids[-1]}:{len(ids) - 1}:down"
    ]  # fmt: skip
    done = owner.post("/owner/programme/order/rewards", move=f"{ids[1]}:1:down")
    assert done.location.endswith("#rewards")
    after = owner.get(done.location).text
    assert re.search(rf'value="{ids[1]}:2:down"[^>]* autofocus', after)


def test_a_second_tap_moves_nothing_more(desks: Desks, owner: Browser) -> None:
    ids = order(desks, "badges")
    for _ in range(2):
        owner.post("/owner/programme/order/badges", move=f"{ids[2]}:2:up")
    assert order(desks, "badges") == [ids[0], ids[2], ids[1], *ids[3:]]
    for move in (f"{ids[0]}:0:up", "gone:0:down", f"{ids[-1]}:{len(ids) - 1}:down"):
        assert owner.post("/owner/programme/order/badges", move=move).status_code == 303
    assert order(desks, "badges") == [ids[0], ids[2], ids[1], *ids[3:]]
    none = [("badges", "x"), ("badges", ""), ("ranks", "a:0:up"), ("points", "a:0:up")]
    for section, move in none:
        assert owner.post(f"/owner/programme/order/{section}", move=move).status_code == 404


def test_a_first_eco_action_is_named_at_the_counter_and_then_chosen_by_its_rule(
    desks: Desks, owner: Browser
) -> None:
    """By forms alone; in between it is unwise, and no problem."""
    plain = text(desks)
    eco = plain.index("eco = [")
    plain = plain[:eco] + plain[plain.index("]\n", eco) + 2 :]
    rule = plain.index('[[earning]]\nid = "eco"')
    plain = plain[:rule] + plain[plain.index("[[earning]]", rule + 5) :]
    badge = plain.index('[[badges]]\nid = "eco_10"')
    plain = plain[:badge] + plain[plain.index("[[badges]]", badge + 5) :]
    with desks.club.store.begin() as uow:
        programs.publish(uow, plain, since=desks.club.now())
    desks.club.programmes.forget()
    page = owner.get("/owner/programme/counter").text
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    row = {"eco.__rows": "0", "eco.0.name.ja": "マイボトル", "eco.0.name.en": "Own bottle"}
    assert owner.post("/owner/programme/counter", seen=seen[1], **row).status_code == 303
    assert say("ja", "check.eco_unused", action="マイボトル") in html.unescape(
        owner.get("/owner/draft").text
    )
    assert "マイボトル" in owner.get("/owner/programme/new/earning").text
    fields = {"name.ja": "マイボトル", "on": "eco", "award": "fixed", "award.points": "5"}
    more = {"limit.day": "1", "needs_staff": "on", "actions": "own_bottle"}
    done = owner.post("/owner/programme/new/earning", **fields, **more)
    assert done.status_code == 303
    assert "マイボトル" in str(tomllib.loads(text(desks))["counter"])
