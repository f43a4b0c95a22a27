"""Labels for letters by post, as an owner prints them."""

import re

import pytest

from bot.store.heard import contacts
from bot.store.members import members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.heard.refusing import WayChoice, choose_way
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.profile.steps import StepConsent, agree_to_step
from rules.activity import Membership
from rules.wording.texts import say
from tests.handlers.clubs import DESK
from tests.handlers.profiles import ASKING

from ..conftest import Browser, Desks
from ..members.test_members import KEY, card, somebody
from ..members.test_told import publishes

ADDRESS = "東京都渋谷区渋谷1-2-3"


@pytest.fixture
def owner(desks: Desks) -> Browser:
    publishes(desks, ASKING)
    return desks.signed_in("mori", "owner")


def lives(desks: Desks, name: str, *, postcode: str = "1500002", visits: int = 0) -> int:
    """A member with an address; gives their id."""
    member = card(desks, somebody(desks, name=name, visits=visits)).id
    with desks.club.store.begin() as uow:
        known = Profile(name, postcode=postcode, address=ADDRESS)
        profiles.put(uow, member, known, at=desks.club.now())
    return member


def turns(desks: Desks, member: int, state: Membership) -> None:
    with desks.club.work(DESK, key=f"state:{member}") as work:
        assert change_membership(work, member, state, at=work.now).done


def says_no(desks: Desks, member: int, *, wanted: bool = False) -> None:
    with desks.club.work("member", key=f"no:{member}:{wanted}") as work:
        assert choose_way(work, member, WayChoice("mail", wanted, work.now)).done


def prints(owner: Browser, n: int, name: str = "秋のご案内", **fields: str | list[str]) -> str:
    owner.get("/staff/labels")
    data = {"csrf_token": owner.csrf, "key": KEY.format(n), "name": name, **fields}
    answer = owner.client.post("/staff/labels", data=data, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def named(page: str) -> list[str]:
    return re.findall(r'<p class="name">([^<]+)</p>', page)


def letters(desks: Desks, member: int) -> list[str]:
    with desks.club.store.read() as uow:
        found = contacts.of_members(uow, [member], limit=9)
    return [each.text for each in found if each.kind == "mailed"]


def test_everybody_who_may_be_written_to_has_a_label_and_nobody_else(
    desks: Desks, owner: Browser
) -> None:
    far, near = lives(desks, "山田花子", postcode="9000001"), lives(desks, "鈴木一郎さん")
    no, gone, left, paused = (lives(desks, name) for name in ("不要", "消去", "退会", "休会"))
    somebody(desks, name="住所なし")
    nameless = card(desks, somebody(desks, "U1")).id
    kept, old = lives(desks, "統合"), lives(desks, "統合前")
    with desks.club.store.begin() as uow:
        at = desks.club.now()
        profiles.put(uow, nameless, Profile(postcode="1500002", address=ADDRESS), at=at)
    says_no(desks, no)
    # Said on a card that was merged into theirs since, it is said by them.
    says_no(desks, old)
    with desks.club.work(DESK, key="merge") as work:
        assert merge(work, MergeRequest(kept, old)).done
    turns(desks, left, "left")
    turns(desks, paused, "paused")
    with desks.club.work("member", key="erase") as work:
        assert erase(work, gone).done
    assert "お送りできる方：2名" in owner.get("/staff/labels").text
    page = prints(owner, 1)
    assert named(page) == ["鈴木一郎様", "山田花子様"]
    assert page.count(ADDRESS) == 2
    assert "〒900-0001" in page
    assert letters(desks, far) == letters(desks, near) == ["秋のご案内"]
    assert letters(desks, no) == letters(desks, kept) == letters(desks, left) == []
    with desks.club.store.read() as uow:
        assert members.get(uow, gone) is not None
    log = owner.get("/staff/log").text
    assert "お手紙" in log
    assert "秋のご案内" not in log


def test_a_letter_goes_to_nobody_twice_and_a_form_sent_twice_shows_its_labels_again(
    desks: Desks, owner: Browser
) -> None:
    first, second = lives(desks, "山田花子"), lives(desks, "鈴木一郎")
    assert len(named(prints(owner, 1))) == 2
    # Who said no meanwhile isn't printed once more.
    says_no(desks, second)
    assert named(prints(owner, 1)) == ["山田花子様"]
    assert "もういません" in prints(owner, 2)
    third = lives(desks, "佐藤葵")
    assert named(prints(owner, 3, " 秋の　ご案内 ".replace("　", ""))) == ["佐藤葵様"]
    assert named(prints(owner, 4, "冬のご案内")) == ["山田花子様", "佐藤葵様"]
    assert letters(desks, first) == ["冬のご案内", "秋のご案内"]
    assert letters(desks, third) == ["冬のご案内", "秋のご案内"]
    assert "入っていません" in prints(owner, 5, "  ")
    says_no(desks, second, wanted=True)
    assert named(prints(owner, 6, "冬のご案内")) == ["鈴木一郎様"]


def test_by_rank_and_by_visits(desks: Desks, owner: Browser) -> None:
    lives(desks, "山田花子")
    often = lives(desks, "鈴木一郎", visits=1)
    rank = re.findall(r'name="rank" value="([^"]+)"', owner.get("/staff/labels").text)[-1]
    assert "もういません" in prints(owner, 1, rank=[rank])
    assert named(prints(owner, 2, visits="１")) == ["鈴木一郎様"]
    assert letters(desks, often) == ["秋のご案内"]


def test_where_the_address_takes_a_consent_it_must_stand(desks: Desks, owner: Browser) -> None:
    wants = ASKING.replace('id = "address"\n', 'id = "address"\nconsent = { ja = "同意" }\n', 1)
    publishes(desks, wants)
    agreed, _ = lives(desks, "山田花子"), lives(desks, "鈴木一郎")
    with desks.club.work("member", key="agree") as work:
        agree_to_step(work, agreed, "address", StepConsent("同意", work.now))
    assert named(prints(owner, 1)) == ["山田花子様"]
    # Where the programme asks no address, nobody was told what it is for.
    publishes(
        desks,
        ASKING.replace(
            'id = "address"', 'id = "gender"\nchoices = [{ id = "x", name = { ja = "x" } }]'
        ),
    )
    assert "ご住所をうかがっていない" in owner.get("/staff/labels").text
    assert "もういません" in prints(owner, 2, "冬のご案内")


def test_a_sheet_has_twelve_and_an_address_is_text(desks: Desks, owner: Browser) -> None:
    for n in range(13):
        lives(desks, f"<b>{n}" if n else "山田花子")
    page = prints(owner, 1)
    assert page.count('<section class="sheet">') == 2
    assert "<b>" not in page
    assert "default-src" in owner.get("/staff/labels").headers["Content-Security-Policy"]


def test_labels_that_were_spoilt_are_taken_back_and_made_anew(desks: Desks, owner: Browser) -> None:
    people = [lives(desks, name) for name in ("山田花子", "鈴木一郎")]
    assert len(named(prints(owner, 1))) == 2
    page = owner.get("/staff/labels").text
    [its] = re.findall(r'name="noted" value="([^"]+)"', page)
    assert "秋のご案内" in page
    answer = owner.post("/staff/letters/back", noted=its, page="labels", key=KEY.format(2))
    assert answer.headers["Location"].startswith("/staff/labels?")
    assert say("ja", "staff.letters.done.back") in owner.get(answer.headers["Location"]).text
    assert [letters(desks, each) for each in people] == [[], []]
    assert len(named(prints(owner, 3))) == 2
    assert 'name="noted"' not in owner.get("/staff/letters").text, "those of rounds alone"
