"""From following to a regular, as the owner is told by command and staff on a member's page."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.store.members import line_accounts
from handlers.showing.card_links import card_link
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Customer, Town


@pytest.fixture
def people(shop: Town) -> dict[str, Customer]:
    """One for each stage, the last one at the counter every other day."""
    names = ("follows", "looks", "tries", "begins", "regular", "opens")
    found = {name: shop.newcomer(name) for name in names}
    for each in found.values():
        each.follows()
    found["looks"].writes("特典")
    found["opens"].taps("do=help")
    coming = {"tries": 1, "begins": 2, "regular": 4}
    for day in range(4):
        for name, times in coming.items():
            if day < times:
                found[name].opens(shop.counter_link())
        shop.skips_to_day(shop.today() + timedelta(days=1))
    return found


def told(shop: Town, *words: str) -> str:
    done = shop.http.application.test_cli_runner().invoke(args=["funnel", *words])
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_the_owner_reads_how_many_went_on_and_where_they_stand(
    shop: Town, people: dict[str, Customer]
) -> None:
    lines = told(shop, "--lang", "ja").splitlines()
    assert "6人の方の歩み" in lines[0]
    counts = [line.strip().partition("（")[0].rpartition("：")[2] for line in lines[1:8]]
    assert counts == ["6人", "6人", "5人", "3人", "2人", "1人", "1人"]
    assert "まだ途中の方1人" in lines[2]
    assert [line.strip() for line in lines[lines.index("いまの段階：") + 1 :][:5]] == [
        "知っている：1人", "興味がある：2人", "一度来た：1人", "通いはじめた：1人",
        "常連になった：1人",
    ]  # fmt: skip
    assert "止まった方" not in "".join(lines[:9])
    # Two months on those who went no further have stopped; who left stands nowhere.
    people["follows"].writes("退会")
    people["follows"].taps("do=leave&yes=1")
    shop.skips(days=61)
    later = told(shop, "--lang", "en")
    assert "Most have stopped at “Looked at card or rewards”: 2." in later
    assert "knows us: 0" in later
    assert "1 more have left." in later
    assert "has become a regular: 1" in later


def test_a_period_without_anybody_and_one_that_is_none_are_told(shop: Town) -> None:
    assert "新しく始まった方はいません" in told(shop, "--until", "2020-01-01", "--lang", "ja")
    asked = ["funnel", "--since", "2021-01-02", "--until", "2021-01-01"]
    done = shop.http.application.test_cli_runner().invoke(args=asked)
    assert done.exit_code == 1
    assert "--since lies after --until" in done.output


def test_who_opens_the_cards_page_has_looked_and_the_first_time_counts(shop: Town) -> None:
    sakura = shop.newcomer()
    sakura.follows()
    assert "興味がある：0人" in told(shop, "--lang", "ja")
    looked = []
    for _ in range(2):
        link = card_link(shop.club, sakura.member, account=sakura.user_id)
        assert shop.http.get(urlsplit(link).path).status_code == 303
        with shop.club.store.read() as uow:
            account = line_accounts.get(uow, sakura.user_id)
        assert account is not None
        looked.append(account.looked_at)
        shop.skips(days=2)
        sakura.writes("ポイント")
    assert looked[0] is not None
    assert looked[0] == looked[1]
    assert "興味がある：1人" in told(shop, "--lang", "ja")


def test_staff_read_the_stage_in_plain_words(
    shop: Town, people: dict[str, Customer], counter: Counter
) -> None:
    expected = {
        "follows": "知っている",
        "looks": "興味がある",
        "tries": "一度来た",
        "begins": "通いはじめた",
        "regular": "常連になった",
    }
    for name, stage in expected.items():
        number = people[name].member.number
        page = counter.browser.get(counter.browser.address(f"/staff/members/{number}"))
        assert f"<dt>段階</dt><dd>{stage}</dd>" in page.text, name
