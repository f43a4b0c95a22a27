"""The counter as an attacker tries it: nothing is half written, nothing answers 500."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from bot.codes import Codes
from bot.store import tables
from handlers.actions.counter import scanned_code
from handlers.pages.staff.counter import scanning
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, Json, counter_of, of

FOREIGN = Codes("the secret of another club, which is long enough")


@pytest.fixture
def counter(desks: Desks) -> Counter:
    return counter_of(desks)


def written(counter: Counter) -> tuple[int, ...]:
    """How many activities, entries and keys there are."""
    counted = (tables.activities, tables.entries, tables.claims)
    with counter.club.store.read() as uow:
        return tuple(
            uow.run(select(func.count()).select_from(table)).scalar_one() for table in counted
        )


def flipped(code: str, place: int) -> str:
    other = "B" if code[place] != "B" else "C"
    return code[:place] + other + code[place + 1 :]


def test_a_forged_code_opens_nothing(counter: Counter) -> None:
    member = counter.joins()
    code = counter.club.codes.card_code(member.number)
    for place in (20, 60, 100, len(code) - 2):
        answer = counter.scans(None, code=flipped(code, place))
        assert answer["result"] == "unknown"
        assert answer["member"] is None
    assert counter.visits(member) == 0


def test_a_signature_of_our_own_for_something_else_opens_nothing(counter: Counter) -> None:
    member, codes = counter.joins(), counter.club.codes
    for code in (
        codes.sign("card", member.number),
        codes.counter_code("ekimae", counter.club.now()),
        base64.b32encode(member.number.encode() * 8).decode().rstrip("="),
    ):
        assert counter.scans(None, code=code)["result"] == "unknown"
    assert counter.visits(member) == 0


def test_another_clubs_card_with_a_number_of_ours_opens_nothing(counter: Counter) -> None:
    member = counter.joins()
    answer = counter.scans(None, code=FOREIGN.card_code(member.number))
    assert (answer["result"], answer["refusal"]) == ("unknown", "foreign")
    assert counter.visits(member) == 0


def test_the_counters_own_code_is_no_card(counter: Counter) -> None:
    code = counter.club.codes.counter_code("ekimae", counter.club.now())
    assert counter.scans(None, code=code)["refusal"] == "counter"


def test_staff_of_another_store_can_only_write_at_their_own(desks: Desks) -> None:
    counter = counter_of(desks, store="kawabe")
    member = counter.joins()
    refused = counter.posts("scan", counter.scan_of(member) | {"store": "ekimae"})
    assert refused.status_code == 400
    counter.scans(member)
    with counter.club.store.read() as uow:
        stores = uow.run(select(tables.activities.c.store)).scalars().all()
    assert stores[-1] == "kawabe"


@pytest.mark.parametrize("path", ["scan", "add", "sync", "undo"])
def test_without_the_pages_token_nothing_is_taken(counter: Counter, path: str) -> None:
    before = written(counter)
    for headers in ({}, {"X-CSRFToken": "x"}, {"X-CSRFToken": counter.browser.csrf[:-4] + "AAAA"}):
        answer = counter.browser.client.post(f"/staff/api/{path}", json={}, headers=headers)
        assert (answer.status_code, of(answer)["error"]) == (400, "csrf")
    assert written(counter) == before


@pytest.mark.parametrize("path", ["scan", "add", "sync", "undo"])
def test_who_is_not_signed_in_is_told_so_and_takes_nothing(desks: Desks, path: str) -> None:
    stranger = desks.browser()
    stranger.get("/staff/login")
    answer = stranger.client.post(
        f"/staff/api/{path}", json={}, headers={"X-CSRFToken": stranger.csrf}
    )
    assert (answer.status_code, of(answer)["error"]) == (401, "signed_out")
    for asked in ("recent", "programme"):
        assert stranger.client.get(f"/staff/api/{asked}").status_code == 401


#: What is wrong with a scan: each is put into one that would be good.
WRONG: list[Json] = [
    {"scanId": "x"},
    {"scanId": "00000000-0000-1000-8000-000000000000"},
    {"scanId": None},
    {"scanId": 7},
    {"code": ""},
    {"code": "x" * 2_001},
    {"code": 1234567890},
    {"code": None},
    {"code": ["a"]},
    {"amount": 0},
    {"amount": -500},
    {"amount": 1.5},
    {"amount": "500"},
    {"amount": 10**30},
    {"amount": True},
    {"visitors": 0},
    {"visitors": 100},
    {"eco": "own_bag"},
    {"eco": ["own_bag"] * 11},
    {"eco": ["'; drop table members; --"]},
    {"confirm": ["birthday"]},
    {"receipt": "x" * 41},
    {"receipt": "\u0000"},
    {"receipt": "㍿" * 20},
    {"at": "yesterday"},
    {"at": "2026-01-01T00:00:00"},
    {"at": "0001-01-01T00:00:00Z"},
    {"at": "9999-12-31T23:59:59Z"},
    {"at": "offline"},
    {"at": "1969-12-31T23:59:59Z"},
    {"at": "2100-01-01T00:00:00Z"},
    {"sentAt": "2099"},
    {"offline": "yes"},
    {"memberId": 1},
    {"member": {"points": 1_000_000}},
]


@pytest.mark.parametrize("change", WRONG, ids=lambda change: json.dumps(change)[:40])
def test_a_scan_that_is_wrong_is_told_so_and_changes_nothing(
    counter: Counter, change: Json
) -> None:
    member = counter.joins()
    before = written(counter)
    scan = counter.scan_of(member) | change
    assert counter.posts("scan", scan).status_code == 400
    [answer] = of(counter.posts("sync", {"scans": [scan]}))["answers"]
    error = "clock_impossible" if set(change) & {"at", "sentAt"} else "bad_request"
    assert answer["error"] == error
    assert answer["fields"]
    assert written(counter) == before


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b'{"code": "\\ud800", "scanId": "6f1c2a9e-7a4b-4c1e-9d6f-0a1b2c3d4e5f"}',
        b"[" * 100_000,
        b'{"scans": ' + b"[" * 50_000,
        b'{"amount": NaN}',
    ],
)
@pytest.mark.parametrize("path", ["scan", "add", "sync", "undo"])
def test_what_is_no_request_at_all_is_told_so(counter: Counter, path: str, raw: bytes) -> None:
    answer = counter.browser.client.post(
        f"/staff/api/{path}",
        data=raw,
        headers={"X-CSRFToken": counter.browser.csrf, "Content-Type": "application/json"},
    )
    assert (answer.status_code, of(answer)["error"]) == (400, "bad_request")


def test_ten_thousand_scans_at_once_are_too_many(counter: Counter) -> None:
    scans = [{"scanId": str(uuid4()), "code": "x"} for _ in range(10_000)]
    before = written(counter)
    answer = counter.posts("sync", {"scans": scans})
    assert (answer.status_code, of(answer)["error"]) == (413, "too_large")
    answer = counter.posts("sync", {"scans": scans[:101]})
    assert (answer.status_code, of(answer)["error"]) == (413, "too_many")
    assert written(counter) == before


def test_a_huge_body_is_not_even_read(counter: Counter) -> None:
    answer = counter.posts("scan", {"code": "x" * 2_000_000, "scanId": str(uuid4())})
    assert (answer.status_code, of(answer)["error"]) == (413, "too_large")


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def test_one_bad_scan_in_a_queue_does_not_stop_the_others(counter: Counter) -> None:
    first, second = counter.joins(), counter.joins()
    good = [counter.scan_of(member, at=ago(minutes=30)) for member in (first, second)]
    bad: list[Any] = [{"scanId": "x", "code": "y"}, {"scanId": good[0]["scanId"], "code": "other"}]
    scans = [bad[0], good[0], bad[1], good[1], good[0]]
    answers = of(counter.posts("sync", {"sentAt": ago(), "scans": scans}))["answers"]
    assert [a.get("error") or a["result"] for a in answers] == [
        "bad_request", "checked_in", "key_reused", "checked_in", "checked_in",
    ]  # fmt: skip
    assert answers[1] == answers[4]
    assert all(answer["line"] and answer["next"] is not None for answer in answers)
    assert [counter.visits(member) for member in (first, second)] == [1, 1]


@pytest.mark.parametrize(
    "clock", ["offline", "2100-01-01T00:00:00Z", 7, [], "1969-01-01T00:00:00Z"]
)
def test_a_clock_that_shows_what_cant_be_costs_no_scan_but_its_own(
    counter: Counter, clock: Any
) -> None:
    members = [counter.joins() for _ in range(3)]
    times: list[Any] = [ago(minutes=30), clock, "1970-01-01T00:00:00Z"]
    scans = [counter.scan_of(who, at=at) for who, at in zip(members, times, strict=True)]
    answers = of(counter.posts("sync", {"sentAt": clock, "scans": scans}))["answers"]
    told = [answer.get("error") or answer["refusal"] for answer in answers]
    assert told == [None, "clock_impossible", "too_old"]
    assert "時計" in answers[1]["line"]
    assert [counter.visits(who) for who in members] == [1, 0, 0]


def test_a_clock_that_began_anew_in_1970_still_tells_how_long_ago_it_was(counter: Counter) -> None:
    member = counter.joins()
    scan = counter.scan_of(member, at="1970-01-01T00:10:00Z")
    sync = {"sentAt": "1970-01-01T00:40:00Z", "scans": [scan]}
    [answer] = of(counter.posts("sync", sync))["answers"]
    assert answer["result"] == "checked_in"
    # A member who joined just now came no earlier.
    assert counter.visits(member) == 1


def test_trouble_of_ours_with_one_scan_holds_up_none_behind_it(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = counter.joins(), counter.joins()
    scans = [counter.scan_of(member) for member in (first, second)]
    known = scanned_code.read

    def odd(codes: Any, text: str, **more: Any) -> Any:
        if text == scans[0]["code"]:
            raise RuntimeError("an odd one")
        return known(codes, text, **more)

    monkeypatch.setattr(scanning, "read", odd)
    answers = of(counter.posts("sync", {"scans": scans}))["answers"]
    assert [answer.get("error") for answer in answers] == ["busy", None]
    monkeypatch.setattr(scanning, "read", known)
    assert of(counter.posts("sync", {"scans": scans}))["answers"][0]["result"] == "checked_in"
    assert [counter.visits(member) for member in (first, second)] == [1, 1]


def test_a_queue_that_is_sent_twice_counts_once(counter: Counter) -> None:
    members = [counter.joins() for _ in range(10)]
    queue = {
        "sentAt": ago(),
        "scans": [counter.scan_of(member, at=ago(hours=1), amount=800) for member in members],
    }
    first = of(counter.posts("sync", queue))["answers"]
    before = written(counter)
    again = of(counter.posts("sync", queue | {"sentAt": ago()}))["answers"]
    assert [answer["result"] for answer in again] == ["checked_in"] * 10
    assert [answer["at"] for answer in again] == [answer["at"] for answer in first]
    assert written(counter) == before


def test_a_changed_member_or_amount_under_a_used_id_is_refused(counter: Counter) -> None:
    victim, thief = counter.joins(), counter.joins()
    scan = counter.scan_of(victim, at=ago(hours=1))
    counter.posts("sync", {"scans": [scan]})
    before = written(counter)
    changes: list[Json] = [
        {"code": counter.club.codes.card_code(thief.number)},
        {"amount": 100_000},
        {"visitors": 9},
        {"confirm": ["review"]},
    ]
    for change in changes:
        [answer] = of(counter.posts("sync", {"scans": [scan | change]}))["answers"]
        assert answer["error"] == "key_reused"
    assert written(counter) == before


def test_a_queue_from_the_future_counts_now(counter: Counter) -> None:
    member = counter.joins()
    ahead = (datetime.now(UTC) + timedelta(days=300)).isoformat()
    [answer] = of(counter.posts("sync", {"scans": [counter.scan_of(member, at=ahead)]}))["answers"]
    assert answer["result"] == "checked_in"
    assert datetime.fromisoformat(answer["at"]) <= datetime.now(UTC)


def test_a_visit_cannot_be_put_before_joining_or_into_last_week(counter: Counter) -> None:
    member = counter.joins()
    scans = [counter.scan_of(member, at=ago(days=days)) for days in (1, 2, 7, 400)]
    answers = of(counter.posts("sync", {"sentAt": ago(), "scans": scans}))["answers"]
    assert [a["refusal"] for a in answers] == [None, "visited_today", "too_old", "too_old"]
    with counter.club.store.read() as uow:
        at = tables.activities.c.at
        mine = tables.activities.c.member_id == member.id
        assert min(uow.run(select(at).where(mine)).scalars()) >= member.joined_at


def test_the_same_card_all_day_brings_one_visit_and_a_flag(counter: Counter) -> None:
    member = counter.joins()
    results = [counter.scans(member)["result"] for _ in range(6)]
    assert results == ["checked_in"] + ["not_counted"] * 5
    with counter.club.store.read() as uow:
        kinds = uow.run(select(tables.flags.c.kind)).scalars().all()
    assert "old_codes" in kinds


def test_an_action_of_another_member_cannot_be_undone_by_a_number(counter: Counter) -> None:
    first, second = counter.joins(), counter.joins()
    action = counter.scans(first)["action"]
    undo = {"action": action, "undoId": str(uuid4()), "memberNumber": second.number}
    assert of(counter.posts("undo", undo))["refusal"] == "undo_unknown"
    assert counter.visits(first) == 1


def test_a_card_number_pasted_with_invisible_marks_is_that_card(desks: Desks) -> None:
    counter = counter_of(desks)
    for pasted in ("\u202a{}\u202c", "\ufeff{}", "{}\u200b", "\u2068{}\u2069\n"):
        member = counter.joins()
        answer = counter.scans(None, code=pasted.format(member.number), via="typed")
        assert answer["result"] == "checked_in"
        assert counter.visits(member) == 1
