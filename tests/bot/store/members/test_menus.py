from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.store import Store
from bot.store.members import line_accounts, members, menus
from bot.store.members.members import MemberToBe
from bot.store.members.menus import MenuChange
from rules.base import Lang
from rules.facts import newcomer
from rules.science.drift import Foresight
from rules.science.learned import PRIOR
from tests.rules.builders import club

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
FORESIGHT = Foresight(PRIOR, club().shop)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def add(store: Store, user: str | None, *, number: str, language: Lang = "ja") -> int:
    facts = newcomer(NOW.date(), NOW)
    with store.begin() as uow:
        new = MemberToBe(facts, number, language, NOW, line_user_id=user)
        [member] = members.insert_members(uow, [new], FORESIGHT)
        if user:
            line_accounts.ensure(uow, user, display_name="", language=language, at=NOW)
            line_accounts.link(uow, user, member.id)
    return member.id


def promote(store: Store, member_id: int, rank: str | None) -> None:
    with store.begin() as uow:
        member = members.lock(uow, member_id)
        state = replace(member.facts.rank, id=rank)
        members.save(uow, replace(member, facts=replace(member.facts, rank=state)), FORESIGHT)


def due(store: Store, limit: int = 10) -> list[MenuChange]:
    with store.read() as uow:
        return menus.due(uow, limit=limit)


def done(store: Store) -> None:
    links = due(store)
    with store.begin() as uow:
        menus.note_linked(uow, links)


def deploy(store: Store, by_key: dict[str, str]) -> None:
    with store.begin() as uow:
        menus.set_menu_ids(uow, by_key)
    menus.forget_changed(store)


def test_a_new_member_is_due_once_and_again_with_another_rank_or_language(store: Store) -> None:
    member = add(store, "U1", number="1")
    assert due(store) == [MenuChange(member, "U1", "ja:", True)]
    done(store)
    assert due(store) == []
    promote(store, member, "gold")
    assert due(store) == [MenuChange(member, "U1", "ja:gold", True)]
    done(store)
    with store.begin() as uow:
        members.set_language(uow, member, "en")
    assert [link.key for link in due(store)] == ["en:gold"]
    done(store)
    promote(store, member, None)
    assert [link.key for link in due(store)] == ["en:"]


def test_a_change_while_line_was_asked_is_due_again(store: Store) -> None:
    member = add(store, "U1", number="1")
    links = due(store)
    promote(store, member, "silver")
    with store.begin() as uow:
        menus.note_linked(uow, links)
    assert [link.key for link in due(store)] == ["ja:silver"]


def test_somebody_without_line_has_no_menu(store: Store) -> None:
    add(store, None, number="1")
    assert due(store) == []


def test_only_the_card_that_the_chat_speaks_of_chooses_its_menu(store: Store) -> None:
    first, second = add(store, "U1", number="1"), add(store, "U1", number="2")
    assert {(link.member_id, link.is_shown) for link in due(store)} == {
        (first, False), (second, True),
    }  # fmt: skip
    done(store)
    with store.begin() as uow:
        line_accounts.link(uow, "U1", first)
    assert {link.member_id for link in due(store) if link.is_shown} == {first}


def test_who_blocked_the_account_is_linked_when_they_come_back(store: Store) -> None:
    member = add(store, "U1", number="1")
    with store.begin() as uow:
        line_accounts.set_blocked(uow, "U1", True)
    assert [link.is_shown for link in due(store)] == [False]
    done(store)
    with store.begin() as uow:
        line_accounts.set_blocked(uow, "U1", False)
    assert due(store) == [MenuChange(member, "U1", "ja:", True)]


def test_the_due_ones_come_a_few_at_a_time(store: Store) -> None:
    ids = [add(store, f"U{n}", number=str(n)) for n in range(5)]
    assert [link.member_id for link in due(store, limit=3)] == ids[:3]


def test_another_deployment_concerns_only_those_whose_menu_is_another_now(store: Store) -> None:
    gold, plain = add(store, "U1", number="1"), add(store, "U2", number="2")
    promote(store, gold, "gold")
    deploy(store, {"ja:": "a", "ja:gold": "b"})
    with store.begin() as uow:
        assert menus.menu_ids(uow) == {"ja:": "a", "ja:gold": "b"}
    done(store)
    deploy(store, {"ja:": "a", "ja:gold": "c"})
    assert [link.member_id for link in due(store)] == [gold]
    done(store)
    deploy(store, {"ja:": "a", "ja:gold": "c"})
    assert due(store) == []
    deploy(store, {})
    assert {link.member_id for link in due(store)} == {gold, plain}


def test_what_a_deployment_that_died_left_is_found_by_the_next_look(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(menus, "PAGE", 2)
    ids = [add(store, f"U{n}", number=str(n)) for n in range(5)]
    deploy(store, {"ja:": "a"})
    done(store)
    for changed in ("b", "c"):
        with store.begin() as uow:
            menus.set_menu_ids(uow, {"ja:": changed})
    assert due(store) == []
    menus.forget_changed(store)
    assert [link.member_id for link in due(store)] == ids
    done(store)
    menus.forget_changed(store)
    assert due(store) == []


def test_before_the_first_deployment_there_is_none(store: Store) -> None:
    with store.read() as uow:
        assert menus.menu_ids(uow) == {}
