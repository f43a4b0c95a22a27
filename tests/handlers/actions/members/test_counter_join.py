"""A card made at the counter, for somebody without LINE."""

import pytest

from bot.store.members import consents, members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.reissue import ISSUE_MAX, reissue
from handlers.actions.recording.outcome import Outcome
from rules.facts import Birthday
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DESK, SmallClub

HANAKO = Profile("髙橋 花子", "たかはし はなこ", "090-1234-5678", "窓ぎわの席がお好き")


def joins(cafe: SmallClub, key: str = "staff:1", **more: object) -> Outcome:
    fields = {"language": "ja", "purpose": "ポイントのため", "profile": HANAKO} | more
    with cafe.work() as work:
        return join_at_counter(work.acting(DESK).under(key), Newcomer(**fields))  # type: ignore[arg-type]


def test_somebody_without_line_gets_a_card_a_profile_and_the_welcome(cafe: SmallClub) -> None:
    outcome = joins(cafe, birthday=Birthday(5, 12, 1958))
    member = cafe.member(outcome.member_id)
    assert member.line_user_id is None
    assert member.facts.source == "counter"
    assert member.facts.birthday == Birthday(5, 12, 1958)
    assert outcome.balance == member.facts.balance == outcome.points > 50
    with cafe.store.read() as uow:
        assert profiles.get(uow, member.id).phone == "+819012345678"
        (purpose,) = consents.of(uow, member.id)
    assert (purpose.kind, purpose.channel, purpose.wording) == (
        "purpose", "counter", "ポイントのため",
    )  # fmt: skip
    assert cafe.differences(member.id) == []
    assert audited(cafe) == [("join", 7, "ekimae", 3, member.id)]


def test_who_agrees_to_sms_is_noted_with_the_words_and_needs_a_number(cafe: SmallClub) -> None:
    words = "SMSでお知らせします"
    assert joins(cafe, "staff:1", profile=Profile("花子"), sms=words).refused == "phone_unknown"
    member = joins(cafe, "staff:2", sms=words).member_id
    assert joins(cafe, "staff:2", sms=words).member_id == member
    with cafe.store.read() as uow:
        [agreed] = [each for each in consents.of(uow, member) if each.kind == consents.SMS]
        assert consents.sms_agreed_at(uow, member) == cafe.now
    assert (agreed.channel, agreed.wording) == ("counter", words)
    assert [line[0] for line in audited(cafe)] == ["join", "sms_agree"]


def test_the_same_form_sent_twice_makes_one_card(cafe: SmallClub) -> None:
    assert joins(cafe) == joins(cafe)
    with cafe.store.read() as uow:
        assert members.get(uow, 2) is None


def test_a_child_joins_with_a_guardians_consent_only(cafe: SmallClub) -> None:
    child = Birthday(5, 12, 2018)
    assert joins(cafe, "staff:1", birthday=child).refused == "guardian_missing"
    with cafe.store.read() as uow:
        assert members.get(uow, 1) is None
    outcome = joins(cafe, "staff:2", birthday=child, guardian="保護者として同意します")
    with cafe.store.read() as uow:
        given = {consent.kind: consent for consent in consents.of(uow, outcome.member_id)}
    assert given["guardian"].wording == "保護者として同意します"
    assert given["guardian"].channel == "counter"


@pytest.mark.parametrize(
    ("profile", "refusal"),
    [
        (Profile("", "", "090-1234-5678"), "profile_name"),
        (Profile("花" * 61), "profile_long"),
        (Profile("花子", note="長" * 501), "profile_long"),
        (Profile("花子", phone="12"), "phone_unknown"),
    ],
)
def test_a_card_needs_a_name_and_what_is_typed_must_be_usable(
    cafe: SmallClub, profile: Profile, refusal: str
) -> None:
    assert joins(cafe, profile=profile).refused == refusal
    assert audited(cafe) == []


def test_a_birthday_to_come_is_refused(cafe: SmallClub) -> None:
    assert joins(cafe, birthday=Birthday(5, 12, 2030), guardian="はい").refused == "birthday_year"


def test_a_lost_card_is_issued_anew(cafe: SmallClub) -> None:
    member = joins(cafe).member_id
    for key in ("r1", "r1", "r2"):
        with cafe.work() as work:
            assert reissue(work.acting(DESK).under(key), member).done
    assert cafe.member(member).issue == 3
    assert [line[0] for line in audited(cafe)] == ["join", "reissue", "reissue"]


def test_a_card_that_fits_no_code_any_more_is_not_issued(cafe: SmallClub) -> None:
    member = joins(cafe).member_id
    with cafe.work() as work:
        members.set_issue(work.uow, member, ISSUE_MAX)
        assert reissue(work.acting(DESK).under("r1"), member).refused == "card_issues"
    assert cafe.member(member).issue == ISSUE_MAX
