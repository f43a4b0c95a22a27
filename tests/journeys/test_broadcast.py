"""An owner writes to Silver members, tries it on herself, sends it, and stops it half-way."""

import re
from urllib.parse import unquote

import pytest
from sqlalchemy import update

from bot.store.messages import broadcasts
from bot.store.tables import members
from handlers.actions.broadcasts import queueing
from handlers.jobs.broadcasts.queue import run_if_due
from handlers.jobs.delivery.line import Delivery
from tests.handlers.pages.staff.conftest import Browser, Desks, WallClock
from tests.journeys.town import Customer, Town

WORDS = {
    "name": "シルバーの試飲会",
    "title.ja": "試飲会へどうぞ",
    "body.ja": "{name}、土曜の試飲会でお待ちしています。",
    "whom.ranks": "silver",
    "button.__used": "on",
    "button.label.ja": "会員証を見る",
    "button.leads": "card",
}


def joins(town: Town, name: str, rank: str | None = None) -> Customer:
    customer = town.newcomer(name)
    customer.follows()
    customer.reads()
    with town.club.store.begin() as uow:
        one = members.c.id == customer.member.id
        uow.run(update(members).where(one).values(rank=rank))
    return customer


def signs_in(town: Town) -> Browser:
    desks = Desks(town.club, town.http.application, WallClock())
    return desks.signed_in("boss", "owner", None)


def test_silver_members_are_written_to_and_it_is_stopped_half_way(
    cafe: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "CHUNK", 2)
    boss = joins(cafe, "はな")
    silver = [joins(cafe, f"銀{n}", "silver") for n in range(5)]
    bronze = joins(cafe, "銅", "bronze")
    console = signs_in(cafe)
    console.get("/owner/broadcasts/new")
    form = {"csrf_token": console.csrf, **WORDS}
    at = console.client.post("/owner/broadcasts/new", data=form).headers["Location"]
    at = unquote(at).partition("?")[0]
    page = console.get(at).text
    assert "いまのランク：シルバーファン" in page
    assert re.search(r"<dt>いま届く方</dt><dd>5人</dd>", page)

    assert console.post(f"{at}/try", card=boss.member.number).status_code == 303
    Delivery(cafe.club).deliver_due()
    trial = boss.reads()
    assert "【お試し】試飲会へどうぞ" in trial
    assert "はなさん、土曜の試飲会でお待ちしています。" in trial

    assert console.post(f"{at}/send", revision="1", when="now").status_code == 303
    number = int(at.rpartition("/")[2])
    with cafe.club.work() as work:
        assert queueing.queue_part(work, number)
    Delivery(cafe.club).deliver_due()
    assert console.post(f"{at}/lead", step="stop").status_code == 303
    for _ in range(2):
        run_if_due(cafe.club)
        Delivery(cafe.club).deliver_due()
    got = [each for each in silver if "試飲会へどうぞ" in (said := each.reads()) and said.messages]
    assert len(got) == 2
    assert not any(each.reads().messages for each in (bronze, boss))
    page = console.get(at).text
    assert re.search(r"<dt>届いた方</dt><dd>2人</dd>", page)
    with cafe.club.store.read() as uow:
        stored = broadcasts.get(uow, number)
    assert stored is not None
    assert (stored.state, stored.ended_at is not None) == ("stopped", True)

    # One tap in it, and none comes any more; another topic is as it was.
    said = got[0].taps("do=topics&topic=news&on=0")
    assert "「新着・催しのご案内」のお知らせを止めました" in said
    assert got[0].member.topics_left == ("news",)
    copied = console.post(f"{at}/copy").headers["Location"].removesuffix("/edit")
    assert "<dt>このお知らせを止めている方</dt><dd>1人</dd>" in console.get(copied).text
