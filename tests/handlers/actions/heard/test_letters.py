"""Rounds of letters, on both databases: each gets one, whoever posts them how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

from bot.store.heard import contacts
from bot.store.staff import audit_pages
from bot.store.staff.audit_pages import AuditQuery
from handlers.actions.heard.contacting import Deed, note_contact
from handlers.actions.heard.letters import (
    PostedLetters,
    PostedOutcome,
    is_time,
    note_posted,
    posted_lately,
    round_now,
    take_letters_back,
    to_write_to,
)
from handlers.actions.heard.refusing import WayChoice, choose_way
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.profile.steps import take_away
from tests.handlers.actions.heard.test_labelling import lives
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.profiles import ASKING
from tests.waiting import SECONDS_MAX

#: The café's clock stands at the fifth of January.
JANUARY = f"""{ASKING}
[letters]
months = [1, 7]
"""


def listed(cafe: SmallClub) -> PostedLetters:
    """What the page has now."""
    with cafe.club.reading() as work:
        its = round_now(work)
        assert its is not None
        found = to_write_to(work, its)
    return PostedLetters(its.begins, tuple(each.member_id for each in found))


def posts(cafe: SmallClub, posted: PostedLetters, key: str = "") -> PostedOutcome:
    with cafe.work(MANAGER, key=key or cafe.key()) as work:
        return note_posted(work, posted)


def letters(cafe: SmallClub, member: int) -> list[str]:
    with cafe.store.read() as uow:
        found = contacts.of_members(uow, [member], limit=9)
    return [each.text for each in found if each.kind == "mailed"]


def tells(cafe: SmallClub) -> bool:
    with cafe.club.reading() as work:
        return is_time(work)


def test_the_list_is_posted_once_and_is_told_of_until_everybody_has_had_theirs(
    cafe: SmallClub,
) -> None:
    assert not tells(cafe)
    cafe.publishes(JANUARY)
    first, second = lives(cafe, "山田花子"), lives(cafe, "鈴木一郎")
    assert tells(cafe)
    posted = listed(cafe)
    assert posted.member_ids == (first, second)
    later = lives(cafe, "佐藤次郎")
    for _ in range(2):
        assert posts(cafe, posted, "staff:1") == PostedOutcome(2)
    assert posts(cafe, posted).refused == "letters_none"
    assert [letters(cafe, each) for each in (first, second, later)] == [
        ["2026年1月のお手紙"], ["2026年1月のお手紙"], [],
    ]  # fmt: skip
    assert tells(cafe)
    assert listed(cafe).member_ids == (later,)
    assert posts(cafe, listed(cafe)) == PostedOutcome(1)
    assert not tells(cafe)
    cafe.passes(days=180)
    assert tells(cafe), "it is July"
    assert listed(cafe).member_ids == (first, second, later)


def test_who_wants_none_any_more_is_left_out_and_counted(cafe: SmallClub) -> None:
    cafe.publishes(JANUARY)
    wants, no, moved, gone = (lives(cafe, f"会員{name}") for name in "一二三四")
    posted = listed(cafe)
    with cafe.work("member", key=cafe.key()) as work:
        assert choose_way(work, no, WayChoice("mail", False, work.now)).done
        assert take_away(work.under("staff:away"), moved, "address", at=work.now).done
        assert change_membership(work.under("staff:left"), gone, "left", at=work.now).done
    assert posts(cafe, posted) == PostedOutcome(1, 3)
    assert [letters(cafe, each) for each in (wants, no, moved, gone)] == [
        ["2026年1月のお手紙"], [], [], [],
    ]  # fmt: skip


def test_two_cards_that_became_one_since_get_one_letter(cafe: SmallClub) -> None:
    cafe.publishes(JANUARY)
    keep, other = lives(cafe, "山田花子"), lives(cafe, "山田花子")
    posted = listed(cafe)
    merges(cafe, keep, other)
    assert posts(cafe, posted) == PostedOutcome(1, 1)
    assert listed(cafe).member_ids == ()


def test_the_programme_says_to_whom(cafe: SmallClub) -> None:
    often, away, never = (lives(cafe, f"会員{name}") for name in "一二三")
    cafe.visits(away)
    cafe.passes(days=30)
    cafe.visits(often)
    cafe.passes(days=1)
    cafe.publishes(f"{ASKING}\n[letters]\nmonths = [2]\nwithin_days = 10\n")
    assert listed(cafe).member_ids == (often,)
    cafe.publishes(f"{ASKING}\n[letters]\nmonths = [2]\naway_days = 20\n")
    assert listed(cafe).member_ids == (away,)
    cafe.publishes(f"{ASKING}\n[letters]\nmonths = [2]\nvisits_min = 1\n")
    assert set(listed(cafe).member_ids) == {often, away}, never
    posted = listed(cafe)
    cafe.publishes(ASKING)
    assert posts(cafe, posted) == PostedOutcome(2), "what was printed is posted all the same"


def test_two_who_post_at_one_moment_note_nobody_twice(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe.publishes(JANUARY)
    everybody = tuple(lives(cafe, f"会員{name}") for name in "一二三")
    posted, ready = listed(cafe), Barrier(2)
    with ThreadPoolExecutor(2) as pool:

        def does(key: str) -> PostedOutcome:
            ready.wait(SECONDS_MAX)
            return posts(cafe, posted, key)

        outcomes = list(pool.map(does, ("staff:1", "staff:2")))
    assert sorted(each.noted for each in outcomes) == [0, 3]
    assert {each.refused for each in outcomes} == {None, "letters_none"}
    assert [len(letters(cafe, each)) for each in everybody] == [1, 1, 1]


NAME = "2026年1月のお手紙"


def takes_back(cafe: SmallClub, n: int = 0, key: str = "") -> PostedOutcome:
    """What was noted last but `n`."""
    with cafe.club.reading() as work:
        its = posted_lately(work)[n]
    with cafe.work(MANAGER, key=key or cafe.key()) as work:
        return take_letters_back(work, its.at, its.text)


def test_what_was_noted_by_mistake_is_taken_back_with_everybody_of_it(cafe: SmallClub) -> None:
    cafe.publishes(JANUARY)
    first, second = lives(cafe, "山田花子"), lives(cafe, "鈴木一郎")
    posts(cafe, listed(cafe))
    cafe.passes(hours=1)
    third = lives(cafe, "佐藤次郎")
    posts(cafe, listed(cafe))
    assert not tells(cafe)
    with cafe.club.reading() as work:
        assert [each.count for each in posted_lately(work)] == [1, 2]
    assert takes_back(cafe, 1) == PostedOutcome(2)
    assert [letters(cafe, each) for each in (first, second, third)] == [[], [], [NAME]]
    assert tells(cafe)
    assert listed(cafe).member_ids == (first, second)
    assert posts(cafe, listed(cafe)) == PostedOutcome(2), "and posted once more"
    assert not tells(cafe)


def test_an_old_page_that_is_sent_again_after_that_does_not_say_that_it_was_noted(
    cafe: SmallClub,
) -> None:
    cafe.publishes(JANUARY)
    lives(cafe, "山田花子")
    page = listed(cafe)
    for _ in range(2):
        assert posts(cafe, page, "page:1") == PostedOutcome(1)
    takes_back(cafe)
    assert posts(cafe, page, "page:1").refused == "letters_back"
    assert posts(cafe, listed(cafe), "page:2") == PostedOutcome(1)


def test_taken_back_twice_is_taken_back_once(cafe: SmallClub) -> None:
    cafe.publishes(JANUARY)
    one, gone = lives(cafe, "山田花子"), lives(cafe, "鈴木一郎")
    posts(cafe, listed(cafe))
    at = cafe.now
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert erase(work, gone).done
    for _ in range(2):
        assert takes_back_at(cafe, at, "back:1") == PostedOutcome(1)
    assert takes_back_at(cafe, at, "back:2").refused == "letters_back"
    assert letters(cafe, one) == []
    with cafe.store.read() as uow:
        found = audit_pages.page(uow, AuditQuery(member_id=one), before=None, limit=9)
    noted = [each.action for each in found]
    assert (noted.count("mailed"), noted.count("mail_undone")) == (1, 1)


def takes_back_at(cafe: SmallClub, at: datetime, key: str) -> PostedOutcome:
    with cafe.work(MANAGER, key=key) as work:
        return take_letters_back(work, at, NAME)


def test_cards_that_became_one_and_two_again_wait_once_more(cafe: SmallClub) -> None:
    cafe.publishes(JANUARY)
    keep, other = lives(cafe, "山田花子"), lives(cafe, "山田花子")
    posts(cafe, listed(cafe))
    key = merges(cafe, keep, other)
    assert takes_back(cafe) == PostedOutcome(2)
    assert listed(cafe).member_ids == (keep,)
    undoes(cafe, keep, key)
    assert listed(cafe).member_ids == (keep, other)


def test_what_somebody_wrote_to_one_member_is_no_round(cafe: SmallClub) -> None:
    member = lives(cafe, "山田花子")
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert note_contact(work, Deed(member, "mailed", "お礼状")).done
    with cafe.club.reading() as work:
        assert posted_lately(work) == []
