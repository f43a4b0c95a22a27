"""An owner writes to Silver members, tries it on herself, sends it, and stops it half-way."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from sqlalchemy import update

from bot.store.messages import broadcast_taps, broadcasts
from bot.store.tables import members
from handlers.actions.broadcasts import queueing
from handlers.actions.members.membership import erase
from handlers.jobs.broadcasts.queue import run_if_due
from handlers.jobs.delivery.line import Delivery
from tests.handlers.pages.owner.messages.test_broadcasts import sends_now
from tests.handlers.pages.staff.conftest import Browser, Desks, WallClock
from tests.journeys.town import Customer, Said, Town

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

    assert sends_now(console, at, revision="1").status_code == 303
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


BUTTONS = {"card": {"button.leads": "card"}, "link": {
    "button.leads": "link", "button.link": "https://example.jp/beans",
}}  # fmt: skip


@pytest.mark.parametrize("leads", BUTTONS)
def test_a_tap_on_its_button_counts_once_for_each_member_and_a_trials_does_not(
    cafe: Town, leads: str
) -> None:
    tapper, _other = joins(cafe, "さくら"), joins(cafe, "花子")
    console = signs_in(cafe)
    console.get("/owner/broadcasts/new")
    words = {key: value for key, value in WORDS.items() if key != "whom.ranks"}
    form = {"csrf_token": console.csrf, **words, **BUTTONS[leads]}
    at = console.client.post("/owner/broadcasts/new", data=form).headers["Location"]
    at = unquote(at).partition("?")[0]
    number = int(at.rpartition("/")[2])
    console.post(f"{at}/try", card=tapper.member.number)
    Delivery(cafe.club).deliver_due()
    trial = tapper.reads()
    assert "/to/" not in str(trial.messages)
    assert "via=" not in str(trial.messages)
    assert sends_now(console, at, revision="1").status_code == 303
    run_if_due(cafe.club)
    Delivery(cafe.club).deliver_due()
    assert "ボタンを押した方：0人" in console.get(at).text
    said = tapper.reads()
    for _ in range(2):
        taps(cafe, tapper, said, leads)
    assert "ボタンを押した方：1人" in console.get(at).text
    with cafe.club.store.read() as uow:
        assert [each for each, _ in broadcast_taps.of(uow, [tapper.member.id])] == [number]
    with cafe.club.work() as work:
        assert erase(work, tapper.member.id).done
    with cafe.club.store.read() as uow:
        assert broadcast_taps.count(uow, number) == 0


def taps(town: Town, tapper: Customer, said: Said, leads: str) -> None:
    """The broadcast's own button."""
    if leads == "card":
        assert "メンバー" in tapper.taps(said.data("do=card&via="))
        return
    path = next(part for part in str(said.messages).split("'") if "/to/" in part)
    assert tapper.member.number not in path
    for address in (urlsplit(path).path, urlsplit(path).path + "x"):
        # Whoever makes one up is led on, and counts for nothing; nobody is led anywhere else.
        answer = town.http.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            "https://example.jp/beans",
        )
