"""The owner's sources: made, printed, closed; what they brought and cost, and who sees it."""

import html
import io
import re
from datetime import date, timedelta

import pytest
import zxingcpp
from PIL import Image
from werkzeug.test import TestResponse

from bot.store.members import sources
from bot.store.members.sources import MemberSource, SourceFields
from handlers.actions.members.came_by import come_by_counter
from handlers.actions.recording.record import Request, record
from handlers.pages.owner.sources import one
from rules.activity import Purchase
from rules.wording.texts import say
from tests.handlers.actions.members.two_cards import merges
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.pages.owner.shops import kept, rows_of
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting

KEY = "00000000-0000-4000-8000-00000000000"


def put_up(shop: SmallClub, name: str = "駅のポスター", store: str | None = None) -> MemberSource:
    code = f"BCD{len(name):03}"[:6]
    with shop.store.begin() as uow:
        sources.add(uow, code, SourceFields(name, "poster", store), at=shop.now)
        found = sources.by_code(uow, code)
    assert found is not None
    return found


def joins_by(shop: SmallClub, source: MemberSource) -> int:
    member = shop.joins()
    with shop.work(MANAGER, key=shop.key()) as work:
        assert come_by_counter(work, member, source.id)
    return member


def numbers_on(page: str) -> list[str]:
    """The cards of those in the list."""
    found = re.findall(r'<th scope="row"><a[^>]*>([\d ]+)</a>', page)
    return [each.replace(" ", "") for each in found]


def told(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def row(page: str, name: str) -> list[str]:
    """What stands in the list's row of that name, without what it was before."""
    [found] = [each for each in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f">{name}<" in each]
    return re.findall(r'class="number">([^<]*)', found)


def pays(owner: Browser, source: MemberSource, **more: str) -> TestResponse:
    fields = {"key": f"{KEY}1", "cost": "0", "revision": "0", "yen": "", "first": "", "last": ""}
    return owner.post(f"/owner/sources/{source.id}/cost", **{**fields, **more})


def test_a_source_is_made_once_with_a_code_a_qr_and_a_poster(
    shop: SmallClub, owner: Browser
) -> None:
    owner.get("/owner/sources/new")
    made = [
        owner.post(
            "/owner/sources/new", key=f"{KEY}1", name=" 駅の  ポスター ", kind="poster",
            store="ekimae",
        )
        for _ in range(2)
    ]  # fmt: skip
    assert made[0].status_code == 303
    assert made[0].location == made[1].location
    page = told(owner, made[0].location)
    assert "駅の ポスター" in page
    with shop.store.read() as uow:
        [source] = sources.every(uow)
    link = shop.club.source_link(source.code)
    assert f'value="{link}"' in page
    picture = owner.get(f"/owner/sources/{source.id}/poster.jpg").data
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert read.text == link
    assert owner.get(f"/owner/sources/{source.id}/poster.pdf?lang=en").data.startswith(b"%PDF")
    assert owner.get(f"/owner/sources/{source.id}/qr.svg").data.startswith(b"<svg")


def test_what_cannot_be_a_source_is_told_beside_its_field_and_kept(
    shop: SmallClub, owner: Browser
) -> None:
    owner.get("/owner/sources/new")
    answer = owner.post("/owner/sources/new", key=f"{KEY}1", name="  ", kind="till", store="")
    assert answer.status_code == 422
    assert say("ja", "refusal.source_nameless.why") in answer.text
    assert '<option value="till" selected>' in answer.text
    nowhere = owner.post("/owner/sources/new", key=f"{KEY}2", name="駅", kind="x", store="nowhere")
    assert nowhere.status_code == 422
    with shop.store.read() as uow:
        assert sources.every(uow) == []


def test_two_who_change_it_see_each_other(shop: SmallClub, owner: Browser) -> None:
    source = put_up(shop)
    path = f"/owner/sources/{source.id}/change"
    owner.get(path)
    for name, status in (("A", 303), ("A", 303), ("B", 409)):
        answer = owner.post(path, key=f"{KEY}1", name=name, kind="flyer", store="", revision="1")
        assert answer.status_code == status
    assert 'value="B"' in answer.text


def test_one_of_a_store_that_is_gone_keeps_it_and_can_be_named_anew(
    shop: SmallClub, owner: Browser
) -> None:
    source = put_up(shop, store="honten")
    path = f"/owner/sources/{source.id}/change"
    assert '<option value="honten" selected>' in owner.get(path).text
    fields = {"name": "本店のポスター", "kind": "poster", "revision": "1"}
    assert owner.post(path, key=f"{KEY}1", **fields, store="honten").status_code == 303
    with shop.store.read() as uow:
        [found] = sources.every(uow)
    assert (found.name, found.store) == ("本店のポスター", "honten")
    fields["revision"] = "2"
    assert owner.post(path, key=f"{KEY}2", **fields, store="nowhere").status_code == 422


def test_what_it_brought_stands_beside_what_it_cost(shop: SmallClub, owner: Browser) -> None:
    source, other = put_up(shop), put_up(shop, "チラシ")
    sakura, kaede = joins_by(shop, source), joins_by(shop, source)
    joins_by(shop, other)
    shop.joins()
    for member in (sakura, kaede, sakura):
        shop.passes(days=1)
        shop.visits(member)
    with shop.work(MANAGER, key=shop.key()) as work:
        record(work, Request(sakura, Purchase(3_000), shop.now, "ekimae"))
    owner.get(f"/owner/sources/{source.id}")
    first = date(2026, 1, 5).isoformat()
    assert pays(owner, source, yen="¥1,500", first=first, last=first).status_code == 303
    kept(shop)
    page = told(owner, "/owner/sources")
    # Joined, second time, stays, cost, per member, per visit, sales per yen.
    assert row(page, "駅のポスター") == [
        "2人", "1人（50%）", "0人（0%）", "1,500円", "750円", "500円", "2.0円",
    ]  # fmt: skip
    # What is not known is not nothing.
    assert row(page, "チラシ")[3:] == ["未入力", "–", "–", "–"]
    assert row(page, say("ja", "owner.sources.way.counter", counter="レジ"))[:2] == [
        "1人",
        "0人（0%）",
    ]
    one_page = told(owner, f"/owner/sources/{source.id}")
    for each in ("2人（100%）", "3,000円", "3回"):
        assert each in one_page
    rows = rows_of(owner, "/owner/sources/table.csv")
    assert rows[1][:4] == ["駅のポスター", "ポスター", "", source.code]
    assert rows[1][4:11] == ["2", "2", "1", "0", "3", "3000", "1500"]


def test_a_cost_counts_by_the_share_of_its_days(shop: SmallClub, owner: Browser) -> None:
    source = put_up(shop)
    shop.passes(days=60)
    joins_by(shop, source)
    kept(shop)
    owner.get(f"/owner/sources/{source.id}")
    today = shop.now.date()
    # Half of it lies before these four weeks.
    first, last = today - timedelta(days=55), today
    pays(owner, source, yen="5600", first=first.isoformat(), last=last.isoformat())
    assert row(told(owner, "/owner/sources?period=weeks"), "駅のポスター")[3] == "2,800円"
    assert row(told(owner, "/owner/sources?period=year"), "駅のポスター")[3] == "5,600円"


@pytest.mark.parametrize(
    ("yen", "first", "last", "code"),
    [
        ("", "2026-01-05", "", "cost_yen"),
        ("abc", "2026-01-05", "", "cost_yen"),
        ("-5", "2026-01-05", "", "cost_yen"),
        ("999999999", "2026-01-05", "", "cost_yen"),
        ("100", "", "", "cost_days"),
        ("100", "yesterday", "", "cost_days"),
        ("100", "2026-01-05", "2026-01-04", "cost_days"),
        ("100", "2026-01-05", "2036-01-05", "cost_days"),
    ],
)
def test_what_is_no_cost_is_told_and_stays_in_the_form(
    shop: SmallClub, owner: Browser, yen: str, first: str, last: str, code: str
) -> None:
    source = put_up(shop)
    owner.get(f"/owner/sources/{source.id}")
    answer = pays(owner, source, yen=yen, first=first, last=last)
    assert answer.status_code == 422
    assert say("ja", f"refusal.{code}.why") in html.unescape(answer.text)
    if yen:
        assert f'value="{yen}"' in answer.text
    with shop.store.read() as uow:
        assert sources.costs(uow, [source.id]) == []


def test_a_cost_is_written_once_changed_and_taken_away_and_all_of_it_stands_in_the_log(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    source = put_up(shop)
    owner.get(f"/owner/sources/{source.id}")
    for _ in range(2):
        assert pays(owner, source, yen="0", first="2026-01-05").status_code == 303
    with shop.store.read() as uow:
        [cost] = sources.costs(uow, [source.id])
    mine = {"cost": str(cost.id), "first": "2026-01-05"}
    changes = (("800", "1", 303), ("800", "1", 303), ("900", "1", 409))
    for n, (yen, revision, status) in enumerate(changes):
        answer = pays(owner, source, **mine, yen=yen, revision=revision, key=f"{KEY}{n + 3}")
        assert answer.status_code == status
    assert 'value="900"' in answer.text
    with shop.store.read() as uow:
        assert [each.yen for each in sources.costs(uow, [source.id])] == [800]
    pays(owner, source, **mine, yen="800", revision="2", how="drop", key=f"{KEY}7")
    # Tapped twice, it is gone once.
    pays(owner, source, **mine, yen="800", revision="2", how="drop", key=f"{KEY}8")
    with shop.store.read() as uow:
        assert sources.costs(uow, [source.id]) == []
    done = [line.action for line in desks.logged() if line.action.startswith("source")]
    assert done == ["source_cost", "source_cost_changed", "source_cost_dropped"]


def test_whoever_types_a_cost_that_somebody_took_away_meanwhile_is_told(
    shop: SmallClub, owner: Browser
) -> None:
    source = put_up(shop)
    owner.get(f"/owner/sources/{source.id}")
    pays(owner, source, yen="500", first="2026-01-05")
    with shop.store.begin() as uow:
        [cost] = sources.costs(uow, [source.id])
        sources.drop_cost(uow, cost.id)
    mine = {"cost": str(cost.id), "revision": "1", "yen": "700", "first": "2026-01-05"}
    told = [pays(owner, source, **mine, key=f"{KEY}2")]
    owner.post(f"/owner/sources/{source.id}/drop", key=f"{KEY}3")
    told.append(pays(owner, source, yen="700", first="2026-01-05", key=f"{KEY}4"))
    for answer in told:
        assert answer.status_code == 409
        assert say("ja", "refusal.source_changed.why") in html.unescape(answer.text)


def test_one_that_is_closed_goes_on_counting_and_one_off_the_list_stands_while_somebody_comes(
    shop: SmallClub, owner: Browser
) -> None:
    source, idle = put_up(shop), put_up(shop, "チラシ")
    page = f"/owner/sources/{source.id}"
    owner.get(page)
    for _ in range(2):
        assert owner.post(f"{page}/close", key=f"{KEY}1").status_code == 303
    joins_by(shop, source)
    kept(shop)
    assert row(told(owner, "/owner/sources"), "駅のポスター")[0] == "1人"
    assert say("ja", "owner.sources.closed") in told(owner, "/owner/sources")
    owner.post(f"{page}/open", key=f"{KEY}2")
    for each in (source, idle):
        owner.post(f"/owner/sources/{each.id}/drop", key=f"{KEY}{each.id + 2}")
    listed = told(owner, "/owner/sources")
    assert row(listed, "駅のポスター")[0] == "1人"
    assert say("ja", "owner.sources.dropped") in listed
    assert "チラシ<" not in listed
    assert owner.post(f"{page}/close", key=f"{KEY}9").status_code == 409
    assert owner.post(f"{page}/nothing", key=f"{KEY}8").status_code == 404


def test_a_manager_sees_what_their_store_put_up_and_changes_nothing(
    shop: SmallClub, desks: Desks
) -> None:
    mika = desks.signed_in("mika", "manager", "kawabe")
    mine, other = put_up(shop, "川辺のポスター", "kawabe"), put_up(shop, "チラシ", "ekimae")
    joins_by(shop, mine)
    joins_by(shop, other)
    shop.joins()
    kept(shop)
    page = told(mika, "/owner/sources")
    assert row(page, "川辺のポスター")[0] == "1人"
    assert "チラシ<" not in page
    assert say("ja", "owner.sources.way.counter", counter="レジ") not in page
    assert len(mika.get("/owner/sources/table.csv").text.splitlines()) == 2
    assert mika.get(f"/owner/sources/{mine.id}").status_code == 200
    for path in ("", "/people", "/poster.pdf", "/qr.svg"):
        assert mika.get(f"/owner/sources/{other.id}{path}").status_code == 404
    for path in ("new", f"{mine.id}/change", f"{mine.id}/cost", f"{mine.id}/close"):
        assert mika.post(f"/owner/sources/{path}", key=f"{KEY}1").status_code == 403


def test_whom_it_brought_stand_there_the_latest_first_page_by_page(
    shop: SmallClub, owner: Browser, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one, "PAGE", 2)
    source, came = put_up(shop), []
    for _ in range(3):
        came.append(joins_by(shop, source))
        shop.passes(days=1)
    path, found = f"/owner/sources/{source.id}/people", []
    while path:
        page = told(owner, path)
        found += numbers_on(page)
        more = re.search(r'class="quiet" href="(/owner/sources/[^"]*people[^"]*)"', page)
        path = more[1] if more else ""
    numbers = [shop.member(each).number for each in reversed(came)]
    assert found == numbers
    assert "figure_seen" in [line.action for line in desks.logged()]


def test_who_came_by_a_card_that_was_put_together_with_another_stands_there_by_who_keeps_it(
    shop: SmallClub, owner: Browser
) -> None:
    poster, flyer = put_up(shop), put_up(shop, "チラシ")
    paper = joins_by(shop, poster)
    shop.passes(days=2)
    line, alone = joins_by(shop, flyer), joins_by(shop, flyer)
    between = shop.joins()
    for keep, other in ((between, paper), (line, between)):
        shop.passes(hours=1)
        assert merges(shop, keep, other, shop.key()).done
    kept(shop)
    # One person, who first came by the poster.
    assert row(told(owner, "/owner/sources"), "駅のポスター")[0] == "1人"
    assert row(told(owner, "/owner/sources"), "チラシ")[0] == "1人"
    for source, whom in ((poster, line), (flyer, alone)):
        page = told(owner, f"/owner/sources/{source.id}/people")
        assert numbers_on(page) == [shop.member(whom).number]


def test_at_the_counter_staff_enter_by_what_somebody_came(shop: SmallClub, desks: Desks) -> None:
    source, elsewhere = put_up(shop), put_up(shop, "川辺のポスター", "kawabe")
    midori = desks.signed_in("midori")
    page = midori.get("/staff/members/new").text
    assert f'<option value="{source.id}">' in page
    assert f'<option value="{elsewhere.id}">' not in page
    # What is another store's is no way to come to this one, whatever a form says.
    for n, (name, each) in enumerate((("田村和子", source), ("佐藤花", elsewhere))):
        for _ in range(2):
            midori.post(
                "/staff/members/new", key=f"{KEY}{n}", name=name, agreed="1", language="ja",
                source=str(each.id),
            )  # fmt: skip
    kept(shop)
    owner = desks.signed_in("boss", "owner", None)
    listed = told(owner, "/owner/sources")
    assert row(listed, "駅のポスター")[0] == "1人"
    assert row(listed, "川辺のポスター")[0] == "0人"
    assert row(listed, say("ja", "owner.sources.way.counter", counter="レジ"))[0] == "1人"


def test_the_list_costs_as_many_statements_for_many_members(
    shop: SmallClub, owner: Browser
) -> None:
    found = [put_up(shop, "あ" * n) for n in range(1, 5)]
    asked = []
    for _ in range(2):
        for source in found:
            for _ in range(3):
                shop.visits(joins_by(shop, source))
        kept(shop)
        owner.get("/owner/sources")
        with counting(shop.store) as counted:
            owner.get("/owner/sources")
        asked.append(len(counted.statements))
    assert asked[0] == asked[1] <= 14
