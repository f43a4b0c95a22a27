"""Every conversation, in both languages: it says what it should, and LINE takes it."""

import json
from datetime import timedelta

import pytest

from bot.store import members
from handlers.chat import postbacks
from handlers.chat.conversations import CONVERSATIONS, TAPPED
from rules.base import LANGS, Lang
from rules.sending import TOPICS
from rules.texts import keys

from .conftest import Person, World, event, taps, text_event, words


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("intent", sorted(TAPPED))
def test_every_button_is_answered_with_ways_to_go_on(world: World, intent: str, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    person.check_in()
    said = person.tap(intent)
    assert words(said)
    assert 1 <= len(taps(said)) <= 8
    quick = said[-1].get("quickReply", {"items": []})["items"]
    assert len(quick) <= 4


@pytest.mark.parametrize("intent", sorted(TAPPED))
def test_what_a_newcomer_taps_is_answered_after_the_welcome(world: World, intent: str) -> None:
    person = world.person()
    said = person.tap(intent)
    if intent == "erase":
        assert person.account is None
    else:
        assert person.card.facts.balance == 50
        assert "ようこそ" in words(said)


@pytest.mark.parametrize("lang", LANGS)
def test_every_button_leads_to_an_answer(world: World, lang: Lang) -> None:
    """Taps on through everything that is offered, two taps deep."""
    person = world.member("Sakura", lang)
    person.check_in()
    offered = {data for intent in TAPPED for data in taps(person.tap(intent)).values()}
    ours = {data for data in offered if data.startswith("do=") and "erase" not in data}
    assert len(ours) >= len(TAPPED)
    stale = keys(lang)["chat.talk.stale"]
    assert stale
    for data in sorted(ours):
        said = person.tap_data(data, day="1990-05-12" if data == "do=birthday" else None)
        assert said, data
        assert str(stale) not in words(said), data


@pytest.mark.parametrize(
    "data",
    [
        "", "do", "do=", "do=nothing", "do=unknown&text=x", "do=check_in&code=1", "do=beacon&hwid=0a1b2c3d01",
        "do=again", "do=sticker", "points", "{}", "do=card&" + "a=1&" * 60, "do=history&before=-1",
        "do=history&before=99999999999999999999", "do=history&before=１", "do=earn&after=9999", "do=earn&after=x",
        "do=give&reward=nothing&yes=1", "do=give&reward=off_100&yes=1", "do=give", "do=birthday&save=x",
        "do=birthday&save=9999-99-99", "do=birthday&date=2026-02-30", "do=birthday&text=0000-01-01",
        "do=birthday&save=0000-01-01", "do=language&to=fr", "do=topics&topic=everything&on=0",
        "do=topics&topic=points&on=2", "do=erase&step=2", "do=erase&step=1", "do=leave&yes=1", "do=feedback&text=hi",
        "do=%00", "do=birthday&date=%F0%9F%98%80", "do=history&before=1&before=2", "do=birthday&save=" + "9" * 120,
    ],
)  # fmt: skip
def test_a_postback_of_any_kind_is_answered_and_harmless(world: World, data: str) -> None:
    person = world.member()
    before = person.card
    message_of = {"postback": {"data": data}} if data else {"postback": {"data": "x"}}
    seen = len(person.heard())
    world.post([event(person, "postback", **message_of, replyToken=world.token(person))])
    world.handle()
    assert world.waiting() == 0
    assert len(person.heard()) > seen
    after = person.card
    assert (after.facts.visits, after.facts.balance) == (0, before.facts.balance)
    assert after.membership == "active"
    assert after.facts.birthday is None
    assert after.topics_left == ()
    assert after.erased_at is None


def test_a_stale_button_gets_a_friendly_word_and_a_way_on(world: World) -> None:
    said = world.member().tap("from_last_year")
    assert "もう使えない" in words(said)
    assert "do=card" in taps(said).values()


def test_our_postback_data_is_short_and_read_as_it_was_written() -> None:
    data = postbacks.data("give", reward="x" * 40, yes=1)
    assert len(data) <= 300
    assert postbacks.read(data) == ("give", {"reward": "x" * 40, "yes": "1"})


@pytest.mark.parametrize("lang", LANGS)
def test_points_say_what_goes_when(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    said = words(person.write("points"))
    assert "50" in said
    assert {"ja": "2027年11月30日まで", "en": "Nov 30, 2027"}[lang] in said


def test_points_of_someone_without_any_say_so(world: World) -> None:
    world.publish(
        ('award = { kind = "first", points = 50 }', 'award = { kind = "first", points = 1 }')
    )
    world.publish(('on = "registration"', 'on = "newsletter"'))
    assert "これから貯まります" in words(world.member().write("ポイント"))


def test_points_that_stay_or_go_by_inactivity_are_explained(world: World) -> None:
    old = 'expiry = { kind = "lot", months = 12, month_end = true, warn_days = [30, 7] }'
    world.publish((old, 'expiry = { kind = "never" }'))
    person = world.member()
    assert "有効期限はありません" in words(person.write("ポイント"))
    world.publish((old, 'expiry = { kind = "inactivity", months = 6, warn_days = [30, 7] }'))
    assert "6か月" in words(person.write("ポイント"))


def test_points_about_to_go_are_noted_on_the_card(world: World) -> None:
    person = world.member()
    assert "50あります" not in words(person.write("カード"))
    world.travel(timedelta(days=340))
    assert "までのポイントが50あります" in words(person.write("カード"))


def test_the_card_has_a_picture_with_the_code_for_the_till(world: World) -> None:
    person = world.member()
    (card,) = person.write("カード")
    url = card["contents"]["hero"]["url"]
    path = world.club.codes.card_picture_path(person.card.number)
    assert url == world.club.base_url + path


@pytest.mark.parametrize("lang", LANGS)
def test_the_ladder_is_shown_with_its_perks_and_where_one_stands(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    for _ in range(3):
        person.check_in()
        world.travel(timedelta(days=1))
    said = words(person.write("rank"))
    ladder = world.club.timeline().latest.programme.ranks
    assert ladder is not None
    for step in ladder.steps:
        assert step.name.in_(lang) in said
        assert all(perk.name.in_(lang) in said for perk in step.perks)
    assert {"ja": "いまここ", "en": "you are here"}[lang] in said


def test_hidden_badges_stay_hidden(world: World) -> None:
    said = words(world.member().write("バッジ"))
    assert "灯りが消えるまで" not in said
    assert "ひみつのバッジ" in said


def test_history_is_shown_a_page_at_a_time(world: World) -> None:
    person = world.member()
    for _ in range(11):
        person.check_in()
        world.travel(timedelta(days=1))
    first = person.write("履歴")
    assert words(first).count("駅前店") == 10
    older = taps(first)["もっと前を見る"]
    second = person.tap_data(older)
    assert "ご入会" in words(second)
    assert words(second).count("駅前店") == 1
    assert "もっと前を見る" not in taps(second)


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_of_activity_has_a_name_in_the_history(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    person.check_in()
    person.tap("birthday", save="1990-05-12")
    person.tap("feedback")
    person.write("とてもよかったです")
    person.tap("give", reward="donation")
    person.tap("give", reward="donation", yes=1)
    person.tap("leave")
    person.tap("leave", yes=1)
    person.tap("resume")
    said = words(person.write("history"))
    names = keys(lang)
    for what in (
        "visit",
        "profile",
        "feedback",
        "membership_left",
        "membership_active",
        "birthdaytold",
    ):
        assert str(names[f"chat.history.what.{what}"]).replace("{visit}", "来店") in said


def test_ways_to_earn_are_shown_a_few_at_a_time(world: World) -> None:
    person = world.member()
    first = person.write("貯め方")
    assert "ご来店のたびに10ポイント" in words(first)
    assert "雨の日" not in words(first)
    said = words(first)
    for _ in range(5):
        more = taps(first).get("ほかの貯め方を見る")
        if more is None:
            break
        first = person.tap_data(more)
        said += words(first)
    assert "雨の日ポイント" in said
    assert "ご入会" not in said


def test_rewards_say_what_is_missing_and_where_they_are_used(world: World) -> None:
    said = words(world.member().write("特典"))
    assert "あと50ポイント" in said
    assert "シルバーファン" in said
    assert "お会計のときに" in said


def test_a_donation_is_asked_about_and_then_given_once(world: World) -> None:
    person = world.member()
    person.check_in()
    offered = taps(person.write("特典"))["寄付する"]
    asked = person.tap_data(offered)
    assert "50ポイントを使います" in words(asked)
    assert person.card.facts.balance == 60
    yes = taps(asked)["はい、寄付します"]
    assert "ありがとうございます" in words(person.tap_data(yes))
    assert person.card.facts.balance == 10
    assert "もう一度お選びください" in words(person.tap_data(yes))
    assert person.card.facts.balance == 10


def test_a_donation_that_points_do_not_reach_is_refused(world: World) -> None:
    person = world.member()
    person.tap("give", reward="donation")
    person.tap("give", reward="donation", yes=1)
    assert "まだ足りません" in words(person.tap("give", reward="donation"))
    assert person.card.facts.balance == 0


def test_a_yes_that_comes_too_late_gives_nothing(world: World) -> None:
    person = world.member()
    person.tap("give", reward="donation")
    world.travel(timedelta(minutes=11))
    person.tap("give", reward="donation", yes=1)
    assert person.card.facts.balance == 50


def test_the_language_changes_for_everything_that_follows(world: World) -> None:
    person = world.member()
    assert "We'll speak English" in words(person.write("英語にして"))
    assert "Rewards" in words(person.write("特典"))
    assert person.card.language == "en"
    assert "日本語でご案内します" in words(person.tap("language", to="ja"))
    assert set(taps(person.write("language"))) >= {"日本語", "English"}


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_is_turned_off_and_on_by_itself(world: World, topic: str) -> None:
    person = world.member()
    assert "止めました" in words(person.tap("topics", topic=topic, on=0))
    assert person.card.topics_left == (topic,)
    said = person.write("通知")
    assert "受け取る" in taps(said)
    assert "お届けします" in words(person.tap("topics", topic=topic, on=1))
    assert person.card.topics_left == ()


@pytest.mark.parametrize("lang", LANGS)
def test_my_data_shows_what_is_held_and_by_which_consent(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    said = person.write("my data")
    privacy = world.club.timeline().latest.programme.privacy
    assert privacy.purpose.in_(lang) in words(said)
    assert privacy.contact.in_(lang) in words(said)
    assert privacy.policy_url in taps(said).values()
    assert "Sakura" in words(said)


def test_leaving_is_explained_asked_and_undone_with_one_tap(world: World) -> None:
    person = world.member()
    person.check_in()
    asked = person.write("退会")
    assert "記録は残ります" in words(asked)
    assert person.card.membership == "active"
    person.tap_data(taps(asked)["退会します"])
    assert person.card.membership == "left"
    door = person.write("ポイント")
    assert "60ポイント" in words(door)
    person.tap_data(taps(door)["会員を再開する"])
    assert person.card.membership == "active"
    assert person.card.facts.balance == 60
    assert "そのままお使い" in words(person.write("再開"))


def test_who_left_gets_no_visit_and_is_not_spoken_to_by_a_beacon(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "再開" in words(person.check_in())
    assert person.enter("0a1b2c3d01") == []
    assert person.card.facts.visits == 0


def test_who_left_still_reaches_the_staff(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "スタッフに" in words(person.write("領収書をいただけますか"))
    assert world.letters() == [("message", "領収書をいただけますか")]


def test_a_later_yes_to_leaving_asks_anew(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.write("ポイント")
    person.tap("leave", yes=1)
    assert person.card.membership == "active"


def erased(person: Person) -> None:
    first = person.tap("erase")
    second = person.tap_data(taps(first)["消す手続きへ進む"])
    person.tap_data(taps(second)["すべて消します"])


def test_erasing_is_confirmed_twice_and_leaves_nothing_that_names_the_person(
    world: World,
) -> None:
    person = world.member("さくら")
    person.write("伝言です、よろしくです")
    number = person.card.id
    first = person.tap("erase")
    assert person.account is not None
    second = person.tap_data(taps(first)["消す手続きへ進む"])
    assert person.account is not None
    gone = person.tap_data(taps(second)["すべて消します"])
    assert "消しました" in words(gone)
    assert person.account is None
    assert world.letters() == []
    with world.club.store.read() as uow:
        member = members.get(uow, number)
        bodies = uow.connection.exec_driver_sql("SELECT body, user_id FROM webhook_events").all()
    assert member is not None
    assert member.erased_at is not None
    assert person.user_id not in json.dumps([tuple(row) for row in bodies])


def test_a_second_tap_on_erase_makes_no_new_member(world: World) -> None:
    person = world.member()
    erased(person)
    assert "もう消してあります" in words(person.tap("erase", step=2))
    assert person.account is None


def test_who_was_erased_and_writes_again_starts_anew(world: World) -> None:
    person = world.member()
    old = person.card.number
    erased(person)
    assert "ようこそ" in words(person.write("カード"))
    assert person.card.number != old
    assert person.card.facts.balance == 50


def test_feedback_is_asked_for_and_the_next_text_is_it(world: World) -> None:
    person = world.member()
    person.write("意見")
    said = words(person.write("ありがとう"))
    assert "スタッフにお届けしました" in said
    assert "+20" in said
    assert world.letters() == [("feedback", "ありがとう")]
    assert person.card.facts.balance == 70


def test_feedback_can_be_called_off(world: World) -> None:
    person = world.member()
    person.write("意見")
    person.write("キャンセル")
    person.write("駐車場はありますか")
    assert world.letters() == [("message", "駐車場はありますか")]


def test_a_command_is_no_feedback_and_neither_is_a_counters_code(world: World) -> None:
    person = world.member()
    person.write("意見")
    assert "ポイント" in words(person.write("ポイント"))
    person.write("意見")
    person.check_in()
    assert person.card.facts.visits == 1
    assert world.letters() == []


def test_feedback_after_its_question_grew_old_is_an_ordinary_message(world: World) -> None:
    person = world.member()
    person.write("意見")
    world.travel(timedelta(minutes=11))
    person.write("店内が寒かったです")
    assert world.letters() == [("message", "店内が寒かったです")]
    assert person.card.facts.balance == 50


def test_a_text_for_the_staff_gets_one_helpful_answer(world: World) -> None:
    person = world.member()
    said = person.write("ベビーカーで入れますか")
    assert len(said) == 1
    assert "スタッフにお伝えしました" in words(said)
    assert len(taps(said)) == 2
    assert world.letters() == [("message", "ベビーカーで入れますか")]


def test_a_picture_is_passed_on_and_several_at_once_are_answered_once(world: World) -> None:
    person = world.member()

    def picture(index: int) -> dict[str, object]:
        together = {"id": "s", "index": index, "total": 2}
        message = {"id": f"p{index}", "type": "image", "imageSet": together}
        return event(person, message=message, replyToken=world.token(person))

    before = len(person.heard())
    world.post([picture(1), picture(2)])
    world.handle()
    assert world.letters() == [("message", "［写真］")]
    assert len(person.heard()) == before + 1


@pytest.mark.parametrize("lang", LANGS)
def test_small_talk_is_short_and_warm(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    for text in ("hi", "thanks", "ok", "😊", "never mind"):
        (said,) = person.write(text)
        assert len(said["text"]) < 100
    assert world.letters() == []


def test_where_a_member_is_is_not_kept(world: World) -> None:
    person = world.member()
    said = person.sends(
        lambda customers, user: customers.send_location(
            user, title="家", address="どこか", latitude=35.0, longitude=139.0
        )
    )
    assert "駅前店・川辺店" in words(said)
    assert world.letters() == []


def test_a_sticker_is_answered_kindly(world: World) -> None:
    person = world.member()
    said = person.sends(
        lambda customers, user: customers.send_sticker(user, package_id="446", sticker_id="1988")
    )
    assert "ありがとうございます" in words(said)


def test_what_is_unsent_is_gone_from_the_staffs_inbox(world: World) -> None:
    person = world.member()
    letter = text_event(person, "やっぱり見ないでください")
    world.post([letter])
    world.handle()
    assert len(world.letters()) == 1
    world.post([event(person, "unsend", unsend={"messageId": letter["message"]["id"]})])
    world.handle()
    assert world.letters() == []


def test_an_edited_message_replaces_what_the_staff_read(world: World) -> None:
    person = world.member()
    letter = text_event(person, "明日いきまう")
    world.post([letter])
    world.handle()
    edited = {"id": letter["message"]["id"], "type": "text", "text": "明日うかがいます"}
    world.post([event(person, "messageEdited", message=edited)])
    world.handle()
    assert world.letters() == [("message", "明日うかがいます")]


def test_a_message_of_a_kind_not_yet_known_is_passed_on(world: World) -> None:
    person = world.member()
    before = len(person.heard())
    token = world.token(person)
    world.post([event(person, message={"id": "9", "type": "poll"}, replyToken=token)])
    world.handle()
    assert len(person.heard()) == before + 1
    assert world.letters() == [("message", "［メッセージ］")]


BARE = """
format = 1
[shop]
name = { ja = "はだかの店" }
legal_name = "はだかの店"
[[stores]]
id = "one"
name = { ja = "本店" }
[points]
expiry = { kind = "never" }
[privacy]
policy_url = "https://example.com/privacy"
purpose = { ja = "会員証のために使います。" }
contact = { ja = "店頭" }
"""


@pytest.mark.parametrize("lang", LANGS)
def test_a_club_with_nothing_but_a_card_answers_everything_too(world: World, lang: Lang) -> None:
    world.publish_text(BARE)
    person = world.member("Sakura", lang)
    assert "ありがとう" in words(person.check_in("one")) or lang == "en"
    assert person.card.facts.visits == 1
    for intent in TAPPED:
        if intent != "erase":
            assert words(person.tap(intent))


def test_nothing_personal_is_logged(world: World, logs: list[dict[str, object]]) -> None:
    person = world.member("とくべつな名前")
    person.write("とくべつな文章")
    person.check_in()
    told = repr(logs)
    assert person.user_id not in told
    assert "とくべつ" not in told


def test_every_conversation_has_its_texts_in_both_languages() -> None:
    chat = [
        {key for key in keys(lang) if key.split(".")[0] in ("chat", "refusal", "again")}
        for lang in LANGS
    ]
    assert chat[0] == chat[1]
    assert len(CONVERSATIONS) >= 30
