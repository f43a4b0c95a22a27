"""Who has come for years: what is put in late or taken out reads and judges their history once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.store.members.members import Member
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.record import Request, record
from handlers.jobs.night.audit import audit
from rules.activity import Adjustment, Purchase, What
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, Json, counter_of, of
from tests.journeys.counting import Counting, counting

PURCHASES = 120
#: Whatever the length of the history, and however many of its points move.
QUERIES_MAX = {"scan": 24, "undo": 19, "forced undo": 18}


@pytest.fixture
def boss(desks: Desks) -> Counter:
    return counter_of(desks, who="boss", role="manager")


def ago(minutes: int) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def records(boss: Counter, member_id: int, what: What, minutes: int, key: str) -> None:
    """Something that happened so long ago, told at once."""
    with boss.club.work("staff", key=key) as work:
        then = work.moment(ago(minutes))
        assert record(then, Request(member_id, what, then.now, "ekimae")).done


@pytest.fixture
def regular(boss: Counter) -> Member:
    """Somebody who has bought so much that every fourth purchase passes another 10,000 yen."""
    began = ago(1_380)
    with boss.club.work("member", key="join") as work:
        joining = JoinRequest(at=began, language="ja", purpose="目的", source="counter")
        member_id = join(work.moment(began), joining).member_id
    for n in range(PURCHASES):
        records(boss, member_id, Purchase(2_600), 1_300 - n, f"bought:{n}")
    return boss.member(member_id)


def counted(boss: Counter, path: str, asked: Any) -> tuple[Json, Counting]:
    boss.club.timeline()
    with counting(boss.club.store) as counts:
        answer = boss.posts(path, asked)
    assert answer.status_code == 200, answer.text
    assert [found for found in audit(boss.club) if found] == []
    return of(answer), counts


def corrections(counts: Counting) -> int:
    written = [ran.sql for ran in counts.statements if ran.sql.startswith("INSERT INTO entries")]
    return sum("correction" in sql for sql in written)


def undo_of(member: Member, **more: Any) -> Json:
    asked = {"action": "bought:0", "undoId": str(uuid4()), "memberNumber": member.number}
    return {**asked, "reason": "別の方でした", **more}


def test_a_scan_that_comes_late_judges_what_came_before_it_once_whatever_it_brings(
    boss: Counter, regular: Member
) -> None:
    before, later = boss.member(regular.id).seq, 20
    at, now = ago(1_300 - PURCHASES + later).isoformat(), ago(0).isoformat()
    more = {"amount": 5_000, "visitors": 2, "eco": ["own_bag"]}
    late = boss.scan_of(regular, at=at, sentAt=now, offline=True, **more)
    answer, counts = counted(boss, "scan", late)
    assert answer["result"] == "checked_in"
    assert corrections(counts) >= later / 4
    assert before < counts.folded <= before + 4 * (later + 4)
    assert counts.queries <= QUERIES_MAX["scan"]


def test_what_moves_every_stamp_since_asks_no_more_than_what_moves_none(
    boss: Counter, regular: Member
) -> None:
    at, now = ago(1_340).isoformat(), ago(0).isoformat()
    late = boss.scan_of(regular, at=at, sentAt=now, offline=True, amount=5_000)
    answer, counts = counted(boss, "scan", late)
    assert answer["result"] == "checked_in"
    assert corrections(counts) > PURCHASES / 4
    assert counts.queries <= QUERIES_MAX["scan"]


def test_an_early_activity_is_taken_out_at_the_same_price(boss: Counter, regular: Member) -> None:
    before = boss.member(regular.id).seq
    answer, counts = counted(boss, "undo", undo_of(regular))
    assert answer["result"] == "undone"
    assert corrections(counts) > PURCHASES / 4
    assert counts.folded <= before
    assert counts.queries <= QUERIES_MAX["undo"]


def test_what_stands_in_the_way_is_found_and_forced_without_judging_it_again_and_again(
    boss: Counter, regular: Member
) -> None:
    spent = boss.balance(regular)
    records(boss, regular.id, Adjustment(-spent), 60, "spent")
    before = boss.member(regular.id).seq
    refused, counts = counted(boss, "undo", undo_of(regular))
    assert (refused["result"], refused["refusal"]) == ("refused", "undo_spent")
    assert counts.folded <= before + 2
    answer, counts = counted(boss, "undo", undo_of(regular, force=True))
    assert answer["result"] == "undone"
    assert boss.balance(regular) == 0
    assert counts.folded <= before + 3
    assert counts.queries <= QUERIES_MAX["forced undo"]
