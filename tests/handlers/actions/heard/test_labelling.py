"""Labels for letters by post, on both databases."""

from datetime import timedelta

import pytest

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
