"""Rewards in the chat: vouchers first, a button that opens a page, and what is missing."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bot.codes import LiveCode, RewardUse
from bot.store.history import stock
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.recording.record import Request, record
from handlers.showing.card_links import open_card, open_use, use_page_path
from rules.activity import Adjustment, BirthdayTold, Occasion, What

from ..conftest import Message, Person, World, taps, words


def happens(person: Person, what: What) -> None:
    world = person.world
    with world.club.work() as work:
        request = Request(person.card.id, what, world.now())
        assert record(work.acting("system").under(f"test:{what!r}"), request).done


def has_birthday(person: Person) -> None:
    today = person.world.now().date()
    happens(person, BirthdayTold(today.month, today.day))
    happens(person, Occasion("birthday"))


def promised(person: Person) -> None:
    world = person.world
    with world.club.work() as work:
        promise = Promise("lapsed", (world.now() + timedelta(days=9)).date(), "welcome_back")
        assert offer(work.under("test:offer"), person.card.id, promise, at=work.now).done


def rows(messages: list[Message]) -> list[str]:
    """The rows of a list: what is in each, joined."""
    body = messages[-1]["contents"]["body"]["contents"]
    return [" ".join(_texts(part)) for part in body for part in _each(part)]


def _each(part: dict[str, Any]) -> list[dict[str, Any]]:
    contents = part.get("contents", [])
    return contents if contents and contents[0].get("type") == "box" else [part]


def _texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() for text in _texts(value)]
    return [text for value in part for text in _texts(value)] if isinstance(part, list) else []


def opened(person: Person, link: str) -> LiveCode:
    """What the page says that a tap on `link` opens."""
    club = person.world.club
    tap = link.removeprefix(f"{club.base_url}/card/tap/").rstrip("/")
    path = use_page_path(club, tap)
    assert path is not None
    page = open_use(club, path.removeprefix("/card/use/").rstrip("/"))
    assert page is not None
    code = club.codes.use_code(page.number, page.issue, page.use, page.nonce, club.now())
    live = club.codes.open_live(code, club.now())
    assert isinstance(live, LiveCode)
    return live


def test_a_ready_reward_has_a_button_that_opens_its_page(world: World) -> None:
    person = world.member()
    happens(person, Adjustment(60))  # 110: enough for ¥100 off, and for nothing dearer
    live = opened(person, taps(person.write("特典"))["使う"])
    assert live.number == person.card.number
    assert live.use == RewardUse("off_100")


def test_what_was_promised_for_the_next_visit_is_found_again(world: World) -> None:
    sakura = world.member()
    promised(sakura)
    [found] = [row for row in rows(sakura.write("特典")) if "おかえりなさいの焼き菓子" in row]
    assert "次のご来店でお渡しします" in found
    assert "まで" in found
    world.travel(timedelta(days=10))
    assert not [row for row in rows(sakura.write("特典")) if "次のご来店" in row]


def test_each_tap_on_the_button_is_a_page_of_its_own(world: World) -> None:
    person = world.member()
    happens(person, Adjustment(60))
    link = taps(person.write("特典"))["使う"]
    assert opened(person, link).nonce != opened(person, link).nonce


def test_vouchers_come_first_with_why_and_their_last_day(world: World) -> None:
    person = world.member()
    has_birthday(person)
    said = person.write("特典")
    held = next(row for row in rows(said) if "焼きプリン" in row)
    assert "お誕生月のお祝い" in held
    assert "12月17日まで" in held
    assert "使う" in held
    first = re.search(r'"uri": "([^"]+/card/tap/[^"]+)"', json.dumps(said))
    assert first is not None
    assert opened(person, first[1]).use == RewardUse("birthday_dessert", 1)
    everything = words(said)
    assert everything.index("お誕生月のお祝い") < everything.index("本日の焼き菓子")


def test_what_is_given_says_how_it_is_come_by_and_costs_nothing(world: World) -> None:
    said = words(world.member().write("特典"))
    for how in ("お誕生月に", "ゴールドファンになったときに", "お買い物10回ごとに"):
        assert f"{how}お贈りします" in said
    # What is given to who stayed away is nothing to wait for.
    assert "おかえりなさい" not in said


def test_what_is_all_gone_says_so_and_has_no_button(world: World) -> None:
    world.publish(("cost = 100\nvalue_yen = 100\n", "cost = 100\nvalue_yen = 100\nstock = 1\n"))
    person = world.member()
    happens(person, Adjustment(60))
    assert "使う" in taps(person.write("特典"))
    with world.club.store.begin() as uow:
        assert stock.take(uow, "off_100", 1)
    said = person.write("特典")
    assert "ご用意した分は終了しました" in words(said)
    assert "使う" not in taps(said)


def test_a_promise_is_kept_at_the_visit_and_the_answer_says_so(world: World) -> None:
    person = world.member()
    promised(person)
    assert "おかえりなさいの焼き菓子" not in [v.reward for v in person.card.facts.vouchers]
    said = words(person.check_in())
    assert "おかえりなさいの焼き菓子" in said
    assert [v.reward for v in person.card.facts.vouchers] == ["welcome_back"]


def test_the_card_mentions_vouchers_and_opens_at_the_till(world: World) -> None:
    person = world.member()
    has_birthday(person)
    said = person.write("会員証")
    assert "お手元に特典が1つあります" in words(said)
    link = taps(said)["レジで見せる"]
    token = link.removeprefix(f"{world.club.base_url}/card/").rstrip("/")
    page = open_card(world.club, token)
    assert page is not None
    assert page.number == person.card.number


def test_in_english_too(world: World) -> None:
    person = world.member("Sakura", "en")
    has_birthday(person)
    said = person.write("rewards")
    assert "A birthday custard" in words(said)
    assert "Use" in taps(said)
    assert "Show at the till" in taps(person.write("card"))


@pytest.mark.parametrize("word", ["特典", "会員証"])
def test_links_are_such_as_line_takes(world: World, word: str) -> None:
    # `write` itself holds every answer against LINE's own limits.
    person = world.member("さくら" * 20)
    happens(person, Adjustment(5_000))
    assert person.write(word)
