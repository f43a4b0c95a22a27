import pytest

from bot.store.history.claims import KeyReused
from bot.store.messages import inbox
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.feedback import give_feedback
from handlers.actions.recording.outcome import Outcome
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import CAFE, changed

USER = "U" + "1" * 32


def _says(cafe: SmallClub, member: int, text: str, key: str) -> Outcome:
    with cafe.store.begin() as uow:
        return give_feedback(
            uow, cafe.timeline, member, text, user_id=USER, key=key, at=cafe.now, now=cafe.now
        )


def _redeems(cafe: SmallClub, member: int, reward: str, key: str) -> Outcome:
    with cafe.store.begin() as uow:
        return redeem(
            uow, cafe.timeline, member, reward, key=key, at=cafe.now, by="member", now=cafe.now
        )


def test_feedback_reaches_the_staff_and_earns_once_a_month(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    first = _says(cafe, member, "おいしかった", "f1")
    assert first.points == 20
    assert _says(cafe, member, "おいしかった", "f1") == first
    assert _says(cafe, member, "もう一言", "f2").points == 0
    with pytest.raises(KeyReused):
        _says(cafe, member, "別のこと", "f1")
    with cafe.store.read() as uow:
        assert sorted(letter.text for letter in inbox.open_letters(uow, limit=9)) == [
            "おいしかった", "もう一言",
        ]  # fmt: skip


def test_a_reward_is_taken_from_the_points_that_expire_first(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(days=40)
    _says(cafe, member, "おいしかった", "f1")
    outcome = _redeems(cafe, member, "donation", "r1")
    assert outcome.done
    assert outcome.balance == cafe.balance(member) == 20
    assert _redeems(cafe, member, "donation", "r1") == outcome
    assert _redeems(cafe, member, "donation", "r2").refused == "reward_points"
    assert _redeems(cafe, member, "no_such", "r3").refused == "reward_gone"
    assert cafe.differences(member) == []
    with cafe.store.read() as uow:
        from bot.store.history import ledger

        assert [lot.left for lot in ledger.open_lots(uow, member)] == [20]


def test_a_repeat_after_a_new_price_list_is_still_a_repeat(database_url: str) -> None:
    with club_on(database_url) as cafe:
        member = cafe.joins(USER)
        first = _redeems(cafe, member, "donation", "r1")
        cafe.publishes(changed(CAFE, ("cost = 50\n", "cost = 60\n")))
        cafe.passes(hours=1)
        assert _redeems(cafe, member, "donation", "r1") == first
        assert cafe.differences(member) == []
