"""What a member takes along: all that is held of them."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.leaving.export import Leaving, export_to
from bot.store.members.sources import SourceFields
from bot.store.tables.base import metadata
from handlers.actions.counter.purchase import purchase
from handlers.actions.heard.letters import take_letters_back
from handlers.actions.members.came_by import come_by_counter
from handlers.actions.members.membership import erase
from handlers.actions.programme.sources import add_source
from handlers.actions.recording.record import Request
from handlers.showing.exported import IN_THE_FILE, LEFT_OUT, PARTS, Export, export, table
from handlers.showing.viewer import viewer_of
from rules.activity import BirthdayTold, Occasion, Purchase
from rules.base import Lang
from rules.orders.lines import ReceiptLine, bought_lines
from rules.programme.purchases import PurchasePolicy
from rules.wording.texts import keys, say
from tests.handlers.actions.heard.test_labelling import lives
from tests.handlers.actions.heard.test_letters import JANUARY, listed, posts
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.actions.profile.test_fan_steps import does, invited, says
from tests.handlers.clubs import MANAGER, SmallClub


def taken(cafe: SmallClub, member: int, lang: Lang = "ja") -> Export:
    with cafe.store.read() as uow:
        viewer = viewer_of(cafe.club, replace(cafe.member(member), language=lang))
        return export(uow, viewer, account="", shares=False)


def rows(whole: Export, part: str) -> list[list[str]]:
    """The lines of the table's part: day, what, more."""
    read = csv.reader(io.StringIO(table(whole)))
    name = whole.viewer.words.say(f"member_page.part.{part}")
    return [row[1:4] for row in read if row[0] == name]


def letters(cafe: SmallClub, member: int, lang: Lang = "ja") -> list[str]:
    return [each["text"] for each in taken(cafe, member, lang).data["contacts"]]


def test_every_table_with_something_of_a_member_is_in_the_file_or_says_why_not() -> None:
    """A new table needs a place in `export`, or a reason in LEFT_OUT."""
    theirs = {
        name
        for name, table in metadata.tables.items()
        if name == "members" or {"member_id", "user_id"} & set(table.c.keys())
    }
    assert theirs == IN_THE_FILE | LEFT_OUT.keys()
    assert not IN_THE_FILE & LEFT_OUT.keys()
    assert set(PARTS) == {
        key.rpartition(".")[2] for key in keys("ja") if key.startswith("member_page.part.")
    }


def test_what_they_bought_is_taken_along_whichever_of_their_cards_it_was_with(
    cafe: SmallClub,
) -> None:
    keep, other = cafe.joins(), cafe.joins()
    line = ReceiptLine(item="B-200", name="豆", category="beans", quantity=2, yen=900, tax_yen=66)
    with cafe.work() as work:
        lines = bought_lines(PurchasePolicy(), [line])
        request = Request(other, Purchase(900), work.now, "ekimae", lines=lines)
        assert purchase(work.acting("api").under("api:till:1"), request).done
    merges(cafe, keep, other)
    assert taken(cafe, keep).data["bought"] == [
        {
            "day": "2026-01-05", "item": "B-200", "name": "豆", "category": "beans",
            "quantity": 2, "yen": 900, "tax_yen": 66, "returned": 0,
        }
    ]  # fmt: skip


def test_how_their_points_came_about_stands_in_the_words_of_all_that_leaves(
    cafe: SmallClub, tmp_path: Path
) -> None:
    friend, member = cafe.joins("U1"), cafe.joins("U2")
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member)
        cafe.visits(friend)
    for _ in export_to(Leaving(cafe.store, None, ""), tmp_path / "all", cafe.now):
        pass
    told = taken(cafe, member).data["ledger"]
    assert set(told) == {"activities", "entries", "lots", "lot_uses", "rank_changes"}
    assert sum(each["points"] for each in told["entries"]) == cafe.balance(member) > 0
    for name, rows in told.items():
        lines = (tmp_path / "all" / f"{name}.ndjson").read_text("utf-8").splitlines()
        theirs = [row for row in map(json.loads, lines) if row["member_id"] == member]
        assert rows == [{k: v for k, v in row.items() if k in rows[0]} for row in theirs]
        assert not any({"key", "segments", "member_id"} & row.keys() for row in rows)


def test_what_leads_to_another_member_is_not_in_it(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    friend = cafe.joins("U2", referred_by=member)
    cafe.passes(days=1)
    cafe.visits(friend)
    told = [each["what"] for each in taken(cafe, member).data["ledger"]["activities"]]
    assert "Referral" in told
    other = cafe.joins("U3")
    merges(cafe, member, other)
    told = [each["what"] for each in taken(cafe, member).data["ledger"]["activities"]]
    assert told[-1] == "Absorbed"


def test_by_what_they_came_is_taken_along_also_with_another_of_their_cards(
    cafe: SmallClub,
) -> None:
    other, keeper = cafe.joins(), cafe.joins()
    with cafe.work(MANAGER, key=cafe.key()) as work:
        made = add_source(work, SourceFields("駅のポスター", "poster", None))
        assert isinstance(made, int)
        assert come_by_counter(work, other, made)
    assert taken(cafe, keeper).data["membership"]["joined_by"] == "counter"
    merges(cafe, keeper, other)
    assert taken(cafe, keeper).data["membership"]["joined_by"] == "駅のポスター"


def test_a_yes_to_the_fan_steps_its_steps_and_its_badge_are_taken_along(cafe: SmallClub) -> None:
    member = invited(cafe)
    says(cafe, member, yes=False)
    says(cafe, member)
    does(cafe, member, BirthdayTold(5, 12))
    cafe.visits(member)
    does(cafe, member, Occasion("event"))
    whole = taken(cafe, member)
    said = [row[1] for row in rows(whole, "history")]
    no, yes = (say("ja", f"activity.{each}.history") for each in ("fan_declined", "fan_begun"))
    assert [each for each in said if each in (no, yes)] == [no, yes]
    assert whole.data["membership"]["fan_steps"]["done_on"]
    assert whole.data["membership"]["fan_steps"]["invited_on"] == "2026-01-07"
    assert [row[1] for row in rows(whole, "badges")][-1:] == ["認定ファン"]
    merged = cafe.joins("U2")
    key = merges(cafe, merged, member)
    assert taken(cafe, merged).data["membership"]["fan_steps"]["done_on"]
    undoes(cafe, merged, key)
    assert taken(cafe, merged).data["membership"]["fan_steps"] is None
    assert taken(cafe, member).data["membership"]["fan_steps"]["done_on"]


@pytest.mark.parametrize(
    ("lang", "name"), [("ja", "2026年1月のお手紙"), ("en", "The letter of January 2026")]
)
def test_a_letter_by_post_is_taken_along_by_its_name_in_the_readers_language(
    cafe: SmallClub, lang: Lang, name: str
) -> None:
    cafe.publishes(JANUARY)
    keep, other, gone = (lives(cafe, each) for each in ("山田花子", "山田花子", "鈴木一郎"))
    at = cafe.now
    posts(cafe, listed(cafe))
    assert letters(cafe, gone, lang) == [name]
    assert [row[2] for row in rows(taken(cafe, keep, lang), "contacts")] == [name]
    key = merges(cafe, keep, other)
    assert letters(cafe, keep, lang) == [name, name], "what went to the other card as well"
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert erase(work, gone).done
    assert letters(cafe, gone) == []
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert take_letters_back(work, at, "2026年1月のお手紙").noted == 2
    assert letters(cafe, keep) == []
    undoes(cafe, keep, key)
    assert letters(cafe, other) == []
