import pytest

from bot.store.finding.due_members import count_members
from bot.store.history.claims import KeyReused
from bot.store.members import consents, line_accounts, members
from handlers.actions.members.card_numbers import is_card_number, referral_code
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.outcome import Outcome
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32


def _join(cafe: SmallClub, key: str, **more: object) -> Outcome:
    given = {"at": cafe.now, "language": "ja", "purpose": "ポイントのため", **more}
    with cafe.work() as work:
        return join(work.acting("member").under(key), JoinRequest(**given))  # type: ignore[arg-type]


def _count(cafe: SmallClub) -> int:
    with cafe.store.read() as uow:
        return count_members(uow)


def test_a_newcomer_gets_a_card_with_a_number_and_the_welcome(cafe: SmallClub) -> None:
    outcome = _join(cafe, "j1", line_user_id=USER)
    member = cafe.member(outcome.member_id)
    assert is_card_number(member.number)
    assert outcome.points == outcome.balance == member.facts.balance == 50
    with cafe.store.read() as uow:
        assert members.by_code(uow, "number", member.number) == member.id
        assert [c.wording for c in consents.of(uow, member.id)] == ["ポイントのため"]
        account = line_accounts.get(uow, USER)
    assert account is not None
    assert account.member_id == member.id
    assert cafe.differences(member.id) == []


def test_somebody_who_has_a_card_keeps_it(cafe: SmallClub) -> None:
    first = _join(cafe, "j1", line_user_id=USER)
    again = _join(cafe, "j2", line_user_id=USER)
    assert again == Outcome(first.member_id)
    assert _count(cafe) == 1


@pytest.mark.parametrize("user_id", [USER, None])
def test_a_repeat_of_the_key_gives_the_first_outcome_back(
    cafe: SmallClub, user_id: str | None
) -> None:
    source = "line" if user_id else "counter"
    first = _join(cafe, "j1", line_user_id=user_id, source=source)
    cafe.passes(days=1)
    assert _join(cafe, "j1", line_user_id=user_id, source=source) == first
    assert _count(cafe) == 1


def test_the_key_of_one_joining_does_not_serve_another(cafe: SmallClub) -> None:
    _join(cafe, "j1", line_user_id=USER)
    with pytest.raises(KeyReused):
        _join(cafe, "j1", line_user_id="U" + "2" * 32)
    assert _count(cafe) == 1


def test_a_referral_code_stays_the_same(cafe: SmallClub) -> None:
    member = cafe.joins()
    with cafe.store.begin() as uow:
        code = referral_code(uow, member)
        assert referral_code(uow, member) == code
        assert members.by_code(uow, "referral", code) == member
    assert len(code) == 6
