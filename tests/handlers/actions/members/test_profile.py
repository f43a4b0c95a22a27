"""What members and staff note of a member: birthday, language, topics, name and number."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.history.claims import KeyReused
from bot.store.members import consents, line_accounts, profiles, searching
from bot.store.members.profiles import Profile
from bot.store.tables import audit_log
from handlers.actions.calendar.occasions import celebrate_birthday
from handlers.actions.members.membership import erase
from handlers.actions.members.profile import (
    ProfileEdit,
    ToldBirthday,
    TopicChoice,
    choose_language,
    choose_topic,
    mend_birthday,
    set_profile,
    tell_birthday,
)
from handlers.actions.recording.outcome import Acknowledgement, Outcome
from rules.facts import Birthday
from rules.programme.earning import Grant
from rules.sending.policy import Topic
from rules.wording.name_search import name_query
from tests.handlers.clubs import DESK, SmallClub

USER = "U" + "1" * 32
TYPED = Profile(" 髙橋\n花子 ", "たかはし", "０９０－１２３４－５６７８", "  いつもラテ ")


def _tells(
    cafe: SmallClub, member: int, month: int, key: str, *, guardian_wording: str | None = None
) -> Outcome:
    told = ToldBirthday(
        member, Birthday(month, 12, 1990), cafe.now, guardian_wording=guardian_wording
    )
    with cafe.work() as work:
        return tell_birthday(work.acting("member").under(key), told)


def test_a_birthday_completes_the_profile_once(cafe: SmallClub) -> None:
    member = cafe.joins()
    first = _tells(cafe, member, 5, "b1")
    assert first.grants == (Grant("profile", 30),)
    corrected = _tells(cafe, member, 6, "b2")
    assert corrected.done
    assert corrected.grants == ()
    assert _tells(cafe, member, 7, "b3").refused == "birthday_changes"
    assert cafe.balance(member) == 80
    assert cafe.differences(member) == []
    # Also after the correction, the first key brings back what came of it.
    assert _tells(cafe, member, 5, "b1") == first
    with pytest.raises(KeyReused):
        _tells(cafe, member, 8, "b1")


def test_however_often_staff_mend_a_birthday_no_year_brings_its_gift_twice(cafe: SmallClub) -> None:
    member = cafe.joins("U1")

    def mends(month: int) -> int:
        told = ToldBirthday(member, Birthday(month, 12), cafe.now, channel="counter")
        with cafe.work() as work:
            assert mend_birthday(work.acting(DESK).under(f"staff:{cafe.key()}"), told).done
        with cafe.work() as work:
            celebrate_birthday(work, member, day=work.day)
        return cafe.balance(member)

    # January is the month that it is.
    without = mends(3)
    given = mends(1)
    assert given > without
    cafe.passes(days=60)
    assert mends(3) == given
    cafe.passes(days=365)
    assert mends(5) == given
    assert mends(3) > given
    assert cafe.member(member).facts.birthday == Birthday(3, 12)
    assert cafe.differences(member) == []


def test_a_guardians_consent_is_kept_once_in_the_words_that_were_shown(cafe: SmallClub) -> None:
    member = cafe.joins()
    for _ in range(2):
        cafe.passes(minutes=1)
        _tells(cafe, member, 5, "b1", guardian_wording="保護者の同意")
    with cafe.store.read() as uow:
        wordings = [c.wording for c in consents.of(uow, member) if c.kind == "guardian"]
    assert wordings == ["保護者の同意"]


def test_a_language_is_chosen_for_the_card_and_the_chat(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    with cafe.work("member") as work:
        choose_language(work, member, "en", at=work.now)
    with cafe.store.read() as uow:
        account = line_accounts.get(uow, USER)
    assert account is not None
    assert account.language == cafe.member(member).language == "en"


def chooses(cafe: SmallClub, member: int, topic: Topic, wanted: bool) -> frozenset[str]:
    cafe.passes(seconds=1)
    with cafe.work("member") as work:
        return choose_topic(work, member, TopicChoice(topic, wanted, work.now))


def test_topics_are_left_and_taken_up_one_by_one(cafe: SmallClub) -> None:
    member = cafe.joins()
    assert chooses(cafe, member, "ranks", False) == {"ranks"}
    assert chooses(cafe, member, "points", False) == {"ranks", "points"}
    assert chooses(cafe, member, "ranks", True) == {"points"}
    assert cafe.member(member).topics_left == ("points",)


def test_of_two_choices_the_later_one_counts_whichever_comes_first(cafe: SmallClub) -> None:
    member = cafe.joins()
    assert chooses(cafe, member, "ranks", False) == {"ranks"}
    with cafe.work("member") as work:
        minute_ago = TopicChoice("ranks", True, work.now - timedelta(minutes=1))
        assert choose_topic(work, member, minute_ago) == {"ranks"}
        assert choose_topic(work, member, TopicChoice("ranks", True, work.now)) == {"ranks"}
        choose_language(work, member, "en", at=work.now)
        choose_language(work, member, "ja", at=work.now - timedelta(minutes=1))
    assert cafe.member(member).language == "en"


def notes(
    cafe: SmallClub, member: int, typed: Profile = TYPED, key: str = "staff:1"
) -> Acknowledgement:
    with cafe.work() as work:
        return set_profile(work.acting(DESK).under(key), member, ProfileEdit(typed))


def test_a_profile_is_kept_in_one_form_and_found(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    assert notes(cafe, member).done
    with cafe.store.read() as uow:
        assert profiles.get(uow, member) == Profile(
            "髙橋 花子", "たかはし", "+819012345678", "いつもラテ"
        )
        assert searching.search(uow, name_query("高橋花子")) == [member]


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
    with cafe.work() as work:
        erase(work.acting("staff").under("x"), member)
    assert notes(cafe, member, key="staff:2").refused == "erased"
    with cafe.store.read() as uow:
        assert profiles.get(uow, member) == Profile()
        for text in ("高橋", "さくら", number, "5678"):
            assert searching.search(uow, name_query(text)) == []
        assert profiles.unsearchable(uow, limit=1) == []
