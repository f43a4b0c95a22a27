"""Broadcasts in the owner's hands: written, tried, sent, halted, and what two owners see of it."""

import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.store.history import programs
from bot.store.messages import broadcasts
from bot.store.messages.broadcasts import StoredBroadcast
from bot.store.tables import outbox
from handlers.actions.broadcasts.writing import add_broadcast
from handlers.actions.many.segments import add_segment
from handlers.jobs.broadcasts.queue import run_if_due
from rules.broadcasts.broadcast import Whom
from rules.wording.texts import say
from tests.handlers.broadcasting import OWNER, broadcast
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody
from tests.rules.examples import CAFE, changed

WRITTEN = {"name": "冬の豆", "title.ja": "豆が届きました", "body.ja": "{name}、どうぞ。"}


def newest(desks: Desks) -> StoredBroadcast:
    with desks.club.store.read() as uow:
        [found] = broadcasts.newest(uow, limit=1)
    return found


def hidden(page: str, name: str, after: str = "") -> str:
    found = re.search(rf'{after}.*?name="{name}" value="([^"]*)"', page, re.S)
    assert found is not None
    return found[1]


def writes(owner: Browser, **more: str) -> str:
    """Writes one; the address of its page."""
    key = hidden(owner.get("/owner/broadcasts/new").text, "key")
    form = WRITTEN | {name.replace("__", "."): value for name, value in more.items()}
    answer = owner.client.post(
        "/owner/broadcasts/new", data={"csrf_token": owner.csrf, "key": key, **form}
    )
    assert answer.status_code == 303, html.unescape(answer.text)
    return str(answer.headers["Location"]).partition("?")[0]


def sends_now(owner: Browser, at: str, **fields: str) -> TestResponse:
    """Now, and yes once more."""
    asked = owner.post(f"{at}/send", when="now", **fields)
    if asked.status_code != 200:
        return asked
    return owner.post(f"{at}/send", when="now", sure=hidden(asked.text, "sure"), **fields)


def said(answer_text: str) -> str:
    return html.unescape(answer_text)


def test_one_is_written_seen_counted_and_sent(desks: Desks, owner: Browser) -> None:
    somebody(desks)
    at = writes(owner)
    page = said(owner.get(at).text)
    assert "会員みなさま" in page
    assert "さくらさん、どうぞ。" in page
    assert "このお知らせを止める" in page
    assert "LINEにつながっていない方" in page
    key = hidden(page, "key", after=f'action="{at}/send"')
    for _ in range(2):
        sent = sends_now(owner, at, key=key, revision="1")
        assert sent.headers["Location"] == f"{at}?done=sent"
    assert newest(desks).state == "sending"
    assert "送信中" in said(owner.get(at).text)
    run_if_due(desks.club)
    with desks.club.store.read() as uow:
        rows = uow.run(select(outbox.c.journey, outbox.c.topic)).all()
    assert rows == [(f"broadcast:{newest(desks).id}", "news")]
    acts = [each.action for each in desks.logged()]
    assert acts.count("broadcast_send") == 1


def test_now_is_asked_once_more_with_how_many_and_what_it_costs(
    desks: Desks, owner: Browser
) -> None:
    somebody(desks, "U1")
    at = writes(owner)
    key = hidden(owner.get(at).text, "key", after=f'action="{at}/send"')
    asked = owner.post(f"{at}/send", key=key, revision="1", when="now")
    page = said(asked.text)
    assert "1人に、いますぐ送りますか？" in page
    assert "費用はおよそ3円（1通）です。" in page
    assert newest(desks).state == "draft"
    # Whom it finds is another number by then: yes was said to the first.
    somebody(desks, "U2")
    sure = hidden(asked.text, "sure")
    again = owner.post(f"{at}/send", key=key, revision="1", when="now", sure=sure)
    assert "2人に、いますぐ送りますか？" in said(again.text)
    assert newest(desks).state == "draft"
    sure = hidden(again.text, "sure")
    sent = owner.post(f"{at}/send", key=key, revision="1", when="now", sure=sure)
    assert sent.headers["Location"] == f"{at}?done=sent"
    # What nobody is on the list of yet isn't a sum of nothing.
    page = said(owner.get(at).text)
    assert "お届けする方をまとめています" in page
    assert "0人のうち" not in page
    run_if_due(desks.club)
    assert "2人のうち0人に送りました" in said(owner.get(at).text)


@pytest.mark.parametrize(("yen", "is_told"), [(180, False), (900, True)])
def test_what_the_law_says_of_a_gift_stands_beside_sending_it(
    desks: Desks, owner: Browser, yen: int, *, is_told: bool
) -> None:
    somebody(desks, "U1")
    with desks.club.work(OWNER, key="test:gift") as work:
        at = f"/owner/broadcasts/{add_broadcast(work, broadcast(offer={'reward': 'welcome_back'}))}"
    cheap, worth = (f"valid_days = 14\nvalue_yen = {each}\n" for each in (180, yen))
    with desks.club.store.begin() as uow:
        programs.publish(uow, changed(CAFE, (cheap, worth)), since=desks.club.now())
    desks.club.programmes.forget()
    page = said(owner.get(at).text)
    assert "おかえりなさいの焼き菓子" in page
    assert ("上限は200円です（景品表示法" in page) == is_told


def test_what_is_for_nobody_is_not_sent(desks: Desks, owner: Browser) -> None:
    at = writes(owner)
    form = {"key": hidden(owner.get(at).text, "key", after=f'action="{at}/send"'), "revision": "1"}
    refused = owner.post(f"{at}/send", **form, when="now")
    assert refused.status_code == 409
    assert say("ja", "refusal.broadcast_nobody.why") in said(refused.text)
    assert newest(desks).state == "draft"
    somebody(desks)
    again = owner.post(f"{at}/send", **form, when="now")
    assert again.headers["Location"] == f"{at}?done=sent"


def test_a_form_sent_twice_makes_one_draft(desks: Desks, owner: Browser) -> None:
    key = hidden(owner.get("/owner/broadcasts/new").text, "key")
    where = {
        owner.client.post(
            "/owner/broadcasts/new", data={"csrf_token": owner.csrf, "key": key, **WRITTEN}
        ).headers["Location"]
        for _ in range(2)
    }
    assert len(where) == 1
    with desks.club.store.read() as uow:
        assert len(broadcasts.newest(uow, limit=9)) == 1


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(
    desks: Desks, owner: Browser
) -> None:
    owner.get("/owner/broadcasts/new")
    form = {"name": "豆", "title.ja": "{rank}さま", "body.ja": "本文です", "button.__used": "on",
            "button.label.ja": "見る", "button.leads": "link"}  # fmt: skip
    answer = owner.client.post("/owner/broadcasts/new", data={"csrf_token": owner.csrf, **form})
    page = said(answer.text)
    assert answer.status_code == 422
    assert say("ja", "owner.form.some_wrong") in page
    assert re.search(r'id="title-wrong">{rank} は使えません', page)
    assert re.search(r'id="button-wrong">行き先が', page)
    assert "本文です" in page
    look = owner.client.post("/owner/broadcasts/look", data={"csrf_token": owner.csrf, **WRITTEN})
    assert "さくらさん、どうぞ。" in said(look.text)
    assert "人に届きます" in said(look.text)


def test_who_opened_it_before_another_owner_changed_it_is_told_so(
    desks: Desks, owner: Browser
) -> None:
    at = writes(owner)
    other = desks.signed_in("second", "owner", None)
    changed = WRITTEN | {"title.ja": "変えました"}
    other.get(f"{at}/edit")
    for browser, title, status in ((other, "変えました", 303), (owner, "あとから", 409)):
        answer = browser.client.post(
            f"{at}/edit",
            data={"csrf_token": browser.csrf, "revision": "1", **changed, "title.ja": title},
        )
        assert answer.status_code == status
    assert "あとから" in said(answer.text), "what was typed stands there"
    assert newest(desks).broadcast.title.ja == "変えました"
    # Nor does a page a day old send what it didn't show, or throw it away.
    for step in ("send", "discard"):
        assert owner.post(f"{at}/{step}", revision="1", when="now").status_code == 409
    assert newest(desks).state == "draft"
    assert owner.post(f"{at}/discard", revision="2").status_code == 303
    assert owner.get(at).status_code == 404


def test_it_waits_for_a_moment_and_is_taken_back(desks: Desks, owner: Browser) -> None:
    at = writes(owner)
    past = owner.post(f"{at}/send", revision="1", when="later", at="2020-01-01T10:00")
    assert (past.status_code, "もう過ぎています" in said(past.text)) == (409, True)
    zone = desks.club.timeline().latest.programme.shop.zone
    ahead = (desks.club.now() + timedelta(days=1)).astimezone(zone)
    answer = owner.post(f"{at}/send", revision="1", when="later", at=f"{ahead:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 303
    assert newest(desks).state == "waits"
    assert owner.get(f"{at}/edit").status_code == 303, "nobody changes what waits"
    assert owner.post(f"{at}/lead", step="take_back").status_code == 303
    assert newest(desks).state == "draft"


def test_it_is_halted_gone_on_with_and_stopped_from_its_page(desks: Desks, owner: Browser) -> None:
    somebody(desks)
    at = writes(owner)
    sends_now(owner, at, revision="1")
    run_if_due(desks.club)
    for step, state in (("pause", "paused"), ("go_on", "sending"), ("stop", "stopped")):
        assert owner.post(f"{at}/lead", step=step).status_code == 303
        assert newest(desks).state == state
    page = said(owner.get(at).text)
    assert "中止で取りやめた方" in page
    assert owner.post(f"{at}/lead", step="go_on").status_code == 409
    copied = owner.post(f"{at}/copy")
    assert newest(desks).state == "draft"
    assert copied.headers["Location"].endswith(f"/{newest(desks).id}/edit")


def test_a_copy_goes_by_what_the_segments_of_who_comes_first_say_by_then(
    desks: Desks, owner: Browser
) -> None:
    somebody(desks)
    english = Whom(languages=("en",))
    with desks.club.work(OWNER, key="segment") as work:
        assert isinstance(add_segment(work, "VIP", english), int)
        until = work.day + timedelta(days=2)
        first = {"segments": ["vip"], "until": until.isoformat()}
        made = add_broadcast(work.under("first"), broadcast(first=first))
    sends_now(owner, f"/owner/broadcasts/{made}", revision="1")
    assert newest(desks).broadcast.first_then == (english,)
    owner.post(f"/owner/broadcasts/{made}/copy")
    assert newest(desks).broadcast.first == newest_but_one(desks).broadcast.first
    assert newest(desks).broadcast.first_then is None


@pytest.mark.parametrize(
    "said",
    [
        {"first": {"segments": ["vip"], "until": "2030-01-01"}},
        {"trial": {"arms": [{"title": {"ja": "別"}, "segments": ["vip"]}]}},
    ],
)
def test_its_page_says_that_a_segment_it_names_is_gone(
    desks: Desks, owner: Browser, said: dict[str, Any]
) -> None:
    somebody(desks)
    with desks.club.work(OWNER, key="draft") as work:
        made = add_broadcast(work, broadcast(**said))
    assert "名前を付けた条件が、もうありません" in html.unescape(
        owner.get(f"/owner/broadcasts/{made}").text
    )


def test_a_version_for_a_segment_that_is_gone_is_not_saved_for_all(
    desks: Desks, owner: Browser
) -> None:
    trial = {"arms": [{"title": {"ja": "別"}, "segments": ["vip"]}]}
    with desks.club.work(OWNER, key="draft") as work:
        made = add_broadcast(work, broadcast(trial=trial))
    page = html.unescape(owner.get(f"/owner/broadcasts/{made}/edit").text)
    [tick] = re.findall(r'<input type="checkbox" name="[^"]*segments" value="vip" checked>', page)
    assert "もうないもの（vip）" in page.partition(tick)[2].partition("</label>")[0]


def newest_but_one(desks: Desks) -> StoredBroadcast:
    with desks.club.store.read() as uow:
        return broadcasts.newest(uow, limit=2)[1]


def test_a_trial_goes_to_a_card_on_line_alone(desks: Desks, owner: Browser) -> None:
    at = writes(owner)
    no_card = owner.post(f"{at}/try", card="000 000 0000")
    assert "見つかりません" in said(no_card.text)
    assert 'value="000 000 0000"' in no_card.text, "nothing typed is lost"
    number = somebody(desks)
    nobody = owner.post(f"{at}/try", card=number)
    assert "LINEで届けられません" in said(nobody.text)


def test_nobody_but_owners_sees_them(desks: Desks) -> None:
    manager = desks.signed_in("chief", "manager", None)
    for path in ("/owner/broadcasts", "/owner/broadcasts/new", "/owner/broadcasts/1"):
        assert manager.get(path).status_code == 403


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (1_200, 800), "brown").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_photograph_is_handed_in_and_shown_to_whoever_gets_the_message(
    desks: Desks, owner: Browser
) -> None:
    owner.get("/owner/broadcasts/new")
    form = {"csrf_token": owner.csrf, **WRITTEN, "picture.__file": (picture(), "beans.jpg")}
    answer = owner.client.post("/owner/broadcasts/new", data=form)
    assert answer.status_code == 303
    name = newest(desks).broadcast.picture
    assert name is not None
    page = owner.get(answer.headers["Location"]).text
    address = f"/photos/{name.removesuffix('.png')}.jpg"
    assert f'src="{address}"' in page
    shown = owner.client.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(shown.data)).size == (1_024, 683)
    assert owner.client.get("/photos/logo.jpg").status_code == 404
    # What is no picture is said beside its field, and nothing typed is lost.
    form = {"csrf_token": owner.csrf, **WRITTEN, "picture.__file": (io.BytesIO(b"no"), "no.png")}
    answer = owner.client.post("/owner/broadcasts/new", data=form)
    assert answer.status_code == 422
    assert "豆が届きました" in said(answer.text)
