"""Members by name: what is known of them, and what they are found by, on both databases."""

from collections.abc import Iterator

import pytest

from bot.phones import e164
from bot.store.members import line_accounts, members, profiles, searching
from bot.store.members.profiles import Profile
from rules.wording.name_search import name_query
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def find(cafe: SmallClub, text: str) -> list[int]:
    with cafe.store.read() as uow:
        return searching.search(uow, name_query(text, e164(text, "JP")))


def known(cafe: SmallClub, member: int, **fields: str) -> None:
    with cafe.store.begin() as uow:
        profiles.put(uow, member, Profile(**fields), at=cafe.now)


def test_a_member_is_found_by_every_name_and_number(cafe: SmallClub) -> None:
    other, hanako = cafe.joins("U1"), cafe.joins("U2")
    known(cafe, hanako, name="髙橋 花子", kana="たかはし はなこ", phone="+819012345678")
    known(cafe, other, name="田中", kana="たなか")
    number = cafe.member(hanako).number
    for text in ("高橋", "橋花", "ﾊﾅｺ", "たかはし", "090-1234-5678", "+81 90 1234 5678", "5678"):
        assert find(cafe, text) == [hanako], text
    assert find(cafe, number) == [hanako]
    assert hanako in find(cafe, number[-4:])
    assert find(cafe, "さくら") == [hanako, other]
    assert find(cafe, "%") == find(cafe, "_") == find(cafe, "佐藤") == []


def test_a_new_name_is_found_and_the_old_one_no_more(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    known(cafe, member, name="田中")
    with cafe.store.begin() as uow:
        line_accounts.set_display_name(uow, "U1", "もみじ")
        profiles.put(uow, member, Profile(name="佐藤"), at=cafe.now)
    assert find(cafe, "田中") == find(cafe, "さくら") == []
    assert find(cafe, "佐藤") == find(cafe, "もみじ") == [member]
    with cafe.store.read() as uow:
        assert profiles.get(uow, member) == Profile(name="佐藤")
        assert profiles.get(uow, member + 1) == Profile()


def test_staff_know_a_member_by_their_own_name_else_by_that_of_the_chat(cafe: SmallClub) -> None:
    def contact(member: int) -> tuple[str, str, bool, bool]:
        with cafe.store.glance() as uow:
            found = profiles.contact(uow, whose[member])
        return found.name, found.profile.note, found.on_line, found.blocked

    on_line, on_paper, shared = cafe.joins("U1"), cafe.joins(), cafe.joins()
    with cafe.store.begin() as uow:
        line_accounts.ensure(uow, "U2", display_name="", language="ja", at=cafe.now)
        line_accounts.ensure(uow, "U3", display_name="はは", language="ja", at=cafe.passes(hours=1))
        line_accounts.link(uow, "U2", shared)
        line_accounts.link(uow, "U3", shared)
        members.set_line_account(uow, shared, "U2")
        line_accounts.set_blocked(uow, "U2", True)
    whose = {member: cafe.member(member) for member in (on_line, on_paper, shared)}
    assert contact(on_line) == ("さくら", "", True, False)
    assert contact(on_paper) == ("", "", False, False)
    assert contact(shared) == ("はは", "", True, True)
    known(cafe, on_paper, name="髙橋 花子", note="窓ぎわ")
    known(cafe, shared, name="田中")
    assert contact(on_paper) == ("髙橋 花子", "窓ぎわ", False, False)
    assert contact(shared) == ("田中", "", True, True)
    with cafe.store.glance() as uow:
        each = {member: profiles.contact(uow, whose[member]) for member in whose}
        assert profiles.contacts(uow, list(whose)) == each


def test_members_from_before_the_search_are_made_searchable(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    with cafe.store.begin() as uow:
        profiles.forget(uow, [member])
        assert profiles.unsearchable(uow, limit=9) == [member]
        members.lock(uow, member)
        profiles.refresh(uow, member)
        assert profiles.unsearchable(uow, limit=9) == []
    assert find(cafe, "さくら") == [member]
