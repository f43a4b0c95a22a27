"""The page of a round of letters, as an owner works through it."""

import csv
import io
import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from bot.store.members import members
from rules.wording.texts import say
from tests.handlers.pages.conftest import CAFE
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.letters.test_labels import letters, lives, says_no
from tests.handlers.pages.staff.members.test_members import KEY
from tests.handlers.pages.staff.members.test_told import publishes
from tests.handlers.profiles import ASKING

#: Whatever the day, a round began this month.
ALWAYS = f"{ASKING}\n[letters]\nmonths = {list(range(1, 13))}\n"


@pytest.fixture
def owner(desks: Desks) -> Browser:
    publishes(desks, ALWAYS)
    return desks.signed_in("mori", "owner")


def sealed(page: str) -> str:
    found = re.search(r'name="list" value="([^"]+)"', page)
    assert found, page
    return found[1]


def posts(owner: Browser, sent: str, n: int = 1, **more: str) -> TestResponse:
    answer = owner.post("/staff/letters/posted", list=sent, key=KEY.format(n), **more)
    assert answer.status_code == 303
    return owner.get(answer.headers["Location"])


def leads(owner: Browser, page: str) -> str:
    """Where the button of a page with nothing on it leads, which is there."""
    found = re.search(r'class="main-button" href="([^"]+)"', page)
    assert found, page
    assert owner.get(found[1]).status_code == 200
    return found[1]


def test_the_list_is_printed_handed_on_and_noted(desks: Desks, owner: Browser) -> None:
    hanako, ichiro = lives(desks, "山田花子", postcode="9000001"), lives(desks, "=鈴木一郎")
    assert say("ja", "staff.letters.time") in owner.get("/staff/today").text
    page = owner.get("/staff/letters").text
    assert "2名の方" in page
    sent = sealed(page)
    pdf = owner.post("/staff/letters/labels.pdf", list=sent)
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert re.findall(rb"/MediaBox \[ ?0 0 (\d+)[\d.]* (\d+)", pdf.data) == [(b"595", b"841")]
    table = owner.post("/staff/letters/list.csv", list=sent)
    assert table.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert rows[0] == ["郵便番号", "ご住所", "お名前"]
    assert [row[0] for row in rows[1:]] == ["150-0002", "900-0001"]
    assert rows[1][2] == "'=鈴木一郎様", "no formula"
    assert [letters(desks, each) for each in (hanako, ichiro)] == [[], []], "printing notes nothing"
    assert say("ja", "refusal.letters_unsure.why") in posts(owner, sent).text
    for n in (2, 2):
        assert say("ja", "staff.letters.done.posted") in posts(owner, sent, n, sure="1").text
    assert say("ja", "refusal.letters_none.why") in posts(owner, sent, 3, sure="1").text
    assert [len(letters(desks, each)) for each in (hanako, ichiro)] == [1, 1]
    assert say("ja", "staff.letters.all_done") in owner.get("/staff/letters").text
    assert say("ja", "staff.letters.time") not in owner.get("/staff/today").text
    actions = [entry.action for entry in desks.logged()]
    assert (actions.count("letters_taken"), actions.count("mailed")) == (2, 2)


def test_who_said_no_since_is_in_no_file_and_not_noted(desks: Desks, owner: Browser) -> None:
    lives(desks, "山田花子")
    no = lives(desks, "鈴木一郎")
    sent = sealed(owner.get("/staff/letters").text)
    says_no(desks, no)
    table = owner.post("/staff/letters/list.csv", list=sent).data.decode("utf-8-sig")
    assert "山田花子" in table
    assert "鈴木一郎" not in table
    said = posts(owner, sent, sure="1").text
    assert "1名は、そのあいだに不要になった" in said
    assert letters(desks, no) == []


def test_where_nobody_can_be_written_to_nobody_has_had_it(desks: Desks, owner: Browser) -> None:
    page = owner.get("/staff/letters").text
    assert say("ja", "staff.letters.nobody") in page
    assert say("ja", "staff.letters.all_done") not in page


def test_the_page_says_when_and_why_there_is_nobody(desks: Desks) -> None:
    owner = desks.signed_in("mori", "owner")
    page = owner.get("/staff/letters").text
    assert "まだ決まっていません" in page
    assert leads(owner, page) == "/owner/programme/letters"
    publishes(desks, f"{CAFE}\n[letters]\nmonths = [4]\n")
    for path in ("/staff/letters", "/staff/labels"):
        page = owner.get(path).text
        assert "ご住所をうかがっていない" in page
        assert leads(owner, page) == "/owner/programme/profile"
    month = (desks.club.now() + timedelta(days=70)).month
    publishes(desks, f"{ASKING}\n[letters]\nmonths = [{month}]\nday = 9\n")
    page = owner.get("/staff/letters").text
    assert f"{month}月9日からです" in page
    assert "staff.letters" not in page
    assert say("ja", "staff.letters.time") not in owner.get("/staff/today").text


def test_nobody_but_an_owner_sees_where_people_live(desks: Desks, owner: Browser) -> None:
    lives(desks, "山田花子")
    sent = sealed(owner.get("/staff/letters").text)
    ken = desks.signed_in("ken", "manager")
    assert ken.get("/staff/letters").status_code == 403
    assert ken.post("/staff/letters/list.csv", list=sent).status_code == 403
    assert say("ja", "staff.letters.time") not in ken.get("/staff/today").text
    for made_up in ("", "abc", desks.club.codes.seal("card", "2026-01-01 1")):
        assert owner.post("/staff/letters/posted", list=made_up, sure="1").status_code == 404


def noted(page: str) -> list[str]:
    return re.findall(r'name="noted" value="([^"]+)"', page)


def test_letters_noted_by_mistake_are_taken_back_below_the_list(
    desks: Desks, owner: Browser
) -> None:
    hanako, ichiro = lives(desks, "山田花子"), lives(desks, "鈴木一郎")
    sent = sealed(owner.get("/staff/letters").text)
    page = posts(owner, sent, sure="1").text
    [its] = noted(page)
    for n in (5, 5, 6):
        answer = owner.post("/staff/letters/back", noted=its, page="letters", key=KEY.format(n))
        assert answer.status_code == 303
    assert say("ja", "refusal.letters_back.why") in owner.get(answer.headers["Location"]).text
    assert [letters(desks, each) for each in (hanako, ichiro)] == [[], []]
    page = owner.get("/staff/letters?done=back").text
    assert say("ja", "staff.letters.done.back") in page
    assert "2名の方" in page
    assert noted(page) == []
    assert say("ja", "staff.letters.time") in owner.get("/staff/today").text
    actions = [entry.action for entry in desks.logged()]
    assert (actions.count("mailed"), actions.count("mail_undone")) == (2, 2)
    assert "お手紙の記録を取り消し" in owner.get("/staff/log").text
    owner.post("/staff/letters/posted", list=sealed(page), key=KEY.format(7), sure="1")
    assert len(letters(desks, hanako)) == 1


def test_an_old_page_sent_again_after_that_does_not_say_that_they_are_noted(
    desks: Desks, owner: Browser
) -> None:
    hanako = lives(desks, "山田花子")
    sent = sealed(owner.get("/staff/letters").text)
    [its] = noted(posts(owner, sent, sure="1").text)
    owner.post("/staff/letters/back", noted=its, page="letters", key=KEY.format(5))
    page = posts(owner, sent, sure="1").text
    assert say("ja", "refusal.letters_back.why") in page
    assert say("ja", "staff.letters.done.posted") not in page
    assert letters(desks, hanako) == []
    posts(owner, sealed(page), 6, sure="1")
    assert len(letters(desks, hanako)) == 1


def test_only_an_owner_takes_letters_back_and_only_what_the_page_had(
    desks: Desks, owner: Browser
) -> None:
    lives(desks, "山田花子")
    [its] = noted(posts(owner, sealed(owner.get("/staff/letters").text), sure="1").text)
    ken = desks.signed_in("ken", "manager")
    assert ken.post("/staff/letters/back", noted=its, key=KEY.format(5)).status_code == 403
    for made_up in ("", "abc", desks.club.codes.seal("letters", "2026-01-01 1")):
        assert owner.post("/staff/letters/back", noted=made_up).status_code == 404
    assert noted(owner.get("/staff/letters").text)


def test_a_letter_is_called_in_the_readers_language(desks: Desks, owner: Browser) -> None:
    member = lives(desks, "山田花子")
    posts(owner, sealed(owner.get("/staff/letters").text), sure="1")
    with desks.club.store.read() as uow:
        found = members.get(uow, member)
    assert found is not None
    owner.post("/staff/language", language="en", then="/staff/letters")
    page = owner.get("/staff/letters").text
    assert "The letter of " in page
    assert "のお手紙" not in page
    assert "The letter of " in owner.get(f"/staff/members/{found.number}").text
