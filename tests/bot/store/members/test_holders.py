"""Card holders in the chat, on both databases."""

from collections.abc import Iterator

import pytest

from bot.store.members import holders, line_accounts
from bot.store.members.holders import Holder
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def test_a_holder_is_an_account_with_the_card_it_speaks_of(cafe: SmallClub) -> None:
    own, childs = cafe.joins("U1"), cafe.joins()
    with cafe.store.begin() as uow:
        account = line_accounts.get(uow, "U1")
        assert account is not None
        assert holders.lock(uow, "U1") == Holder(account, cafe.member(own))
        line_accounts.link(uow, "U1", childs)
        now = holders.lock(uow, "U1")
    assert now is not None
    assert (now.account.member_id, now.member) == (childs, cafe.member(childs))


def test_who_has_no_card_holds_none(cafe: SmallClub) -> None:
    with cafe.store.begin() as uow:
        line_accounts.ensure(uow, "U1", display_name="", language="ja", at=cafe.now)
        assert holders.lock(uow, "U1") is None
        assert holders.lock(uow, "U2") is None
        assert line_accounts.lock(uow, "U1") is not None
        assert line_accounts.lock(uow, "U2") is None
