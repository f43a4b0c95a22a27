"""Who looked, was refused or locked out stands in the log; what names a member does not."""

from collections.abc import Iterator

import pytest

from bot.clock import Clock
from bot.store.history.programs import publish
from bot.store.members import members
from bot.store.tables import metadata
from handlers.actions.members.membership import erase
from handlers.club import Club
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DAY, club_at
from tests.handlers.pages.conftest import CAFE
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.members.test_members import sends, somebody


@pytest.fixture
def club(fresh_database: FreshDatabase) -> Iterator[Club]:
    clock = Clock()
    with fresh_database() as url:
        club = club_at(url, clock, "http://127.0.0.1:9")
        with club.store.begin() as uow:
            publish(uow, CAFE, since=clock.now() - DAY)
        yield club
        club.store.close()


def test_who_looked_at_whom_and_who_was_refused_stands_in_the_log(desks: Desks) -> None:
    number = somebody(desks, "U1", "山田さくら")
    staff, boss = desks.signed_in("hana"), desks.signed_in("boss", "owner", None)
    hana, path = desks.person("hana").id, f"/staff/members/{number}"
    staff.get("/staff/members")
    before = len(desks.logged())
    found = staff.post("/staff/members", q="山田さくら").location
    looks = [found, path, path + "/transfer"]
    for look in [*looks, *looks, "/staff/calls", "/staff/inbox", path + "/card.png"]:
        assert staff.client.get(staff.address(look)).status_code == 200
    for page in ("team", "log", "log"):
        assert staff.get(f"/staff/{page}").status_code == 403
    sends(staff, f"{path}/slip", code="NOSUCHSLIP")
    noted = desks.logged()[before:]
    assert [(line.action, line.staff_id) for line in noted] == [
        (action, hana)
        for action in (
            "search", "member_seen", "calls_seen", "letters_seen", "card_printed", "not_allowed",
            "refused",
        )
    ]  # fmt: skip
    assert [line.member_id is not None for line in noted] == [
        *(False, True, False, False, True, False, True),
    ]
    # What was looked for says who it is.
    assert "山田" not in repr(noted)
    told = boss.get(f"/staff/log?staff={hana}").text
    for words in ("会員の検索", "会員ページの閲覧", "カードの印刷・保存", "権限のない操作"):
        assert words in told.partition("<tbody>")[2]
    assert "できなかった操作（" in told


def test_who_may_not_manage_somebody_is_noted_and_so_is_who_was_locked_out(desks: Desks) -> None:
    boss = desks.hires("boss", "owner", None)
    manager = desks.signed_in("tencho", "manager")
    assert manager.post(f"/staff/team/{boss.id}/pin", pin="4821").status_code == 404
    assert desks.logged()[-1].action == "refused"
    for _ in range(5):
        desks.browser().logs_in("boss", "wrong password")
    locked = [line for line in desks.logged() if line.action == "locked_out"]
    assert [(line.staff_id, line.details) for line in locked] == [(boss.id, {"seconds": 30})]


def test_reasons_are_read_in_the_log_and_go_with_the_person(desks: Desks) -> None:
    number = somebody(desks, "U1", visits=1)
    manager, path = desks.signed_in("tencho", "manager"), f"/staff/members/{number}"
    words = "山田さまのお子さまの分"
    sends(manager, f"{path}/adjust", points="5", reason=words, how="give")
    sends(manager, f"{path}/undo", 2, seq="2", reason=words + "？")
    told = manager.get("/staff/log").text
    assert f"<q>{words}</q>" in told
    assert f"<q>{words}？</q>" in told
    assert words in _all_that_is_kept(desks)
    with desks.club.work("member", key="test:erase") as work:
        member_id = members.by_code(work.uow, "number", number)
        assert member_id is not None
        assert erase(work, member_id).done
    told = manager.get("/staff/log").text
    assert "ポイントを調整（5ポイント）" in told
    assert "退会した会員" in told
    assert "お子さま" not in told
    assert "お子さま" not in _all_that_is_kept(desks)


def _all_that_is_kept(desks: Desks) -> str:
    with desks.club.store.read() as uow:
        return "".join(repr(uow.run(table.select()).all()) for table in metadata.sorted_tables)
