"""Labels for letters by post, on both databases."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from bot.store import UnitOfWork
from bot.store.finding import addressees
from bot.store.finding.addressees import PostalAddressee
from bot.store.heard import contacts
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from handlers.actions.heard import labelling
from handlers.actions.heard.labelling import Labelled, Mailing, write_to
from handlers.actions.heard.refusing import WayChoice, choose_way
from handlers.actions.members.membership import erase
from handlers.actions.profile.steps import StepConsent, agree_to_step, take_away
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.profiles import ASKING
from tests.waiting import SECONDS_MAX

LETTER = Mailing("秋のご案内")


def lives(club: SmallClub, name: str, postcode: str = "1500002") -> int:
    member = club.joins()
    with club.store.begin() as uow:
        known = Profile(name, postcode=postcode, address="東京都渋谷区渋谷1-2-3")
        profiles.put(uow, member, known, at=club.now)
    return member


def prints(club: SmallClub, mailing: Mailing = LETTER, key: str = "") -> Labelled:
    with club.work(MANAGER, key=key or club.key()) as work:
        return write_to(work, mailing)


def test_a_letter_goes_once_by_postcode_to_who_wants_it_and_again_next_year(
    cafe: SmallClub,
) -> None:
    cafe.publishes(ASKING)
    far, near = lives(cafe, "山田花子", "9000001"), lives(cafe, "鈴木一郎")
    no = lives(cafe, "不要")
    with cafe.work("member", key=cafe.key()) as work:
        assert choose_way(work, no, WayChoice("mail", False, cafe.now)).done
    assert prints(cafe, key="staff:1") == prints(cafe, key="staff:1") == Labelled((near, far))
    assert prints(cafe, Mailing(" 秋のご案内 ")).refused == "labels_none"
    with cafe.work("member", key=cafe.key()) as work:
        assert erase(work, near).done
    assert prints(cafe, Mailing("冬のご案内")).member_ids == (far,)
    with cafe.store.read() as uow:
        written = [[each.kind for each in contacts.of_members(uow, [m], limit=9)]
                   for m in (far, near, no)]  # fmt: skip
    assert written == [["mailed", "mailed"], [], []]
    cafe.passes(days=360)
    assert prints(cafe).member_ids == (far,)


def test_the_consent_for_the_address_stands_until_it_is_taken_back(cafe: SmallClub) -> None:
    cafe.publishes(
        ASKING.replace('id = "address"\n', 'id = "address"\nconsent = { ja = "同意" }\n', 1)
    )
    member, _ = lives(cafe, "山田花子"), lives(cafe, "鈴木一郎")
    with cafe.work("member", key=cafe.key()) as work:
        agree_to_step(work, member, "address", StepConsent("同意", cafe.now))
    assert prints(cafe).member_ids == (member,)
    with cafe.work("member", key=cafe.key()) as work:
        assert take_away(work, member, "address", at=cafe.now + timedelta(seconds=1)).done
    assert prints(cafe, Mailing("冬のご案内")).refused == "labels_none"


def test_what_one_print_leaves_comes_with_the_next(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, "LABELS_MAX", 2)
    cafe.publishes(ASKING)
    everybody = [lives(cafe, f"会員{name}") for name in "一二三"]
    printed = [prints(cafe).member_ids for _ in range(2)]
    assert printed == [tuple(everybody[:2]), (everybody[2],)]
    assert prints(cafe).refused == "labels_none"


def test_two_who_print_at_one_moment_write_to_nobody_twice(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe.publishes(ASKING)
    everybody = tuple(lives(cafe, f"会員{name}") for name in "一二三")
    ready, found = Barrier(2), addressees.without
    firsts = [0, 0]

    def looks(
        uow: UnitOfWork, some: Sequence[PostalAddressee], letter: str, *, since: datetime
    ) -> list[PostalAddressee]:
        """Both have looked before either goes on, but for SQLite, where one writes at a time."""
        left = found(uow, some, letter, since=since)
        if firsts and not uow.is_sqlite:
            firsts.pop()
            ready.wait(SECONDS_MAX)
        return left

    monkeypatch.setattr(addressees, "without", looks)
    with ThreadPoolExecutor(2) as pool:
        printed = list(pool.map(lambda key: prints(cafe, key=key), ("staff:1", "staff:2")))
    assert sorted(each.member_ids for each in printed) == [(), everybody]
    assert {each.refused for each in printed} == {None, "labels_none"}


def test_a_rank_that_no_database_can_hold_is_nobodys(cafe: SmallClub) -> None:
    cafe.publishes(ASKING)
    lives(cafe, "山田花子")
    assert prints(cafe, Mailing("秋のご案内", ("\0",))).refused == "labels_none"
    assert prints(cafe, Mailing("秋のご案内", (), 10**15 - 1)).refused == "labels_none"
