import pytest

from bot.store.history.claims import KeyReused
from bot.store.members import consents, line_accounts
from handlers.actions.members.profile import Birthday, choose_language, choose_topic, tell_birthday
from handlers.actions.recording.outcome import Outcome
from rules.programme.earning import Grant
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32


def _tells(
    cafe: SmallClub, member: int, month: int, key: str, *, guardian_wording: str | None = None
) -> Outcome:
    told = Birthday(key, member, month, 12, 1990, cafe.now, guardian_wording)
    with cafe.store.begin() as uow:
        return tell_birthday(uow, cafe.timeline, told, now=cafe.now)


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
    with cafe.store.begin() as uow:
        choose_language(uow, member, "en")
    with cafe.store.read() as uow:
        account = line_accounts.get(uow, USER)
    assert account is not None
    assert account.language == cafe.member(member).language == "en"


def test_topics_are_left_and_taken_up_one_by_one(cafe: SmallClub) -> None:
    member = cafe.joins()
    with cafe.store.begin() as uow:
        choose_topic(uow, member, "ranks", wanted=False)
        assert choose_topic(uow, member, "points", wanted=False) == {"ranks", "points"}
        assert choose_topic(uow, member, "ranks", wanted=True) == {"points"}
    assert cafe.member(member).topics_left == ("points",)
