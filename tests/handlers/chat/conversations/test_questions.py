"""Surveys in the chat: one question a message, left, taken up again, changed, and over."""

from datetime import timedelta
from typing import Any

import pytest

from bot.store.heard import cases, surveys
from bot.store.members import consents, line_accounts
from handlers.actions.heard.asking import ask_survey
from handlers.actions.members.membership import erase
from rules.heard.surveys import SurveyAnswer
from tests.surveys import ASKING, SURVEYS

from ..conftest import ROOT, Person, World, actions, event, taps, words

DAY = timedelta(days=1)


@pytest.fixture
def asking(world: World) -> World:
    world.publish_text(_cafe() + ASKING + SURVEYS)
    return world


def _cafe() -> str:
    return (ROOT / "program.toml").read_text(encoding="utf-8")


def ask(person: Person, survey: str = "visit") -> None:
    """As a message of a journey does that has left."""
    with person.world.club.work("system") as work:
        found = work.programme.survey(survey)
        assert found is not None
        ask_survey(work, person.card.id, found, by="thanks", at=work.now)


def given(person: Person) -> dict[str, Any]:
    """What was answered, by question."""
    return answered(person.world, person.card.id)


def answered(world: World, member_id: int) -> dict[str, Any]:
    """What was answered with that card."""

    def said(answer: SurveyAnswer) -> Any:
        return answer.number if answer.number is not None else answer.choice or answer.words

    with world.club.store.read() as uow:
        found = surveys.of_cards(uow, (member_id,), limit=50)
    return {each.answer.question: said(each.answer) for each in found}


def tap_on(person: Person, said: list[dict[str, Any]], label: str) -> list[dict[str, Any]]:
    """Taps the button of that label in those messages."""
    found = [a for message in said for a in actions(message) if a["label"] == label]
    return person.tap_data(found[0]["data"])


def test_each_question_is_a_message_answered_by_tap_number_name_or_words(asking: World) -> None:
    person = asking.member()
    ask(person)
    first = person.tap("questions", of="visit")
    assert "4問中 1問め" in words(first)
    assert {"1", "2", "3", "4", "5", "あとで"} <= set(taps(first))
    assert "どちらのお席でしたか" in words(person.write("５"))
    consent = person.write("カウンター")
    assert "席のご用意のためだけに使います" in words(consent)
    # Nothing is kept before it is agreed to.
    assert "同意して答える" in taps(person.write("3"))
    assert "body" not in given(person)
    asked = tap_on(person, consent, "同意して答える")
    assert "お体の調子" in words(tap_on(person, consent, "同意して答える"))
    last = tap_on(person, asked, "4")
    done = person.write("窓から海が見えました")
    assert "ありがとうございました" in words(done)
    assert given(person) == {
        "content": 5, "seat": "counter", "body": 4, "why": "窓から海が見えました",
    }  # fmt: skip
    assert "そのわけ" in words(last)
    with asking.club.store.read() as uow:
        agreed = [c.wording for c in consents.of(uow, person.card.id) if c.kind == "survey"]
    assert agreed[:1] == ["お体のことは、席のご用意のためだけに使います。"]
    assert asking.letters() == []
    # Twice the same tap, and an old button: the answer changes, and nothing else begins.
    balance = person.card.facts.balance
    assert "書き直しました" in words(tap_on(person, first, "4"))
    assert given(person)["content"] == 4
    assert "もういただいています" in words(person.tap("questions", of="visit"))
    assert person.card.facts.balance == balance


def test_what_is_left_is_taken_up_again_where_it_was(asking: World) -> None:
    person = asking.member()
    ask(person)
    asked = person.tap("questions", of="visit")
    person.write("4")
    assert "アンケート" in words(tap_on(person, asked, "あとで"))
    # Something else, typed or tapped, isn't taken for an answer …
    person.write("ポイント")
    person.write("傘を忘れたかもしれません")
    assert given(person) == {"content": 4}
    assert asking.letters() == [("message", "傘を忘れたかもしれません")]
    # … and the next message goes on with the next question, in the same round.
    asking.travel(10 * DAY)
    ask(person)
    assert "どちらのお席" in words(person.write("アンケートのつづき"))
    assert "お体の調子" in words(person.write("1"))
    asking.travel(5 * DAY)
    assert "受付を終わりました" in words(person.tap("questions", of="visit"))
    assert "受付を終わりました" in words(tap_on(person, asked, "1"))
    person.check_in()
    asking.travel(DAY)
    assert "いまお願いしているアンケートはありません" in words(person.write("アンケート"))
    assert given(person) == {"content": 4, "seat": "window"}


def test_what_is_no_answer_to_the_question_reaches_people(asking: World) -> None:
    person = asking.member()
    ask(person)
    person.tap("questions", of="visit")
    person.write("明日の予約を変えたいです")
    assert given(person) == {}
    assert [text for _, text in asking.letters()] == ["明日の予約を変えたいです"]


def test_a_changed_programme_asks_what_is_left_of_it(asking: World) -> None:
    person = asking.member()
    ask(person)
    asked = person.tap("questions", of="visit")
    # The scale becomes shorter, and the seats aren't asked any more.
    start = SURVEYS.index('[[surveys.questions]]\nid = "seat"')
    end = SURVEYS.index('[[surveys.questions]]\nid = "body"')
    fewer = SURVEYS[:start] + SURVEYS[end:]
    fewer = fewer.replace(
        'id = "content"\nkind = "scale"', 'id = "content"\nkind = "scale"\nmost = 3'
    )
    asking.publish_text(_cafe() + ASKING + fewer)
    again = tap_on(person, asked, "5")
    assert "ご満足" in words(again)
    assert given(person) == {}
    tap_on(person, again, "3")
    assert given(person) == {"content": 3}
    asking.publish_text(_cafe())
    assert "受付を終わりました" in words(tap_on(person, again, "1"))


def test_what_was_hoped_for_is_told_before_the_first_visit_alone(asking: World) -> None:
    person = asking.stranger()
    hello = person.follow()
    asked = tap_on(person, hello, "期待することを教える")
    assert "1 あまり" in words(asked)
    assert "ありがとうございました" in words(tap_on(person, asked, "4"))
    assert given(person) == {"rest": 4}
    late = asking.member("Momo")
    asking.travel(DAY)
    late.check_in()
    assert "はじめての来店の前に" in words(late.tap("questions", of="hopes"))
    assert given(late) == {}


def test_a_monitor_is_asked_by_rank_and_a_shared_card_not_at_all(asking: World) -> None:
    person = asking.member()
    assert "一部の会員さま" in words(person.tap("questions", of="tasters"))
    assert "はじめてのご来店の前に" in words(person.write("アンケート"))
    # Somebody else's button leads nowhere.
    assert "受付を終わりました" in words(
        person.tap("question", of="visit", n=1, q="content", v=5, card="0000-0000")
    )
    assert given(person) == {}


def test_a_low_answer_opens_one_case_with_the_words_of_its_round(asking: World) -> None:
    person = asking.member()
    ask(person)
    person.tap("questions", of="visit")
    person.write("2")
    assert asking.letters() == [("message", "ご満足いただけましたか\n2 / 5")]
    person.write("1")
    person.tap("question", of="visit", n=1, q="body", skip=1, card=person.card.number)
    done = person.write("席が寒くてつらかったです")
    assert "スタッフがお答えを読み" in words(done)
    assert [text for _, text in asking.letters()][1:] == ["席が寒くてつらかったです"]
    with asking.club.store.read() as uow:
        (case,) = cases.waiting(uow, limit=10)
    assert case.reason == "low_score"
    # Once in a round, however often the number is changed.
    person.tap("question", of="visit", n=1, q="content", v=1, card=person.card.number)
    assert len(asking.letters()) == 2


def test_a_score_of_five_is_no_case_and_four_is(asking: World) -> None:
    middling, low = asking.member(), asking.member("Momo")
    for person, score in ((middling, 5), (low, 4)):
        ask(person, "recommend")
        person.tap("questions", of="recommend")
        person.write(str(score))
    assert [text for _, text in asking.letters()] == ["ご友人にすすめたいと思いますか\n4 / 10"]


def test_an_edited_answer_is_changed_and_an_unsent_one_gone(asking: World) -> None:
    person = asking.member()
    ask(person)
    person.tap("questions", of="visit")
    letter = event(person, "message", message={"id": "77", "type": "text", "text": "4"})
    asking.post([letter])
    asking.handle()
    edited = {"id": "77", "type": "text", "text": "２点"}
    asking.post([event(person, "messageEdited", message=edited)])
    asking.handle()
    assert given(person) == {"content": 2}
    assert len(asking.letters()) == 1
    asking.post([event(person, "unsend", unsend={"messageId": "77"})])
    asking.handle()
    assert given(person) == {}


def test_erasing_keeps_numbers_and_nothing_else(asking: World) -> None:
    person = asking.member()
    member = person.card.id
    ask(person)
    person.tap("questions", of="visit")
    person.write("4")
    person.write("窓ぎわ")
    with asking.club.work("system") as work:
        erase(work, member)
    with asking.club.store.read() as uow:
        left = surveys.of_cards(uow, (member,), limit=10)
    assert [(each.answer.number, each.answer.key) for each in left] == [(4, None)]


def test_the_same_points_whatever_the_answer(asking: World) -> None:
    brought = []
    for number in ("1", "5"):
        person = asking.member()
        before = person.card.facts.balance
        ask(person)
        person.tap("questions", of="visit")
        person.write(number)
        person.write("1")
        for question in ("body", "why"):
            said = person.tap(
                "question", of="visit", n=1, q=question, skip=1, card=person.card.number
            )
        assert "+20" in words(said)
        brought.append(person.card.facts.balance - before)
    assert brought == [20, 20]


def test_who_shares_a_card_is_not_asked_for_its_owner(asking: World) -> None:
    owner, guest = asking.member(), asking.member("Momo")
    ask(owner)
    with asking.club.store.begin() as uow:
        line_accounts.link(uow, guest.user_id, owner.card.id)
    assert "ご本人にうかがっています" in words(guest.tap("questions", of="visit"))
    tap: dict[str, str | int] = {
        "of": "visit",
        "n": 1,
        "q": "content",
        "v": 1,
        "card": owner.card.number,
    }
    assert "ご本人にうかがっています" in words(guest.tap("question", **tap))
    assert given(owner) == {}
    assert asking.letters() == []


def test_what_is_typed_answers_for_the_card_that_was_asked(asking: World) -> None:
    owner, guest = asking.member(), asking.member("Momo")
    own = guest.card
    for person in (owner, guest):
        ask(person)
    owner.tap("questions", of="visit", card=owner.card.number)
    # The chat speaks of the card that is shared with them; the message was for their own.
    with asking.club.store.begin() as uow:
        line_accounts.link(uow, guest.user_id, owner.card.id)
    guest.tap("questions", of="visit", card=own.number)
    assert "どちらのお席" in words(guest.write("4"))
    assert given(owner) == {}
    assert answered(asking, own.id) == {"content": 4}


def test_a_button_of_a_card_that_is_theirs_no_more_answers_for_no_other(asking: World) -> None:
    person, other = asking.member(), asking.member("Momo")
    for each in (person, other):
        ask(each)
    old = tap_on(other, other.tap("questions", of="visit", card=other.card.number), "5")
    data = next(a["data"] for a in actions(old[0]) if a["label"] == "選ぶ")
    assert "受付を終わりました" in words(person.tap_data(data))
    assert "受付を終わりました" in words(
        person.tap("questions", of="visit", card=other.card.number)
    )
    assert given(person) == {}


def test_nobody_agrees_to_words_that_they_were_not_shown(asking: World) -> None:
    person = asking.member()
    ask(person)
    person.tap("questions", of="visit")
    person.write("5")
    before = person.write("1")
    other = SURVEYS.replace("席のご用意のためだけに", "新しいお茶の開発にも")
    asking.publish_text(_cafe() + ASKING + other)
    again = tap_on(person, before, "同意して答える")
    assert "新しいお茶の開発にも使います" in words(again)
    with asking.club.store.read() as uow:
        assert [c for c in consents.of(uow, person.card.id) if c.kind == "survey"] == []
    tap_on(person, again, "同意して答える")
    with asking.club.store.read() as uow:
        agreed = [c.wording for c in consents.of(uow, person.card.id) if c.kind == "survey"]
    assert agreed == ["お体のことは、新しいお茶の開発にも使います。"]


def test_staff_read_a_low_answer_as_it_is_now_and_not_once_it_is_unsent(asking: World) -> None:
    person = asking.member()
    ask(person)
    person.tap("questions", of="visit")
    asking.post([event(person, message={"id": "77", "type": "text", "text": "1"})])
    asking.handle()
    edited = {"id": "77", "type": "text", "text": "2"}
    asking.post([event(person, "messageEdited", message=edited)])
    asking.handle()
    assert asking.letters() == [("message", "ご満足いただけましたか\n2 / 5")]
    person.tap("question", of="visit", n=1, q="body", skip=1, card=person.card.number)
    asking.post([event(person, "unsend", unsend={"messageId": "77"})])
    asking.handle()
    assert given(person).keys() == {"body"}
    assert asking.letters() == []
    with asking.club.store.read() as uow:
        assert cases.waiting(uow, limit=10) == []
    # Answered low once more, it is told once more.
    tap: dict[str, str | int] = {"of": "visit", "n": 1, "v": 1, "card": person.card.number}
    person.tap("question", q="content", **tap)
    assert [text for _, text in asking.letters()] == ["ご満足いただけましたか\n1 / 5"]
