"""Cases as members meet them: answered in the chat, asked whether it helped, and answered back."""

from datetime import timedelta

import pytest

from bot.store.heard import cases, contacts
from bot.store.heard.cases import Case
from bot.store.messages import inbox
from handlers.actions.heard.adopting import adopt_letter
from handlers.actions.heard.answering import CaseAnswer, answer_case
from handlers.actions.members.merge import MergeRequest, merge
from tests.handlers.clubs import DESK

from ..conftest import Person, World, event, taps, text_event, words


def _cases(world: World, person: Person) -> list[Case]:
    with world.club.store.read() as uow:
        return cases.of_members(uow, [person.card.id])


def _answers(world: World, case: Case, text: str) -> None:
    with world.club.work(DESK, key=f"staff:{case.moved}{text}") as work:
        answer = CaseAnswer(case.name, case.moved, text, closes=True, asks=True)
        assert answer_case(work, answer).done


def test_a_complaint_is_a_case_and_what_follows_belongs_to_it(world: World) -> None:
    person = world.member()
    person.write("クレーム")
    person.write("珈琲がぬるかったです")
    world.travel(timedelta(minutes=1))
    person.write("窓ぎわの席でした")
    (case,) = _cases(world, person)
    assert (case.reason, case.state) == ("complaint", "open")
    person.write("意見")
    person.write("傘立てがほしいです")
    assert _cases(world, person)[0].reason == "suggestion"


def test_a_no_is_asked_what_is_missing_and_the_words_go_into_the_case(world: World) -> None:
    person = world.member()
    person.write("ベビーカーで入れますか")
    _answers(world, _cases(world, person)[0], "はい、入れます。")
    number = person.card.number
    assert "申し訳ありません" in words(person.tap("case", of=number, n=1, helped=0))
    assert "スタッフにお伝えしました" in words(person.write("階段がありました"))
    (case,) = _cases(world, person)
    assert (case.state, case.helped) == ("open", False)
    assert "お返事をご用意" in words(person.tap("case", of=number, n=1, helped=1))
    _answers(world, _cases(world, person)[0], "次からお手伝いします。")
    assert "ありがとうございます" in words(person.tap("case", of=number, n=1, helped=1))
    (case,) = _cases(world, person)
    assert (case.state, case.helped) == ("closed", True)


def test_a_no_counts_though_the_shop_has_written_since_it_asked(world: World) -> None:
    person = world.member()
    person.write("ベビーカーで入れますか")
    _answers(world, _cases(world, person)[0], "はい、入れます。")
    for more in ("お待ちしています。", "いつでもどうぞ。"):
        [case] = _cases(world, person)
        with world.club.work(DESK, key=f"staff:{more}") as work:
            assert answer_case(work, CaseAnswer(case.name, case.moved, more)).done
        said = person.tap("case", of=person.card.number, n=1, helped=0)
        assert "申し訳ありません" in words(said)
        [case] = _cases(world, person)
        assert (case.state, case.helped) == ("open", False)
    with world.club.store.read() as uow:
        done = [each.kind for each in contacts.of_case(uow, case.name)]
    assert done.count("not_helped") == 2


@pytest.mark.parametrize("asks", ["", "complaint", "survey"])
def test_words_after_two_cards_became_one_go_into_the_case_of_before(
    world: World, asks: str
) -> None:
    person, keeper = world.member(), world.member("花子")
    if asks:
        person.tap(asks)
    person.write("珈琲がぬるかったです")
    [case] = _cases(world, person)
    with world.club.work(DESK, key="staff:merges") as work:
        assert merge(work, MergeRequest(keeper.card.id, case.name.member_id)).done
        old = case.name.member_id
    world.travel(timedelta(minutes=1))
    if asks == "survey":
        assert "スタッフに届いています" in words(person.tap("survey"))
    person.write("窓ぎわの席でした")
    with world.club.store.read() as uow:
        assert [each.name for each in cases.of_members(uow, [old, keeper.card.id])] == [case.name]
        letters = inbox.of_case(uow, *case.name)
    assert [each.text for each in letters] == ["珈琲がぬるかったです", "窓ぎわの席でした"]


def test_nobody_closes_or_opens_what_is_another_members(world: World) -> None:
    sakura, hana = world.member(), world.member("花子")
    sakura.write("ベビーカーで入れますか")
    _answers(world, _cases(world, sakura)[0], "はい。")
    said = hana.tap("case", of=sakura.card.number, n=1, helped=0)
    assert "お返事をご用意" in words(said)
    for odd in ({"of": "1", "n": 1}, {"of": sakura.card.number, "n": 9}, {"n": "x"}):
        hana.tap("case", helped=1, **odd)
    (case,) = _cases(world, sakura)
    assert (case.state, case.helped) == ("closed", None)


def test_what_is_unsent_ends_its_case_whose_number_no_other_gets(world: World) -> None:
    person = world.member()
    letter = text_event(person, "やっぱり見ないでください")
    world.post([letter])
    world.handle()
    [case] = _cases(world, person)
    world.post([event(person, "unsend", unsend={"messageId": letter["message"]["id"]})])
    world.handle()
    [over] = _cases(world, person)
    assert (over.name, over.state) == (case.name, "closed")
    assert over.moved > case.moved, "an answer typed on its open page is refused"
    person.write("席は予約できますか")
    assert [each.state for each in _cases(world, person) if each.name != case.name] == ["open"]


@pytest.mark.parametrize("question", [None, "feedback", "complaint"])
def test_an_edited_message_stays_in_its_case_with_what_came_of_it(
    world: World, question: str | None
) -> None:
    person = world.member()
    if question:
        person.tap(question)
    letter = text_event(person, "お昼の席が寒いd")
    world.post([letter])
    world.handle()
    [case] = _cases(world, person)
    with world.club.store.read() as uow:
        [written] = inbox.of_case(uow, *case.name)
    with world.club.work(DESK, key="staff:adopts") as work:
        assert adopt_letter(work, case.name, letter_id=written.id, text="ひざかけを置きました").done

    # Asked anew meanwhile: what is edited is no second answer.
    person.tap("feedback")
    world.travel(timedelta(minutes=1))
    edited = {"id": letter["message"]["id"], "type": "text", "text": "お昼の席が寒いです"}
    world.post([event(person, "messageEdited", message=edited, replyToken=world.token(person))])
    world.handle()
    assert "スタッフにお伝えしました" in words(person.heard()[-1:])
    [case] = _cases(world, person)
    with world.club.store.read() as uow:
        [now] = inbox.of_case(uow, *case.name)
    assert (case.state, now.text, now.answered_at) == ("open", "お昼の席が寒いです", None)
    assert now.adoption is not None
    with world.club.work(DESK, key="staff:again") as work:
        again = adopt_letter(work, case.name, letter_id=now.id, text="もう一度")
    assert again.refused == "adopt_again"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("電話・DMは不要です", {"phone", "mail"}),
        ("電話は不要です", {"phone"}),
        ("DM不要", {"mail"}),
    ],
)
def test_no_calls_and_no_letters_is_understood_and_can_be_taken_back(
    world: World, text: str, refused: set[str]
) -> None:
    person = world.member()
    said = person.write(text)
    assert "今後は差し上げません" in words(said)
    with world.club.store.read() as uow:
        assert contacts.ways_refused(uow, [person.card.id]) == refused
    for way in refused:
        person.tap("ways", way=way, on=1)
    with world.club.store.read() as uow:
        assert contacts.ways_refused(uow, [person.card.id]) == set()
    assert "do=ways" in taps(person.tap("my_data")).values()
