"""The newsletter written and sent in the console."""

import html

import pytest

from bot.store.history import programs
from bot.store.messages import newsletters
from handlers.actions.newsletter.subscribe import NewsletterChoice, choose_newsletter
from tests.handlers.pages.owner.messages.test_broadcasts import picture
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody

NEWSLETTER = """
[newsletter]
name = { ja = "通い路だより" }
about = { ja = "月に1回、豆のことをお届けします。" }
"""
WRITTEN = {
    "title.ja": "冬の豆",
    "lead.ja": "新しい豆です。",
    "sections.__rows": "0",
    "sections.0.heading.ja": "産地から",
    "sections.0.body.ja": "はじめの段落です。\n\nつぎの段落です。",
}


@pytest.fixture
def owner(desks: Desks) -> Browser:
    with desks.club.store.begin() as uow:
        text = programs.newest(uow).text
        programs.publish(uow, text + NEWSLETTER, since=desks.club.now())
    desks.club.programmes.forget()
    return desks.signed_in("boss", "owner", None)


def keeps(owner: Browser, path: str, **more: object) -> int:
    owner.get(path)
    data = {"csrf_token": owner.csrf, **WRITTEN, **more}
    return owner.client.post(path, data=data).status_code


def test_an_issue_is_written_changed_and_sent_once_to_who_asked(
    desks: Desks, owner: Browser
) -> None:
    assert keeps(owner, "/owner/newsletter/new", photo=(picture(), "beans.jpg")) == 303
    with desks.club.store.read() as uow:
        [stored] = newsletters.issues(uow)
    name = stored.issue.id
    assert stored.ratio == "1024:683"
    assert stored.issue.sections[0].body.in_("ja") == ("はじめの段落です。", "つぎの段落です。")
    edit = f"/owner/newsletter/{name}/edit"
    assert keeps(owner, edit, **{"title.ja": "冬の豆、届きました"}) == 303
    with desks.club.store.read() as uow:
        [stored] = newsletters.issues(uow)
    assert (stored.issue.title.ja, stored.ratio) == ("冬の豆、届きました", "1024:683")

    somebody(desks, "U" + "1" * 32)
    with desks.club.work("member") as work:
        said = NewsletterChoice(1, True, desks.club.now(), "月に1回")
        choose_newsletter(work.under("test:asked"), said)
    assert "1人に送る" in html.unescape(owner.get("/owner/newsletter").text)
    for _ in range(2):
        sent = owner.post(f"/owner/newsletter/{name}/send")
        assert sent.headers["Location"] == "/owner/newsletter?done=sent"
    with desks.club.store.read() as uow:
        [stored] = newsletters.issues(uow)
    assert (stored.recipients, stored.sent_at is not None) == (1, True)
    assert owner.get(edit).status_code == 303, "it stays as it went out"
    assert keeps(owner, edit, **{"title.ja": "あとから"}) == 409
    assert "冬の豆、届きました" in owner.client.get(f"/newsletter/{name}").text


def test_what_is_wrong_is_told_beside_its_field(desks: Desks, owner: Browser) -> None:
    owner.get("/owner/newsletter/new")
    data = {"csrf_token": owner.csrf, "lead.ja": "新しい豆です。"}
    answer = owner.client.post("/owner/newsletter/new", data=data)
    assert answer.status_code == 422
    assert "新しい豆です。" in html.unescape(answer.text)
    with desks.club.store.read() as uow:
        assert newsletters.issues(uow) == []


def test_without_a_newsletter_in_the_programme_nothing_is_sent(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    assert "会報誌はまだありません" in html.unescape(owner.get("/owner/newsletter").text)
    assert owner.post("/owner/newsletter/2037-12/send").status_code == 409
