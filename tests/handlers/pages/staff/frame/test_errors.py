"""Whatever can't be answered is told in the reader's words."""

import pytest

from bot.line.errors import LineUnavailable
from bot.store import StoreBusy, StoreFull
from handlers.club import Club
from handlers.pages.staff.frame import more
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.members.test_members import somebody


def test_whatever_goes_wrong_is_said_in_the_readers_words(desks: Desks) -> None:
    hana = desks.signed_in("hana")
    number = somebody(desks, "U1")
    asked = [
        (404, hana.get("/staff/nothing")),
        (405, hana.get("/staff/logout")),
        (405, hana.client.put("/staff/members/new")),
        (400, hana.post(f"/staff/members/{number}/membership", state="nothing")),
    ]
    for status, answer in asked:
        assert answer.status_code == status
        assert "スタッフページへ戻る" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert "スタッフページへ戻る" in hana.get("/owner/nothing").text
    assert hana.get("/staff/api/nothing").json == {"error": "not_found"}
    assert "スタッフ" not in hana.get("/nothing").text


@pytest.mark.parametrize(("problem", "words"), [(StoreBusy, "busy"), (StoreFull, "full")])
def test_a_page_says_so_when_nothing_can_be_written_now(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, problem: type[StoreBusy], words: str
) -> None:
    browser = desks.signed_in("hana")

    def busy(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(more, "choose_language", busy)
    answer = browser.post("/staff/language", language="en")
    assert answer.status_code == 503
    assert say("ja", f"refusal.{words}.why") in answer.text


def test_what_needs_a_word_from_line_waits_for_it(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desks.signed_in("hana")

    def away(*_: object, **__: object) -> None:
        raise LineUnavailable

    monkeypatch.setattr(Club, "chat_link", away)
    slip = browser.post("/staff/slips", visit="1").location
    answer = browser.get(f"{slip}.png")
    assert answer.status_code == 503
    assert say("ja", "refusal.line_away.why") in answer.text
