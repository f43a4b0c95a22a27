"""What staff note of a member."""

from sqlalchemy import select

from bot.store.members import profiles
from bot.store.members.profiles import Profile
from bot.store.tables import audit_log
from handlers.actions.members.membership import erase
from handlers.actions.members.profile import set_profile
from handlers.actions.recording.outcome import Outcome
from rules.wording.name_search import wanted
from tests.handlers.clubs import DESK, SmallClub

TYPED = Profile(" 髙橋\n花子 ", "たかはし", "０９０－１２３４－５６７８", "  いつもラテ ")


def notes(cafe: SmallClub, member: int, typed: Profile = TYPED, key: str = "staff:1") -> Outcome:
    with cafe.writing() as (uow, timeline, now):
        return set_profile(uow, timeline, DESK, member, typed, key=key, now=now)


def test_a_profile_is_kept_in_one_form_and_found(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    assert notes(cafe, member).done
    with cafe.store.read() as uow:
        assert profiles.get(uow, member) == Profile(
            "髙橋 花子", "たかはし", "+819012345678", "いつもラテ"
        )
        assert profiles.search(uow, wanted("高橋花子")) == [member]


def test_the_log_says_what_changed_but_not_into_what(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    notes(cafe, member)
    notes(cafe, member, Profile("髙橋 花子", "たかはし", "09012345678", ""), key="staff:2")
    with cafe.store.read() as uow:
        details = list(uow.run(select(audit_log.c.details).order_by(audit_log.c.id)).scalars())
    assert details == [
        '{"changed": ["name", "kana", "phone", "note"]}', '{"changed": ["note"]}',
    ]  # fmt: skip


def test_an_unusable_number_changes_nothing(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    assert notes(cafe, member, Profile("花子", phone="110")).refused == "phone_unknown"
    with cafe.store.read() as uow:
        assert profiles.get(uow, member) == Profile()


def test_an_erased_member_has_no_profile_and_is_found_by_nothing(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    number = cafe.member(member).number
    notes(cafe, member)
    with cafe.writing() as (uow, timeline, now):
        erase(uow, timeline, member, key="x", by="staff", now=now)
    assert notes(cafe, member, key="staff:2").refused == "erased"
    with cafe.store.read() as uow:
        assert profiles.get(uow, member) == Profile()
        for text in ("高橋", "さくら", number, "5678"):
            assert profiles.search(uow, wanted(text)) == []
        assert profiles.unsearchable(uow, limit=1) == []
