"""What members write to people: feedback, questions, pictures; and taking it back."""

from datetime import timedelta

import pytest

from ..conftest import World, event, taps, text_event, words


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
    person.write("Wi-Fiはありますか")
    assert world.letters() == [("message", "Wi-Fiはありますか")]


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


@pytest.mark.parametrize("question", ["feedback", "complaint", "birthday", "survey", "leave"])
@pytest.mark.parametrize("no", ["やめる", "やめたい", "いいえ", "いらない", "キャンセル", "quit"])
def test_a_no_to_any_question_is_a_no_and_nobodys_letter(
    world: World, question: str, no: str
) -> None:
    person = world.member()
    person.tap(question)
    assert "承知しました" in words(person.write(no))
    assert world.letters() == []
    assert person.account is not None
    assert person.account.awaiting is None
    assert person.card.membership == "active"


def test_a_no_to_nothing_leaves_the_club_to_a_button(world: World) -> None:
    said = world.member().write("やめる")
    assert "何もしていません" in words(said)
    assert taps(said)["退会する"] == "do=leave"


@pytest.mark.parametrize(
    "text", ["ポイントが付いていません", "傘とポイントカードを忘れました", "クーポンは使えますか"]
)
@pytest.mark.parametrize("question", [None, "birthday", "leave", "complaint", "survey", "erase"])
def test_what_is_said_to_people_reaches_them_with_our_words_in_it_and_whatever_was_asked(
    world: World, question: str | None, text: str
) -> None:
    person = world.member()
    if question:
        person.tap(question)
    said = words(person.write(text))
    assert [letter for _, letter in world.letters()] == [text]
    assert "スタッフ" in said or "読ませて" in said


@pytest.mark.parametrize(("asks", "sorry"), [("意見", False), ("クレーム", True)])
def test_an_accepted_word_earns_alike_whatever_its_tone(
    world: World, asks: str, sorry: bool
) -> None:
    person = world.member()
    assert ("申し訳" in words(person.write(asks))) is sorry
    said = words(person.write("珈琲がぬるかったです"))
    assert "+20" in said
    assert ("申し訳" in said) is sorry
    assert world.letters() == [("feedback", "珈琲がぬるかったです")]
    assert person.card.facts.balance == 70


def test_a_complaint_can_be_named_where_an_opinion_was_asked_for(world: World) -> None:
    person = world.member()
    person.write("意見")
    assert "申し訳" in words(person.write("クレーム"))
    assert world.letters() == []
    assert "+20" in words(person.write("珈琲がぬるかったです"))
    assert world.letters() == [("feedback", "珈琲がぬるかったです")]


def test_who_never_came_is_not_thanked_for_coming_often(world: World) -> None:
    person = world.member()
    asked = person.tap_data("do=birthday", day="1990-05-12")
    person.tap_data(taps(asked)["この日で登録"])
    person.write("クレーム")
    said = words(person.write("電話がつながりませんでした"))
    assert "「100円引き」と交換できるようになりました" in said
    assert "ご来店いただき、ありがとう" not in said
