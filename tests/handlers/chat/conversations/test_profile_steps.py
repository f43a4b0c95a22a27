"""The steps of a profile in the chat: one question after another, left and taken up again."""

import re
from datetime import timedelta

import pytest

from bot.store.members import consents, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.membership import erase
from handlers.jobs.delivery.sms import SmsDelivery
from handlers.jobs.night.audit import audit_member
from rules.profile.steps import wording_mark
from tests.handlers.profiles import ADDRESS, ASKING, CONSENT, WHOLE

from ..conftest import Person, World, taps, words
from .test_old_card import Telephones


@pytest.fixture
def asking(any_world: World) -> World:
    any_world.publish_text(ASKING)
    return any_world


@pytest.fixture
def telephones(asking: World) -> Telephones:
    door = Telephones()
    object.__setattr__(asking.club, "sms", door)
    return door


def known(person: Person) -> Profile:
    with person.world.club.store.read() as uow:
        return profiles.get(uow, person.card.id)


def consented(person: Person) -> dict[str, str]:
    with person.world.club.store.read() as uow:
        return {each.kind: each.wording for each in consents.of(uow, person.card.id)}


def opens(person: Person, step: str) -> str:
    return words(person.tap("profile_step", step=step))


def code(telephones: Telephones, person: Person) -> str:
    """The code in the SMS that came last."""
    SmsDelivery(person.world.club).deliver_due()
    found = re.search(r"\d{6}", telephones.came[-1][1])
    assert found is not None
    return found[0]


def test_a_whole_profile_is_told_question_by_question(
    asking: World, telephones: Telephones
) -> None:
    person = asking.member("さくら")
    before = person.card.facts.balance
    overview = person.write("プロフィール")
    assert "6項目のうち0項目" in words(overview)
    assert "すべてのご登録で30ポイント" in words(overview)
    asked = words(person.tap_data(taps(overview)["つづきを登録する"]))
    assert "お呼びするときに使います。" in asked
    said = words(person.write("山田　花子"))
    assert "+7" in said
    assert "フリガナを送って" in said
    said = words(person.write("やまだ はなこ"))
    assert "年代をお選び" in said
    assert CONSENT in words(person.tap("profile_step", step="age_band", choose="over_30"))
    assert "いくつでも" in words(
        person.tap("profile_step", step="interests", agree=wording_mark(CONSENT))
    )
    added = words(person.tap("profile_step", step="interests", add="back"))
    assert "+5ポイント" in added
    assert "選択中" in added
    person.tap("profile_step", step="interests", add="sauna")
    said = words(person.tap("profile_step", step="interests", these=1))
    assert "6項目のうち4項目" in said
    assert "米国" in said
    assert "090-1234-5678" in words(person.write("090 1234 5678"))
    assert telephones.came == []
    assert "+20" in words(person.write(code(telephones, person)))
    assert telephones.came[0][0] == "+819012345678"
    done = words(person.write(ADDRESS))
    assert "+30" in done
    assert "すべてご登録いただきました" in done
    assert person.card.facts.balance == before + WHOLE
    assert known(person) == Profile(
        "山田 花子", "ヤマダ ハナコ", "+819012345678", "", "over_30",
        interests="back sauna", postcode="1500002", address="東京都渋谷区渋谷1-2-3",
        proven_phone="+819012345678",
    )  # fmt: skip
    assert consented(person)["step_interests"] == CONSENT
    shown = words(person.write("プロフィール"))
    for value in ("山田 花子", "30代から", "腰痛の改善・サウナ", "（確認済み）", "〒150-0002"):
        assert value in shown


def test_a_question_is_left_and_taken_up_again_a_day_later(asking: World) -> None:
    person = asking.member()
    asked = person.tap("profile_step", step="name")
    person.tap_data(taps(asked)["あとで"])
    person.write("山田花子")
    assert known(person).name == ""
    asking.travel(timedelta(days=1))
    overview = person.write("プロフィール")
    assert "6項目のうち0項目" in words(overview)
    person.tap_data(taps(overview)["つづきを登録する"])
    # Other words are no name, nor is what somebody asks meanwhile.
    assert "フリガナ" not in words(person.write("今日は何時まで開いていますか？"))
    assert known(person).name == ""
    person.tap("profile_step", step="name")
    person.write("はい")
    assert known(person).name == ""


def test_a_changed_or_deleted_answer_earns_no_second_time(asking: World) -> None:
    person = asking.member()
    opens(person, "name")
    person.write("山田花子")
    balance = person.card.facts.balance
    for name in ("山田桜", "山田花"):
        opens(person, "name")
        assert "+" not in words(person.write(name)).split("フリガナ")[0]
        assert known(person).name == name
    assert "消しました" in words(person.tap("profile_step", step="name", gone=1))
    assert known(person).name == ""
    opens(person, "name")
    person.write("山田花子")
    assert person.card.facts.balance == balance
    assert "6項目のうち1項目" in words(person.write("プロフィール"))


def test_an_interest_that_the_shop_asks_for_no_more_stops_nobody(asking: World) -> None:
    person = asking.member()
    for params in ({"agree": wording_mark(CONSENT)}, {"add": "back"}, {"add": "sauna"}):
        person.tap("profile_step", step="interests", **params)
    asking.publish_text(ASKING.replace('id = "sauna"', 'id = "yoga"').replace("サウナ", "ヨガ"))
    assert "選択中" in words(person.tap("profile_step", step="interests", add="yoga"))
    assert known(person).interests == "back yoga"
    assert "ありがとう" in words(person.tap("profile_step", step="interests", these=1))


def test_what_needs_a_consent_is_not_told_without_it(asking: World) -> None:
    person = asking.member()
    said = words(person.tap("profile_step", step="interests", add="back"))
    assert CONSENT in said
    assert known(person).interests == ""
    person.tap("profile_step", step="interests", agree=wording_mark(CONSENT))
    person.tap("profile_step", step="interests", add="back")
    assert known(person).interests == "back"
    # A tap that came twice adds nothing, and one of before it that takes it out works once.
    person.tap("profile_step", step="interests", add="back")
    assert known(person).interests == "back"
    person.tap("profile_step", step="interests", gone=1)
    assert known(person).interests == ""
    assert "step_interests" not in consented(person)
    assert consented(person)["over_interests"] == CONSENT
    assert CONSENT in words(person.tap("profile_step", step="interests", add="sauna"))
    assert known(person).interests == ""
    assert "取り消し済み" in words(person.write("わたしの情報"))


def test_a_telephone_is_proven_by_its_code_alone(asking: World, telephones: Telephones) -> None:
    person = asking.member()
    opens(person, "phone")
    for number, why in [("03-1234-5678", "SMSの届かない"), ("+1 212 555 0123", "この国の"),
                        ("12345", "読み取れません")]:  # fmt: skip
        assert why in words(person.write(number))
    person.write("090-1234-5678")
    right = code(telephones, person)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    assert "ちがっています" in words(person.write(wrong))
    assert known(person).phone == ""
    # It is good for nine minutes, and for five tries.
    asking.travel(timedelta(minutes=9, seconds=20))
    assert "もう使えません" in words(person.write(right))
    person.write("090-1234-5678")
    assert code(telephones, person) != right
    right = code(telephones, person)
    for _ in range(5):
        person.write(f"{(int(right) + 1) % 10**6:06}")
    assert "もう使えません" in words(person.write(right))
    assert known(person).phone == ""
    # And no more than three a day are sent to it, whoever asks.
    # Sent twice, it is asked for once.
    assert "送りました" in words(person.write("090-1234-5678"))
    assert "送りました" in words(person.write("090-1234-5678"))
    asking.travel(timedelta(minutes=2))
    assert "ここまで" in words(person.write("090-1234-5678"))
    other = asking.member("もみじ")
    opens(other, "phone")
    assert "ここまで" in words(other.write("090-1234-5678"))
    assert "送りました" in words(other.write("080-1234-5678"))
    assert len(telephones.came) == 2
    asking.travel(timedelta(days=1))
    opens(person, "phone")
    assert "送りました" in words(person.write("090-1234-5678"))


def test_no_more_codes_go_out_in_a_day_than_the_programme_says(
    asking: World, telephones: Telephones
) -> None:
    few = ASKING.replace("guardian_age = 16", "phone_codes_per_day_max = 1\nguardian_age = 16")
    asking.publish_text(few.replace("phone_codes", 'phone_countries = ["JP", "US"]\nphone_codes'))
    person, other = asking.member(), asking.member("もみじ")
    opens(person, "phone")
    assert "送りました" in words(person.write("+1 212 555 0123"))
    opens(other, "phone")
    assert "これ以上" in words(other.write("080-1234-5678"))
    code(telephones, person)
    assert [to for to, _ in telephones.came] == ["+12125550123"]


def test_who_is_erased_meanwhile_leaves_no_number_and_no_answer(
    asking: World, telephones: Telephones
) -> None:
    person = asking.member()
    opens(person, "name")
    person.write("山田花子")
    opens(person, "phone")
    person.write("090-1234-5678")
    member = person.card.id
    with asking.club.work("member", key="erase") as work:
        assert erase(work, member).done
    SmsDelivery(asking.club).deliver_due()
    assert telephones.came == []
    with asking.club.store.read() as uow:
        assert profiles.get(uow, member) == Profile()


def test_without_sms_the_telephone_is_told_at_the_counter(asking: World) -> None:
    assert "スタッフにお声がけ" in opens(asking.member(), "phone")


def test_where_nothing_is_asked_old_buttons_show_the_profile(any_world: World) -> None:
    person = any_world.member()
    said = words(person.tap("profile_step", step="name"))
    assert "お誕生日" in said
    assert "項目のうち" not in said


def test_in_english_too(asking: World) -> None:
    person = asking.member("Sakura", "en")
    overview = person.write("profile")
    assert "told us 0 of 6" in words(overview)
    person.tap_data(taps(overview)["Tell the next"])
    assert "+7" in words(person.write("Hanako Yamada"))


def test_a_consent_is_given_to_the_words_that_were_shown(asking: World) -> None:
    person = asking.member()
    agrees = taps(person.tap("profile_step", step="interests"))["同意して進む"]
    other = f"{CONSENT}本社にも渡します。"
    asking.publish_text(ASKING.replace(CONSENT, other))
    shown = person.tap_data(agrees)
    assert other in words(shown)
    assert consented(person).keys() == {"purpose"}
    # Nor by a button of before buttons said which words they were about.
    assert other in words(person.tap("profile_step", step="interests", agree=1))
    person.tap("profile_step", step="interests", add="back")
    assert known(person).interests == ""
    assert "いくつでも" in words(person.tap_data(taps(shown)["同意して進む"]))
    assert consented(person)["step_interests"] == other


def test_a_telephone_that_two_share_earns_once(asking: World, telephones: Telephones) -> None:
    person, other = asking.member(), asking.member("もみじ")
    said, before = [], other.card.facts.balance
    for each in (person, other):
        opens(each, "phone")
        each.write("090-1234-5678")
        said.append(words(each.write(code(telephones, each))))
    assert "+20" in said[0]
    assert "お付けしたことがある" not in said[0]
    assert "+20" not in said[1]
    assert "この番号にはポイントをお付けしたことがある" in said[1]
    assert known(other).phone == known(person).phone == "+819012345678"
    assert other.card.facts.balance == before
    # All that they tell of themselves is whole all the same, and a number of their own is new.
    other.tap("profile_step", step="interests", agree=wording_mark(CONSENT))
    other.tap("profile_step", step="interests", add="back")
    other.tap("profile_step", step="age_band", choose="over_30")
    for step, typed in (("name", "山田花"), ("kana", "ヤマダハナ"), ("address", ADDRESS)):
        opens(other, step)
        other.write(typed)
    assert other.card.facts.balance == before + WHOLE - 20
    asking.travel(timedelta(days=1))
    opens(other, "phone")
    other.write("080-1234-5678")
    assert "お付けしたことがある" not in words(other.write(code(telephones, other)))
    club = asking.club
    with club.store.read() as uow:
        assert audit_member(uow, club.timeline(), club.foresight(), other.card.id) == []
