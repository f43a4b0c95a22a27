"""Members in a table, as owners and managers see them, and filters with a name."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, update

from bot.store.history import programs
from bot.store.members.searching import FOUND_MAX
from bot.store.messages import broadcasts, segments
from bot.store.tables import activities
from bot.store.tables import members as table
from bot.store.tables import profiles as known
from handlers.jobs.broadcasts.queue import run_if_due
from rules.broadcasts.broadcast import Whom
from rules.profile.steps import wording_mark
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import card, somebody
from tests.handlers.pages.staff.members.test_told import tells
from tests.handlers.profiles import ASKING, CONSENT
from tests.rules.examples import CAFE

KEY = "11111111-1111-4111-8111-{:012d}"


def listed(browser: Browser, query: str = "") -> list[str]:
    """The numbers in the table, in their order."""
    page = browser.get(f"/owner/members{query}")
    assert page.status_code == 200, html.unescape(page.text)
    return [each.replace(" ", "") for each in re.findall(r"<small>(\d{3} \d{3} \d{4})<", page.text)]


def counted(browser: Browser, query: str = "") -> str:
    return html.unescape(browser.get(f"/owner/members/count{query}").text).strip()


def becomes(desks: Desks, number: str, **values: object) -> None:
    with desks.club.store.begin() as uow:
        uow.run(update(table).where(table.c.number == number).values(**values))


def test_members_stand_in_the_order_that_is_chosen_and_go_on(
    desks: Desks, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handlers.pages.owner.members import table as page

    monkeypatch.setattr(page, "SHOWN", 2)
    a, b, c, d, e = (somebody(desks, f"U{n}", f"会員{n}") for n in range(5))
    now = desks.club.now()
    for number, days, visits, points in ((a, 3, 5, 10), (b, 1, 5, 40), (c, 2, 9, 30)):
        becomes(
            desks, number, last_visit_at=now - timedelta(days=days), visits=visits, balance=points
        )
    becomes(desks, d, last_visit_at=None, balance=20)
    becomes(desks, e, last_visit_at=None, balance=0)

    def all_of(query: str) -> list[str]:
        found, at = [], f"?{query}"
        while at:
            found += listed(owner, at)
            more = re.search(
                r'class="main-button" href="/owner/members(\?[^"]*after=[^"]*)"',
                owner.get(f"/owner/members{at}").text,
            )
            at = html.unescape(more[1]) if more else ""
        return found

    assert all_of("sort=last_visit") == [b, c, a, e, d]
    assert all_of("sort=visits") == [c, b, a, e, d]
    assert all_of("sort=points") == [b, c, d, a, e]
    assert all_of("sort=joined") == [e, d, c, b, a]
    assert listed(owner, "?sort=points&after=garbage") == [b, c]
    assert counted(owner) == "5人"


def test_a_filter_finds_shows_and_counts_the_same(desks: Desks, owner: Browser) -> None:
    silver, plain = somebody(desks, "U1"), somebody(desks)
    becomes(desks, silver, rank="silver", at_risk="rhythm")
    for query, found in (
        ("?ranks=silver", [silver]),
        ("?risks=rhythm&stages=aware&stages=after", [silver]),
        ("?reach=line", [silver]),
        ("?reach=none", [plain]),
        ("?memberships=left", []),
    ):
        assert listed(owner, query) == found, query
        assert counted(owner, query) == f"{len(found)}人"
    page = html.unescape(owner.get("/owner/members?ranks=silver").text)
    assert "シルバー" in page.partition("<summary>")[2].partition("</summary>")[0]


def test_what_members_like_finds_those_who_told_it_in_the_profile(
    shop: SmallClub, desks: Desks, owner: Browser
) -> None:
    shop.publishes(ASKING)
    back, both, none = somebody(desks, "U1"), somebody(desks, "U2"), somebody(desks)
    for n, (number, liked) in enumerate(((back, ["back"]), (both, ["back", "sauna"]))):
        owner.get(f"/staff/members/{number}")
        told: dict[str, str | list[str]] = {"was_interests": "", "interests": liked}
        tells(owner, number, n, **told, agree_interests=wording_mark(CONSENT))
    assert listed(owner, "?interests=sauna") == [both]
    assert listed(owner, "?interests=back&interests=sauna") == [both, back]
    assert none not in listed(owner, "?interests=back")
    assert "サウナ" in html.unescape(owner.get("/owner/members?interests=sauna").text)
    # A choice that the shop offers no more is no filter.
    page = html.unescape(owner.get("/owner/members?interests=sau").text)
    assert "「お好きなもの」が、いまの会員プログラムにありません" in page


def test_a_filter_of_yesterday_whose_rank_is_gone_says_so_and_finds_nobody(
    desks: Desks, owner: Browser
) -> None:
    number = somebody(desks, "U1")
    becomes(desks, number, rank="platinum")
    with desks.club.store.begin() as uow:
        made = segments.add(
            uow, "プラチナ", "platinum", Whom(ranks=("platinum",)), by=None, at=desks.club.now()
        )
    for at in ("?ranks=platinum", f"?segment={made}"):
        page = html.unescape(owner.get(f"/owner/members{at}").text)
        assert "条件のランクが、いまの会員プログラムにありません" in page
        assert number[:3] + " " not in page
        assert "いまの会員プログラムにありません" in counted(owner, at)
    assert "いまの会員プログラムにありません" in html.unescape(owner.get("/owner/segments").text)


def test_what_is_no_filter_is_told_beside_its_field(owner: Browser) -> None:
    page = owner.get("/owner/members?joined_since=morgen&stages=rich")
    assert page.status_code == 422
    assert 'id="joined_since-wrong">' in page.text
    assert 'id="joined_since-wrong"></p>' not in page.text
    assert owner.get("/owner/members?segment=99999999999999999999").status_code == 200
    assert "もうありません" in counted(owner, "?segment=404")


def test_a_manager_sees_the_members_of_their_store_alone(desks: Desks) -> None:
    mine, theirs, nobodys = (somebody(desks, f"U{n}", f"客{n}", visits=n < 2) for n in range(3))
    with desks.club.store.begin() as uow:
        uow.run(
            update(activities)
            .where(activities.c.member_id == card(desks, theirs).id)
            .values(store="kawabe")
        )
    manager = desks.signed_in("mika", "manager", "ekimae")
    assert listed(manager) == [mine]
    assert counted(manager) == "1人"
    assert listed(manager, "?stores=kawabe") == []
    assert counted(manager, "?stores=kawabe") == "0人"
    for name, number in (("客1", theirs), ("客2", nobodys)):
        found = manager.post("/owner/members", q=name).location
        assert number[:3] + " " not in manager.get(found).text
    assert mine[:3] + " " in manager.get(manager.post("/owner/members", q="客0").location).text
    for path in ("/owner/segments/new", "/owner/segments/1", "/owner/segments/1/drop"):
        assert manager.post(path, key=KEY.format(1)).status_code == 403


def test_a_manager_finds_by_name_whoever_is_of_their_store_however_many_are_called_so(
    desks: Desks,
) -> None:
    mine = somebody(desks, "U0", "山田 花子", visits=1)
    becomes(desks, mine, last_visit_at=desks.club.now() - timedelta(days=9))
    for n in range(1, FOUND_MAX + 2):
        becomes(desks, somebody(desks, f"U{n}", "山田 花子"), last_visit_at=desks.club.now())
    manager = desks.signed_in("mika", "manager", "ekimae")
    assert mine[:3] + " " in manager.get(manager.post("/owner/members", q="山田").location).text


def test_everything_is_said_in_english_too(desks: Desks, owner: Browser) -> None:
    somebody(desks, "U1", visits=1)
    names(owner, 1, "Silver", ranks="silver")
    owner.post("/staff/language", language="en")
    for at, said in (
        ("members?ranks=silver", "Give this filter a name"), ("members", "How they joined"),
        ("segments", "A filter of members can be kept"), ("segments/1", "Members who match now"),
        ("broadcasts/new", "And by a filter with a name"),
    ):  # fmt: skip
        page = owner.get(f"/owner/{at}")
        assert page.status_code == 200, at
        assert said in html.unescape(page.text), at


def test_a_search_says_nothing_of_whom_in_its_address(desks: Desks, owner: Browser) -> None:
    number = somebody(desks, "U1", "髙橋 花子")
    at = owner.post("/owner/members", q="高橋").location
    assert "高橋" not in html.unescape(at)
    assert number[:3] + " " in owner.get(at).text


def names(owner: Browser, n: int, name: str, **whom: str) -> str:
    answer = owner.post("/owner/segments/new", key=KEY.format(n), name=name, **whom)
    assert answer.status_code == 303, html.unescape(answer.text)
    return str(answer.location)


def test_a_filter_is_named_once_used_changed_and_thrown_away(desks: Desks, owner: Browser) -> None:
    silver = somebody(desks, "U1")
    becomes(desks, silver, rank="silver")
    somebody(desks, "U2")
    at = names(owner, 1, "シルバーの方", ranks="silver")
    assert names(owner, 1, "シルバーの方", ranks="silver") == at
    [segment] = found(desks)
    assert segment.whom == Whom(ranks=("silver",))
    assert listed(owner, f"?segment={segment.id}") == [silver]
    assert html.unescape(owner.get(f"/owner/segments/{segment.id}/count").text).strip() == "1人"
    taken = owner.post("/owner/segments/new", key=KEY.format(2), name="シルバーの方", risks="rank")
    assert taken.status_code == 409
    assert "同じ名前の条件があります" in html.unescape(taken.text)
    nameless = owner.post("/owner/segments/new", key=KEY.format(3), name="  ", risks="rank")
    assert "名前がありません" in html.unescape(nameless.text)
    everybody = owner.post("/owner/segments/new", key=KEY.format(4), name="みんな")
    assert "条件がひとつも選ばれていません" in html.unescape(everybody.text)

    at = f"/owner/segments/{segment.id}"
    changed = {"key": KEY.format(5), "name": "上位の方", "revision": "1", "languages": "en"}
    assert owner.post(at, **changed).status_code == 303
    late = owner.post(at, **{**changed, "key": KEY.format(6), "name": "別の名前"})
    assert late.status_code == 409
    assert "ほかの方が、この条件を変えたか捨てました" in html.unescape(late.text)
    assert 'value="別の名前"' in html.unescape(late.text)
    assert [(each.name, each.whom) for each in found(desks)] == [
        ("上位の方", Whom(languages=("en",)))
    ]
    assert owner.post(f"{at}/drop", key=KEY.format(7)).status_code == 303
    assert owner.post(f"{at}/drop", key=KEY.format(8)).status_code == 303
    assert found(desks) == []
    assert owner.get(at).status_code == 404
    told = [each.action for each in desks.logged() if each.action.startswith("segment")]
    assert told == ["segment_made", "segment_changed", "segment_dropped"]


def found(desks: Desks) -> list[segments.Segment]:
    with desks.club.store.read() as uow:
        return segments.every(uow)


def test_a_broadcast_goes_by_what_its_filter_said_when_it_began(
    desks: Desks, owner: Browser
) -> None:
    silver, gold = somebody(desks, "U1"), somebody(desks, "U2")
    becomes(desks, silver, rank="silver")
    becomes(desks, gold, rank="gold")
    names(owner, 1, "シルバーの方", ranks="silver")
    [segment] = found(desks)
    written = owner.post(
        "/owner/broadcasts/new", key=KEY.format(2), segment=str(segment.id),
        **{"name": "冬の豆", "title.ja": "豆が届きました"},
    )  # fmt: skip
    at = written.location.partition("?")[0]
    page = html.unescape(owner.get(at).text)
    assert "条件「シルバーの方」に合う方（中身は送りはじめるときのもの）" in page
    assert "会員みなさま" not in page
    used = owner.post(f"/owner/segments/{segment.id}/drop", key=KEY.format(3))
    assert used.status_code == 409
    assert "いま、この条件を使っているものがあります" in html.unescape(used.text)
    assert "冬の豆" in html.unescape(used.text)

    changed = {"key": KEY.format(4), "name": "ゴールドの方", "revision": "1", "ranks": "gold"}
    assert owner.post(f"/owner/segments/{segment.id}", **changed).status_code == 303
    [stored] = newest(desks)
    sent = {"key": KEY.format(5), "revision": str(stored.revision), "when": "now"}
    asked = html.unescape(owner.post(f"{at}/send", **sent).text)
    [sure] = re.findall(r'name="sure" value="([^"]*)"', asked)
    assert owner.post(f"{at}/send", **sent, sure=sure).status_code == 303
    changed = {"key": KEY.format(6), "name": "英語の方", "revision": "2", "languages": "en"}
    assert owner.post(f"/owner/segments/{segment.id}", **changed).status_code == 303
    run_if_due(desks.club)
    with desks.club.store.read() as uow:
        figures = broadcasts.figures(uow, newest(desks)[0])
    assert figures.total == 1
    assert newest(desks)[0].reached == card(desks, gold).id
    assert owner.post(f"/owner/segments/{segment.id}/drop", key=KEY.format(7)).status_code == 303
    page = html.unescape(owner.get(at).text)
    assert "条件「もうない条件」に合う方（送りはじめたときの中身）" in page
    assert "ゴールド" in page.partition('id="whom"')[2].partition("</section>")[0]
    copy = owner.post(f"{at}/copy", key=KEY.format(8)).location
    assert newest(desks)[0].broadcast.segment_then is None
    page = html.unescape(owner.get(copy.removesuffix("/edit")).text)
    assert "名前を付けた条件が、もうありません" in page


def newest(desks: Desks) -> list[broadcasts.StoredBroadcast]:
    with desks.club.store.read() as uow:
        return broadcasts.newest(uow, limit=1)


def test_a_table_of_ten_thousand_is_read_a_page_at_a_time(desks: Desks, owner: Browser) -> None:
    first = somebody(desks, "U1", visits=1)
    store = desks.club.store
    owner.get("/owner/members")
    with store.begin() as uow:
        one = dict(uow.run(table.select().where(table.c.number == first)).one()._mapping)
        rows = [
            one | {"id": one["id"] + n, "number": f"{n:010d}", "line_user_id": f"V{n}"}
            for n in range(1, 10_000)
        ]
        uow.run(insert(table), rows)
        uow.run(
            insert(known),
            [
                {"member_id": row["id"], "name": "山田", "updated_at": one["joined_at"]}
                for row in rows
            ],
        )
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        page = owner.get("/owner/members?ranks=&reach=none&sort=points")
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    assert page.status_code == 200
    reading = [each for each in asked if "members" in each]
    assert len(asked) < 30, len(asked)
    assert all("LIMIT" in each or " IN (" in each or "ANY" in each for each in reading), reading
    assert counted(owner) == "10,000人"


def test_whose_store_is_gone_sees_none_of_the_members_of_the_one_that_is_left(
    desks: Desks,
) -> None:
    somebody(desks, "U1", "さくら")
    manager = desks.signed_in("mika", "manager", "kawabe")
    head, _, rest = CAFE.partition('[[stores]]\nid = "kawabe"')
    with desks.club.store.begin() as uow:
        programs.publish(uow, head + rest[rest.index("[visits]") :], since=desks.club.now())
    desks.club.programmes.forget()
    assert listed(manager) == []
