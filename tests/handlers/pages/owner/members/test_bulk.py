"""What an owner does to many members at once."""

import csv
import html
import io
import re

import pytest
from sqlalchemy import func, select, update

from bot.store.events import seats
from bot.store.many import bulks
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from bot.store.tables import contacts, outbox
from bot.store.tables import members as table
from handlers.actions.many import bulk as actions
from handlers.actions.members.membership import change_membership, erase
from handlers.jobs.many import bulks as job
from tests.handlers.actions.events.test_circle import NO_CIRCLE
from tests.handlers.clubs import DAY, SmallClub
from tests.handlers.pages.owner.test_next_rule import published
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import card, somebody

KEY = "22222222-2222-4222-8222-{:012d}"


def chooses(owner: Browser, kind: str, *numbers: str, **more: str) -> str:
    data = {"csrf_token": owner.csrf, "kind": kind, "n": list(numbers), **more}
    answer = owner.client.post("/owner/members/bulk", data=data)
    return html.unescape(answer.text)


def begins(owner: Browser, n: int, kind: str, *numbers: str, **more: str) -> str:
    """Where the form leads; "" and what is wrong, where it is refused."""
    owner.get("/owner/members")
    data = {"csrf_token": owner.csrf, "kind": kind, "n": list(numbers), "key": KEY.format(n)}
    answer = owner.client.post("/owner/members/bulk/begin", data=data | more)
    said = re.search(r'role="alert">([^<]*)', answer.text)
    return str(answer.location or (html.unescape(said[1]) if said else answer.status))


def noted(desks: Desks) -> int:
    with desks.club.store.read() as uow:
        its = select(func.count()).select_from(contacts).where(contacts.c.kind == "noted")
        return int(uow.run(its).scalar_one())


def test_a_note_to_all_that_is_tapped_twice_is_written_once(desks: Desks, owner: Browser) -> None:
    for n in range(5):
        somebody(desks, f"U{n}")
    owner.get("/owner/members")
    assert "この条件に合う5人に行います。" in chooses(owner, "note", scope="all")
    more = {"scope": "all", "counted": "5", "words": "夏祭りに招待"}
    at = begins(owner, 1, "note", **more)
    assert begins(owner, 1, "note", **more) == at
    assert "進めています" in html.unescape(owner.get(at).text)
    job.run_if_due(desks.club)
    job.run_if_due(desks.club)
    assert noted(desks) == 5
    page = html.unescape(owner.get(at).text)
    assert "終わりました。" in page
    assert "5人" in page
    [done] = [each for each in desks.logged() if each.action == "bulk_note"]
    assert done.details["count"] == 5
    assert "夏祭りに招待" in html.unescape(owner.get(f"/staff/members/{first(desks)}").text)


def first(desks: Desks) -> str:
    with desks.club.store.read() as uow:
        return str(uow.run(select(table.c.number).order_by(table.c.id)).scalars().first())


def test_a_state_needs_a_second_yes_to_how_many_they_are(
    desks: Desks, shop: SmallClub, owner: Browser
) -> None:
    a, b = somebody(desks, "U1"), somebody(desks, "U2")
    today = shop.timeline.at(shop.now).programme.shop.business_date(shop.now)
    form = {"state": "paused", "since": today.isoformat(), "counted": "2", "scope": "all"}
    assert "確かめるチェック" in begins(owner, 1, "state", **form)
    somebody(desks, "U3")
    assert "人数が変わりました" in begins(owner, 2, "state", **form, sure="on")
    assert "いまは3人です" in begins(owner, 3, "state", **form, sure="on")
    late = form | {"since": (today + DAY).isoformat()}
    assert "今日までの日付" in begins(owner, 4, "state", **late, sure="on")
    ticked = form | {"scope": "ticked", "counted": "1"}
    begins(owner, 5, "state", a, **ticked, sure="on")
    job.run_if_due(desks.club)
    assert (card(desks, a).membership, card(desks, b).membership) == ("paused", "active")
    assert card(desks, a).facts.membership_since == today


def test_forged_numbers_and_a_filter_that_they_are_not_of_choose_nobody(
    desks: Desks, owner: Browser
) -> None:
    a = somebody(desks, "U1")
    owner.get("/owner/members")
    assert "選ばれた会員がいません" in chooses(owner, "note", "0000000000", "'; --", "9" * 40)
    assert "選ばれた会員がいません" in chooses(owner, "note", a, ranks="silver")
    assert "選ばれた会員がいません" in begins(owner, 1, "note", words="x", counted="0")
    assert owner.post("/owner/members/bulk", kind="erase").status_code == 404
    gone = begins(owner, 2, "note", a, words="x", counted="1", ranks="platinum")
    assert "いまの会員プログラムにありません" in gone
    assert owner.get("/owner/bulks/1").status_code == 404
    manager = desks.signed_in("mika", "manager", "ekimae")
    for path in ("/owner/members/bulk", "/owner/members/bulk/begin"):
        assert manager.post(path, kind="note").status_code == 403
    assert manager.get("/owner/bulks").status_code == 403


def test_what_dies_half_way_goes_on_and_reaches_each_once(
    desks: Desks, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(7):
        somebody(desks, f"U{n}")
    monkeypatch.setattr(actions, "CHUNK", 3)
    at = begins(owner, 1, "note", scope="all", counted="7", words="メモ")
    done = actions._done_to
    died: list[int] = []

    class Killed(BaseException):
        pass

    def dies(*args: object) -> str:
        if len(died) == 0 and noted_in(args) == 4:
            died.append(1)
            raise Killed
        return done(*args)  # type: ignore[arg-type]

    def noted_in(args: tuple[object, ...]) -> int:
        work = args[0]
        its = select(func.count()).select_from(contacts).where(contacts.c.kind == "noted")
        return int(work.uow.run(its).scalar_one())  # type: ignore[attr-defined]

    monkeypatch.setattr(actions, "_done_to", dies)
    with pytest.raises(Killed):
        job.run_if_due(desks.club)
    assert died
    assert noted(desks) == 3
    assert "43" in re.findall(r'<progress max="100" value="(\d+)"', owner.get(at).text)
    job.run_if_due(desks.club)
    assert noted(desks) == 7
    assert "終わりました。" in html.unescape(owner.get(at).text)


def test_somebody_whose_row_cannot_be_read_keeps_nobody_else_from_it(
    desks: Desks, owner: Browser
) -> None:
    broken, *_ = (somebody(desks, f"U{n}") for n in range(3))
    with desks.club.store.begin() as uow:
        uow.run(update(table).where(table.c.number == broken).values(facts="{}"))
    assert owner.get("/owner/members").status_code == 200
    at = begins(owner, 1, "note", scope="all", counted="3", words="メモ")
    job.run_if_due(desks.club)
    assert noted(desks) == 2
    page = html.unescape(owner.get(at).text)
    assert "終わりました。" in page
    assert "Kayoiの不具合で行えませんでした" in page
    at = begins(owner, 2, "export", scope="all", counted="3")
    table_ = owner.get(f"{at}/members.csv").data.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(table_)))) == 1 + 2


def test_who_is_erased_merged_or_so_already_is_told_by_why(
    desks: Desks, shop: SmallClub, owner: Browser
) -> None:
    a, b, c, d = (somebody(desks, f"U{n}") for n in range(4))
    with shop.work("member") as work:
        change_membership(work.under(shop.key()), card(desks, b).id, "paused", at=shop.now)
    today = shop.timeline.at(shop.now).programme.shop.business_date(shop.now)
    gone = card(desks, a).id
    at = begins(
        owner, 1, "state", state="paused", since=today.isoformat(), scope="all", counted="4",
        sure="on",
    )  # fmt: skip
    with shop.work() as work:
        erase(work.under(shop.key()), gone)
    with shop.store.begin() as uow:
        uow.run(update(table).where(table.c.number == c).values(merged_into=card(desks, d).id))
    job.run_if_due(desks.club)
    with shop.store.read() as uow:
        assert bulks.fates(uow, 1) == {"erased": 1, "bulk_already": 1, "merged": 1, "done": 1}
    page = html.unescape(owner.get(at).text)
    assert "はじめからその状態でした" in page
    assert "erased" not in page


def test_a_table_holds_what_is_lawful_and_no_formula(
    desks: Desks, shop: SmallClub, owner: Browser
) -> None:
    bad = somebody(desks, "U1", '=HYPERLINK("http://x")')
    with shop.store.begin() as uow:
        known = profiles.get(uow, card(desks, bad).id)
        mine = Profile(known.name, "@ヨミ", "+819012345678", "内緒のメモ")
        profiles.put(uow, card(desks, bad).id, mine, at=shop.now)
    gone = somebody(desks, "U2", "消える人")
    at = begins(owner, 1, "export", scope="all", counted="2")
    assert "表を受け取る" in html.unescape(owner.get(at).text)
    with shop.work() as work:
        erase(work.under(shop.key()), card(desks, gone).id)
    answer = owner.get(f"{at}/members.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Cache-Control"] == "no-store"
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[0] == "会員番号"
    [row] = rows
    assert row[0] == bad
    assert row[1].startswith("'=HYPERLINK")
    assert row[2] == "'@ヨミ"
    assert "12345678" not in answer.text
    assert "内緒" not in answer.text
    told = [each.action for each in desks.logged()]
    assert ("bulk_export" in told, "bulk_fetched" in told) == (True, True)
    shop.passes(days=8)
    assert owner.get(f"{at}/members.csv").status_code == 404
    assert "期間を過ぎました" in html.unescape(owner.get(at).text)


def test_labels_go_to_those_chosen_alone(desks: Desks, owner: Browser) -> None:
    a = somebody(desks, "U1", "髙橋 花子")
    somebody(desks, "U2", "別の人")
    at = begins(owner, 1, "labels", a, counted="1")
    page = html.unescape(owner.get(at).text)
    assert "宛名ラベルを作る" in page
    with desks.club.store.read() as uow:
        assert list(bulks.chosen(uow, 1, after=0, limit=9)) == [card(desks, a).id]


def test_those_who_hold_a_rank_are_asked_into_the_circle_once(desks: Desks, owner: Browser) -> None:
    a, b, away = (somebody(desks, each) for each in ("U1", "U2", "U3"))
    somebody(desks, name="けん")
    with desks.club.work("member", key="test:paused") as work:
        assert change_membership(work, card(desks, away).id, "paused", at=work.now).done
    owner.get("/owner/members")
    assert "4人に行います" in chooses(owner, "circle", scope="all")
    for n in (1, 2):
        at = begins(owner, n, "circle", scope="all", counted="4")
        job.run_if_due(desks.club)
    page = html.unescape(owner.get("/owner/bulks/1").text)
    tally = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page)
    assert tally == [
        ("済んだ方", "2人"),
        ("LINEでお届けできない方です", "1人"),
        ("お休み中の方です", "1人"),
    ]
    assert "もうお誘いした方です" in html.unescape(owner.get(at).text)
    with desks.club.store.read() as uow:
        said = select(outbox.c.member_id).where(outbox.c.journey == "circle_invite")
        told = sorted(uow.run(said.order_by(outbox.c.member_id)).scalars())
        assert {each.ground for each in seats.in_state(uow, "invited", limit=9)} == {"staff"}
    assert told == sorted(card(desks, each).id for each in (a, b))


def test_a_shop_without_a_circle_asks_nobody_into_it(desks: Desks, owner: Browser) -> None:
    somebody(desks, "U1")
    assert "サークルにお誘いする" in owner.get("/owner/members").text
    published(desks, NO_CIRCLE)
    assert "サークルにお誘いする" not in owner.get("/owner/members").text
    asked = {"csrf_token": owner.csrf, "kind": "circle", "scope": "all"}
    assert owner.client.post("/owner/members/bulk", data=asked).status_code == 404


def test_all_of_it_is_said_in_english_too(desks: Desks, owner: Browser) -> None:
    somebody(desks, "U1")
    owner.post("/staff/language", language="en")
    owner.get("/owner/members")
    for n, kind in enumerate(("note", "state", "labels", "export", "circle")):
        assert "To 1 member that the filter finds." in chooses(owner, kind, scope="all")
        more = {"words": "x", "state": "paused", "since": "2026-01-06", "sure": "on"}
        at = begins(owner, n, kind, scope="all", counted="1", **more)
        assert owner.get(at).status_code == 200
    job.run_if_due(desks.club)
    assert "Done to several" in owner.get("/owner/bulks").text
    assert "Reading" in owner.get("/owner/bulks/4/members.csv").text


def test_a_tick_does_a_bounded_part(
    desks: Desks, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        somebody(desks, f"U{n}")
    monkeypatch.setattr(actions, "CHUNK", 2)
    monkeypatch.setattr(job, "_PARTS", 2)
    begins(owner, 1, "note", scope="all", counted="9", words="メモ")
    job.run_if_due(desks.club)
    assert noted(desks) == 4
