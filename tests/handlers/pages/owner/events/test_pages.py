"""Events in the hands of who manages them: made, changed, copied, opened, cancelled."""

import html
import re
from datetime import timedelta

import pytest

from bot.store.events import events
from bot.store.members import members
from bot.store.messages import segments
from handlers.actions.events.making import WrittenEvent, make, take_step
from handlers.actions.events.signing_up import Wish, give_up, sign_up
from handlers.actions.recording.actor import Actor
from rules.broadcasts.broadcast import Whom
from rules.wording.texts import say
from tests.handlers.actions.events.occasions import event_at, sitting_at
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody
from tests.journeys.counting import counting

FORM = {
    "kind": "seminar", "title_ja": "抽出の教室", "title_en": "", "about_ja": "淹れ方を学びます。",
    "about_en": "", "store": "", "place_ja": "", "place_en": "", "guests": "all",
    "visits_min": "", "price_yen": "1,500", "opens_at": "2037-01-01T10:00",
    "closes_at": "2037-02-01T10:00", "offer_hours": "6", "n": "", "starts": "2037-02-03T19:00",
    "ends": "00:30", "places": "１２",
}  # fmt: skip


def made(desks: Desks, *, store: str | None = None) -> int:
    boss = Actor(1, "店主", "owner", "ekimae", everywhere=True)
    now = desks.club.now()
    with desks.club.work(boss, key="test:event") as work:
        shown = (sitting_at(now + timedelta(days=14), places=1),)
        return make(work, WrittenEvent(event_at(now, store=store), shown))


def stored(desks: Desks, event_id: int = 1) -> events.StoredEvent:
    with desks.club.store.read() as uow:
        found = events.get(uow, event_id)
    assert found is not None
    return found


def member_of(desks: Desks, number: str) -> int:
    with desks.club.store.read() as uow:
        found = members.by_code(uow, "number", number)
    assert found is not None
    return found


def wrong(page: str) -> list[str]:
    return re.findall(r'class="wrong" id="(\w+)-wrong"[^>]*>[^<]', page)


def test_an_event_is_made_once_however_often_its_form_is_sent(desks: Desks, owner: Browser) -> None:
    for _ in range(2):
        answer = owner.post("/owner/events/new", key="k" * 36, **FORM)
        assert answer.headers["Location"] == "/owner/events/1?done=made"
    event, [sitting] = stored(desks).event, stored(desks).sittings
    assert (event.title.ja, event.price_yen, event.offer_hours) == ("抽出の教室", 1500, 6)
    assert sitting.ends_at - sitting.starts_at == timedelta(hours=5, minutes=30)
    assert (sitting.places, stored(desks).state) == (12, "draft")
    assert "event_made" in [line.action for line in desks.logged()]
    assert "抽出の教室" in owner.get("/owner/events").text


def phone(page: str) -> str:
    """What the phone beside the form says."""
    inside = re.search(r'<div class="phone".*?\n</div>', page, re.DOTALL)
    assert inside is not None
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside[0])).split())


def test_the_phone_beside_the_form_shows_the_invitation_of_what_is_typed(owner: Browser) -> None:
    assert "「名前（日本語）」のご案内" in phone(owner.get("/owner/events/new").text)
    place = {"place_ja": "焙煎所", "guests": "lapsed"}
    look = owner.post("/owner/events/look", **FORM | place)
    assert look.status_code == 200
    said = phone(look.text)
    for words in (
        "「抽出の教室」のご案内",
        "淹れ方を学びます。",
        "2月3日(火) 19:00〜0:30",
        "場所 焙煎所",
        "1,500円",
        "申し込む",
    ):
        assert words in said
    # What isn't there yet isn't wrong.
    early = owner.post("/owner/events/look", **FORM | {"title_ja": "", "starts": ""})
    assert wrong(early.text) == []
    assert "入力がそろうと" in phone(early.text)
    assert wrong(owner.post("/owner/events/look", **FORM | {"price_yen": "高い"}).text) == [
        "price_yen"
    ]
    assert owner.get("/owner/events").text.count("抽出の教室") == 0


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title_ja", "", "title_ja"),
        ("title_ja", "あ" * 61, "title_ja"),
        ("opens_at", "あした", "opens_at"),
        ("closes_at", "2036-12-31T10:00", "closes_at"),
        ("closes_at", "2037-02-04T10:00", "closes_at"),
        ("places", "0", "sittings"),
        ("ends", "", "sittings"),
        ("ends", "18:00", "sittings"),
        ("price_yen", "たくさん", "price_yen"),
        ("offer_hours", "100", "offer_hours"),
        ("guests", "ranks", "ranks"),
        ("first_until", "2037-01-10T10:00", "first_ranks"),
        ("first_visits", "10", "first_until"),
        ("first_visits", "たくさん", "first_visits"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_what_was_typed_stays(
    desks: Desks, owner: Browser, field: str, value: str, told: str
) -> None:
    answer = owner.post("/owner/events/new", **FORM | {field: value})
    assert (answer.status_code, wrong(answer.text)) == (422, [told])
    assert "淹れ方を学びます。" in answer.text
    assert owner.get("/owner/events/1").status_code == 404


def test_dates_are_added_without_scripts_and_a_copy_asks_for_its_own(
    desks: Desks, owner: Browser
) -> None:
    page = owner.post("/owner/events/new", more="1", **FORM).text
    assert page.count('name="starts"') == 2
    made(desks)
    page = owner.get("/owner/events/new?copy=1").text
    assert "春の豆の試食会" in page
    assert 'name="starts" value=""' in page
    assert owner.get("/owner/events/new?copy=9").status_code == 404


FIRST = {"first_until": "2037-01-10T10:00", "first_ranks": "gold", "first_visits": "5"}


@pytest.mark.parametrize("until", ["2037-01-01T10:00", "2037-02-01T10:00"])
def test_those_who_come_first_do_so_within_sign_up(owner: Browser, until: str) -> None:
    answer = owner.post("/owner/events/new", **FORM | FIRST | {"first_until": until})
    assert (answer.status_code, wrong(answer.text)) == (422, ["first_until"])
    strange = FIRST | {"guests": "ranks", "ranks": "silver"}
    answer = owner.post("/owner/events/new", **FORM | strange)
    assert (answer.status_code, wrong(answer.text)) == (422, ["first_ranks"])


def test_who_comes_first_is_kept_and_a_copy_keeps_it_but_its_moment(
    desks: Desks, owner: Browser
) -> None:
    page = owner.get("/owner/events/new").text
    assert 'name="first_until"' in page
    answer = owner.post("/owner/events/new", **FORM | FIRST, first_lapsed="on")
    assert answer.status_code == 303
    first = stored(desks).event.first
    assert first is not None
    assert (first.guests, first.ranks, first.visits_min) == ("ranks", ("gold",), 5)
    assert first.lapsed_too
    assert str(first.until) == "2037-01-10 10:00:00+09:00"
    copied = owner.get("/owner/events/new?copy=1").text
    assert re.search(r'name="first_ranks" value="gold" checked', copied)
    assert re.search(r'id="first_until" name="first_until"[^>]*value=""', copied)
    edited = owner.get("/owner/events/1/edit").text
    assert 'value="2037-01-10T10:00"' in edited
    assert 'name="first_lapsed" value="on" checked' in edited


def test_who_was_slower_keeps_what_they_typed(desks: Desks, owner: Browser) -> None:
    event = made(desks)
    for revision, status in (("1", 303), ("1", 409)):
        answer = owner.post(f"/owner/events/{event}/edit", **FORM | {"revision": revision})
        assert answer.status_code == status
    assert say("ja", "refusal.event_changed.why") in answer.text
    assert "抽出の教室" in answer.text
    assert 'name="revision" value="1"' in answer.text


def test_an_event_is_opened_closed_and_cancelled_after_a_second_yes(
    desks: Desks, owner: Browser
) -> None:
    event = made(desks)
    member = member_of(desks, somebody(desks, name="さくら"))
    page = f"/owner/events/{event}"

    def step(name: str, **more: str) -> str:
        revision = str(stored(desks).revision)
        answer = owner.post(f"{page}/step", step=name, revision=revision, **more)
        return answer.headers.get("Location", "asks").removeprefix(f"{page}?")

    assert step("open") == "done=open"
    with desks.club.work("member", key="test:wish") as work:
        sign_up(work, Wish(member, event, 1, "chat"))
    assert "さくら様" in owner.get(page).text
    assert step("close") == "done=close"
    assert step("open") == "done=open"
    assert step("invite") == "done=invite"
    assert "ご案内を送っています" in owner.get(page).text
    assert step("cancel") == "asks"
    assert stored(desks).state == "open"
    assert step("cancel", sure="1") == "done=cancel"
    assert "ご案内を送りました" in owner.get(page).text
    assert step("open") == "no=event_cancelled"
    assert owner.post(f"{page}/step", step="burn").status_code == 404
    assert say("ja", "owner.events.state.cancelled") in html.unescape(owner.get(page).text)


@pytest.mark.parametrize(
    ("begins", "ends", "state"),
    [(1, 2, "soon"), (-1, 2, "open"), (-2, -1, "closed")],
)
def test_an_event_says_whether_one_can_sign_up_now(
    desks: Desks, owner: Browser, begins: int, ends: int, state: str
) -> None:
    boss, now = Actor(1, "店主", "owner", "ekimae", everywhere=True), desks.club.now()
    hours = {"opens_at": now + timedelta(hours=begins), "closes_at": now + timedelta(hours=ends)}
    with desks.club.work(boss, key="test:event") as work:
        shown = (sitting_at(now + timedelta(days=14)),)
        event = make(work, WrittenEvent(event_at(now, **hours), shown))
        assert take_step(work, event, 1, "open") is None
    for path in (f"/owner/events/{event}", "/owner/events"):
        page = owner.get(path).text
        assert f'class="pill {state}">{say("ja", f"owner.events.state.{state}")}<' in page
    closes = 'value="close"' in owner.get(f"/owner/events/{event}").text
    assert closes == (state != "closed")


def test_where_somebody_waits_nobody_says_that_none_signed_up(desks: Desks, owner: Browser) -> None:
    event = made(desks)
    people = [member_of(desks, somebody(desks, name=name)) for name in ("さくら", "けん")]
    owner.post(f"/owner/events/{event}/step", step="open", revision="1")
    page = owner.get(f"/owner/events/{event}").text
    assert say("ja", "owner.events.nobody") in page
    for member in people:
        with desks.club.work("member", key=f"test:wish:{member}") as work:
            sign_up(work, Wish(member, event, 1, "chat"))
    with desks.club.work("member", key="test:gives") as work:
        give_up(work, people[0], event)
    page = owner.get(f"/owner/events/{event}").text
    assert say("ja", "owner.events.nobody") not in page
    assert say("ja", "owner.events.nobody_comes") in page


def test_a_manager_has_the_events_of_their_store_and_no_others(desks: Desks) -> None:
    manager = desks.signed_in("mika", "manager", "ekimae")
    elsewhere = made(desks, store="kawabe")
    with desks.club.work(Actor(1, "店主", "owner", "ekimae", everywhere=True), key="k") as work:
        now = desks.club.now()
        shown = (sitting_at(now + timedelta(days=14)),)
        here = make(work, WrittenEvent(event_at(now, store="ekimae"), shown))
    assert manager.get(f"/owner/events/{here}").status_code == 200
    assert manager.get(f"/owner/events/{elsewhere}").status_code == 404
    answer = manager.post(f"/owner/events/{elsewhere}/step", step="open", revision="1")
    assert answer.status_code == 404
    answer = manager.post("/owner/events/new", **FORM | {"store": "kawabe"})
    assert answer.status_code == 404
    answer = manager.post("/owner/events/new", **FORM | {"store": "ekimae"})
    assert answer.status_code == 303
    assert f'/owner/events/{elsewhere}"' not in manager.get("/owner/events").text
    assert desks.signed_in("midori").get("/owner/events").status_code == 403


def test_a_page_asks_no_more_for_many_guests_than_for_few(desks: Desks, owner: Browser) -> None:
    event = made(desks)
    owner.post(f"/owner/events/{event}/step", step="open", revision="1")

    def statements() -> int:
        with counting(desks.club.store) as counts:
            assert owner.get(f"/owner/events/{event}").status_code == 200
        return len(counts.statements)

    def guests(count: int) -> None:
        for n in range(count):
            who = member_of(desks, somebody(desks, name=f"客{count}{n}"))
            with desks.club.work("member", key=f"test:{who}") as work:
                sign_up(work, Wish(who, event, 1, "chat"))

    guests(2)
    statements()
    few = statements()
    guests(6)
    assert statements() <= few


def saved(desks: Desks, slug: str, name: str) -> None:
    with desks.club.store.begin() as uow:
        whom = Whom(languages=("en",))
        assert segments.add(uow, name, slug, whom, by=None, at=desks.club.now())


def test_an_event_is_for_saved_segments_which_its_owner_reads_by_name_and_nobody_else(
    desks: Desks, owner: Browser
) -> None:
    assert 'name="segments"' not in owner.get("/owner/events/new").text, "there is none yet"
    saved(desks, "vip", "とくべつな方")
    assert "とくべつな方" in html.unescape(owner.get("/owner/events/new").text)
    by_segment = FORM | {"guests": "segments"}
    answer = owner.post("/owner/events/new", **by_segment)
    assert (answer.status_code, wrong(answer.text)) == (422, ["segments"])
    first = {"first_until": "2037-01-10T10:00", "first_segments": "vip"}
    answer = owner.post("/owner/events/new", **by_segment | {"segments": "vip"} | first)
    assert answer.status_code == 303
    event = stored(desks).event
    assert (event.guests, event.segments) == ("segments", ("vip",))
    assert event.first is not None
    assert (event.first.guests, event.first.segments) == ("segments", ("vip",))
    page = html.unescape(owner.get("/owner/events/1").text)
    assert "条件「とくべつな方」に合う方へのご案内です。" in page
    assert "、条件「とくべつな方」に合う方の先行受付です" in page
    beside = html.unescape(owner.post("/owner/events/look", **by_segment, segments="vip").text)
    assert "一部の会員さまへのご案内です" in beside
    assert "とくべつな方" not in beside.partition('class="phone')[2].partition("</form>")[0]


def test_a_copy_that_names_a_segment_which_is_gone_shows_it_to_be_left_out(
    desks: Desks, owner: Browser
) -> None:
    saved(desks, "vip", "とくべつな方")
    said = FORM | {"guests": "segments", "segments": "vip"}
    assert owner.post("/owner/events/new", **said).status_code == 303
    with desks.club.store.begin() as uow:
        there = segments.by_slug(uow, ["vip"])["vip"]
        segments.drop(uow, there.id)
    copied = html.unescape(owner.get("/owner/events/new?copy=1").text)
    assert re.search(r'name="segments" value="vip" checked> もうない条件', copied)
    again = owner.post("/owner/events/new", **said)
    assert again.status_code == 409
    assert "名前を付けた条件が、もうありません" in html.unescape(again.text)
    assert "抽出の教室" in html.unescape(again.text), "what was typed stays"
    assert owner.post("/owner/events/new", **FORM).status_code == 303
