"""The newsletter written and sent in the console."""

import html
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from bot.store.history import programs
from bot.store.members import line_accounts, members
from bot.store.messages import newsletters
from bot.store.messages.newsletters import StoredIssue
from bot.store.tables import outbox
from handlers.actions.newsletter.subscribe import NewsletterChoice, choose_newsletter
from handlers.jobs.broadcasts.issues import run_if_due
from handlers.showing.newsletter_links import draft_page, draft_picture
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


def issues(desks: Desks) -> list[StoredIssue]:
    with desks.club.store.read() as uow:
        return newsletters.issues(uow)


@pytest.fixture
def owner(desks: Desks) -> Browser:
    with desks.club.store.begin() as uow:
        text = programs.newest(uow).text
        programs.publish(uow, text + NEWSLETTER, since=desks.club.now())
    desks.club.programmes.forget()
    return desks.signed_in("boss", "owner", None)


def keeps(owner: Browser, path: str, **more: object) -> int:
    owner.get(path)
    data = {"csrf_token": owner.csrf, **WRITTEN, "revision": "1", **more}
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
    older = owner.post(f"/owner/newsletter/{name}/send", revision="1")
    assert older.status_code == 409, "somebody changed its words since"
    for _ in range(2):
        sent = owner.post(f"/owner/newsletter/{name}/send", revision=str(stored.revision))
        assert sent.headers["Location"] == "/owner/newsletter?done=sent"
    assert "送信中" in owner.get("/owner/newsletter").text
    run_if_due(desks.club)
    page = html.unescape(owner.get("/owner/newsletter").text)
    assert "1人のうち0人に送りました" in page
    with desks.club.store.read() as uow:
        [stored] = newsletters.issues(uow)
    assert (stored.recipients, stored.state) == (1, "sending")
    assert owner.get(edit).status_code == 303, "it stays as it went out"
    assert keeps(owner, edit, **{"title.ja": "あとから"}) == 409
    assert "冬の豆、届きました" in owner.client.get(f"/newsletter/{name}").text


def test_of_two_editors_the_later_is_refused_and_keeps_what_they_typed(
    desks: Desks, owner: Browser
) -> None:
    assert keeps(owner, "/owner/newsletter/new") == 303
    [stored] = issues(desks)
    edit = f"/owner/newsletter/{stored.issue.id}/edit"
    assert keeps(owner, edit, revision=stored.revision, **{"title.ja": "先の人"}) == 303
    data = {"csrf_token": owner.csrf, **WRITTEN, "title.ja": "後の人", "revision": "1"}
    answer = owner.client.post(edit, data=data)
    assert answer.status_code == 409
    assert "後の人" in html.unescape(answer.text)
    assert "ほかの人が先に変えています" in html.unescape(answer.text)
    [stored] = issues(desks)
    assert stored.issue.title.ja == "先の人"


def test_two_new_issues_of_a_month_are_two_and_a_form_sent_twice_is_one(
    desks: Desks, owner: Browser
) -> None:
    key = "5e0a2c36-6d0b-4b4c-9c7e-0f8f6c1b2a11"
    assert [keeps(owner, "/owner/newsletter/new", key=key) for _ in range(2)] == [303, 303]
    assert len(issues(desks)) == 1
    assert keeps(owner, "/owner/newsletter/new", **{"title.ja": "別の号"}) == 303
    assert {each.issue.title.ja for each in issues(desks)} == {"冬の豆", "別の号"}


def test_it_is_tried_on_ones_own_card_and_its_draft_read_by_nobody_else(
    desks: Desks, owner: Browser
) -> None:
    assert keeps(owner, "/owner/newsletter/new", photo=(picture(), "beans.jpg")) == 303
    [stored] = issues(desks)
    path = f"/owner/newsletter/{stored.issue.id}"
    wrong = owner.post(f"{path}/try", card="12")
    assert wrong.status_code == 409
    assert 'value="12"' in wrong.text
    somebody(desks, "U" + "1" * 32)
    with desks.club.work() as work:
        line_accounts.link(work.uow, "U" + "1" * 32, 1)
        number = members.lock(work.uow, 1).number
    assert owner.post(f"{path}/try", card=number).status_code == 303
    with desks.club.store.read() as uow:
        [trial] = uow.run(select(outbox).where(outbox.c.journey == "newsletter_trial"))
    assert (trial.member_id, trial.topic) == (1, None)
    public = f"/newsletter/{stored.issue.id}"
    anybody = owner.client.application.test_client()
    draft = urlsplit(draft_page(desks.club, stored.issue.id)).path
    page = anybody.get(draft)
    assert "はじめの段落です。" in page.text
    shown = urlsplit(draft_picture(desks.club, stored.issue.id))
    assert anybody.get(f"{shown.path}?{shown.query}").content_type == "image/jpeg"
    for other in (public, f"{public}/picture.jpg", f"{public}/picture.jpg?draft=made-up"):
        assert anybody.get(other).status_code == 404
    assert anybody.get(f"{public}/made-up").status_code == 303


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
