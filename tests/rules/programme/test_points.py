"""Lots: when points go, with what warnings, and which are taken first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import (
    Adjustment,
    Anniversary,
    BirthdayTold,
    Eco,
    Expiry,
    Occasion,
    Offered,
    Purchase,
    Redemption,
    Trigger,
    Visit,
    What,
    trigger_of,
)
from rules.facts import newcomer
from rules.programme.points import (
    Lot,
    LotWithdrawal,
    OpenLots,
    PointsPolicy,
    expiry_day,
    expiry_of,
    goes_on,
    goes_unseen_on,
    keeps_points,
    lot_expiry,
    take,
    warning_due,
    with_warnings,
)
from rules.shop import days
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import DAY, JOINED, Part, at, of_day

FACTS = newcomer(JOINED, at(JOINED))


def policy(**expiry: object) -> PointsPolicy:
    return PointsPolicy.model_validate({"expiry": expiry})


LOTS = policy(kind="lot", months=12, warn_days=[30, 7])
IDLE = policy(kind="inactivity", months=6, warn_days=[14])
NEVER = policy(kind="never")
DUE = of_day("06-01")
LOT = Lot(1, 10, 10, of_day("01-10"), DUE)


@pytest.mark.parametrize(
    ("month_end", "given_on", "gone"),
    [
        (True, "2026-01-15", "2027-02-01"),
        (True, "2026-01-31", "2027-02-01"),
        (True, "2026-02-28", "2027-03-01"),
        (False, "2026-01-15", "2027-01-15"),
        (False, "2024-02-29", "2025-02-28"),
    ],
)
def test_a_lot_lasts_so_many_months(month_end: bool, given_on: str, gone: str) -> None:
    rules = policy(kind="lot", months=12, month_end=month_end, warn_days=[7])
    assert lot_expiry(rules, date.fromisoformat(given_on)) == date.fromisoformat(gone)


def test_other_points_are_given_without_an_end() -> None:
    assert lot_expiry(IDLE, JOINED) is None
    assert lot_expiry(NEVER, JOINED) is None


def test_points_that_go_by_inactivity_go_after_what_the_member_did_last() -> None:
    lot = replace(LOT, expires_on=None)
    assert expiry_of(IDLE, lot, FACTS) == date(2026, 7, 5)
    came = replace(FACTS, last_active_on=of_day("03-31"))
    assert expiry_of(IDLE, lot, came) == date(2026, 9, 30)


def _own(what: What) -> tuple[Trigger, ...]:
    trigger = trigger_of(what)
    return (trigger,) if trigger else ()


@pytest.mark.parametrize(
    ("what", "keeps"),
    [
        (Visit("staff"), True),
        (Purchase(480), True),
        (Redemption("coffee", 50), True),
        (Redemption("coffee", 0, voucher=1), True),
        (Occasion("birthday"), False),
        (Anniversary(1), False),
        (Adjustment(50), False),
        (Expiry(50), False),
        (Offered("lapsed", None, 50, JOINED), False),
        (BirthdayTold(5, 12), False),
        (Occasion("review"), False),
        (Eco("own_bag"), False),
    ],
    ids=lambda each: getattr(each, "text", None),
)
def test_only_what_members_do_themselves_keeps_points(what: What, keeps: bool) -> None:
    assert keeps_points(IDLE, what, _own(what)) is keeps


def test_a_programme_names_what_else_keeps_points() -> None:
    more = policy(kind="inactivity", months=6, warn_days=[14], also_active=["review", "eco"])
    for what, keeps in ((Occasion("review"), True), (Eco("own"), True), (Occasion("share"), False)):
        assert keeps_points(more, what, _own(what)) is keeps
    told = BirthdayTold(5, 12)
    profile = policy(kind="inactivity", months=6, warn_days=[14], also_active=["profile"])
    assert keeps_points(profile, told, ("profile",))
    assert not keeps_points(profile, told, ())
    with pytest.raises(ValueError, match="also_active"):
        policy(kind="inactivity", months=6, warn_days=[14], also_active=["birthday"])


def test_a_pause_stops_the_clock() -> None:
    """Three weeks at rest in February are three weeks more in the end."""
    lot = replace(LOT, expires_on=None)
    rests = FACTS.with_membership("paused", of_day("02-01"))
    assert expiry_of(IDLE, lot, rests) is None
    assert expiry_of(LOTS, LOT, rests) is None
    back = rests.with_membership("active", of_day("02-22"))
    assert expiry_of(IDLE, lot, back) == date(2026, 7, 5) + DAY * 21
    # Who came in the meantime has only what was left of it.
    came = replace(back, last_active_on=of_day("02-15"))
    assert expiry_of(IDLE, lot, came) == date(2026, 8, 15) + DAY * 7
    to_the_day = policy(kind="lot", months=12, month_end=False, warn_days=[30, 7])
    assert expiry_of(to_the_day, LOT, back) == DUE + DAY * 21
    # What goes with a month goes with a month.
    assert expiry_of(LOTS, LOT, back) == of_day("07-01")
    later = replace(LOT, given_on=of_day("03-01"))
    assert expiry_of(LOTS, later, back) == DUE


def test_a_gift_to_somebody_away_lasts_as_long_as_the_first_warning_is_early() -> None:
    """It keeps nothing else, and is warned of once."""
    rules = policy(kind="inactivity", months=6, warn_days=[60, 14])
    old, gift = replace(LOT, expires_on=None), Lot(2, 50, 50, of_day("06-20"))
    assert expiry_of(rules, old, FACTS) == of_day("07-05")
    due = expiry_of(rules, gift, FACTS)
    assert due == of_day("08-19")
    assert not warning_due(rules, gift, due, of_day("08-04"))
    assert warning_due(rules, gift, due, of_day("08-05"))
    told = with_warnings(rules, gift, due, of_day("08-05"))
    assert expiry_day(rules, told, due) == due


def test_of_the_warnings_only_those_are_owed_that_came_after_the_points() -> None:
    lot = replace(LOT, given_on=of_day("05-10"))
    assert not warning_due(LOTS, lot, DUE, of_day("05-24"))
    assert warning_due(LOTS, lot, DUE, of_day("05-25"))
    late = replace(LOT, given_on=of_day("05-30"))
    assert warning_due(LOTS, late, DUE, of_day("05-30"))


@pytest.mark.parametrize(
    ("seen", "goes"),
    [
        ({}, "06-01"),
        ({"last_active_on": of_day("04-01")}, "06-30"),
        ({"last_visit_on": of_day("05-01")}, "07-30"),
        ({"membership_since": of_day("05-20")}, "08-18"),
    ],
    ids=["joined", "bought", "visited", "came_back"],
)
def test_who_is_not_reached_keeps_points_till_unseen_for_ninety_days(seen: Part, goes: str) -> None:
    assert goes_unseen_on(LOT, replace(FACTS, **seen), DUE) == of_day(goes)


def test_a_warning_that_was_shown_is_a_sight_of_them() -> None:
    assert goes_unseen_on(replace(LOT, warned_on=of_day("05-10")), FACTS, DUE) == of_day("08-08")


def test_points_stay_where_the_programme_lets_them_stay() -> None:
    assert expiry_of(NEVER, LOT, FACTS) is None
    assert expiry_day(NEVER, replace(LOT, warned_on=DUE, warned_for=DUE, warnings=2), DUE) is None
    assert not warning_due(NEVER, LOT, DUE, DUE)
    assert expiry_of(LOTS, replace(LOT, expires_on=None), FACTS) is None


@pytest.mark.parametrize(
    ("day", "owed"), [("05-01", False), ("05-02", True), ("05-24", True), ("05-25", True)]
)
def test_a_warning_is_owed_so_many_days_before(day: str, owed: bool) -> None:
    assert warning_due(LOTS, LOT, DUE, of_day(day)) is owed


def test_an_empty_lot_needs_no_warning() -> None:
    assert not warning_due(LOTS, replace(LOT, left=0), DUE, DUE)


def live_through(rules: PointsPolicy, working: set[date]) -> tuple[list[date], date | None]:
    """On which days LOT's warnings were given, and when it went, if only on `working` days the
    nightly job did its work."""
    lot, told = LOT, []
    for day in days(of_day("04-01"), of_day("12-31")):
        if day not in working:
            continue
        if warning_due(rules, lot, DUE, day):
            lot = with_warnings(rules, lot, DUE, day)
            told.append(day)
        gone = expiry_day(rules, lot, DUE)
        if gone is not None and day >= gone:
            return told, day
    return told, None


def test_in_the_ordinary_way_points_go_on_their_day_after_their_warnings() -> None:
    every_day = set(days(of_day("04-01"), of_day("12-31")))
    assert live_through(LOTS, every_day) == ([of_day("05-02"), of_day("05-25")], DUE)


def test_a_late_last_warning_puts_the_expiry_off() -> None:
    late = set(days(of_day("05-30"), of_day("12-31")))
    assert live_through(LOTS, late) == ([of_day("05-30")], of_day("06-06"))


@given(st.sets(st.dates(of_day("04-01"), of_day("12-30")), min_size=1, max_size=60))
@settings(max_examples=examples(50))
def test_points_never_go_without_the_notice_that_the_programme_promises(
    working: set[date],
) -> None:
    told, gone = live_through(LOTS, working)
    if gone is not None:
        assert told
        assert gone >= DUE
        assert gone - told[-1] >= timedelta(days=7)
        assert told[0] <= gone - timedelta(days=7)


def test_a_warning_about_a_day_that_has_moved_does_not_count() -> None:
    lot = with_warnings(IDLE, LOT, DUE, DUE - DAY * 14)
    later = DUE + DAY * 60
    assert expiry_day(IDLE, lot, DUE) == DUE
    assert expiry_day(IDLE, lot, later) is None
    assert warning_due(IDLE, lot, later, later - DAY * 14)


@pytest.mark.parametrize(
    ("lot", "day", "really"),
    [
        (LOT, "03-01", "06-01"),
        (LOT, "05-28", "06-04"),
        (with_warnings(LOTS, LOT, DUE, DUE - DAY * 7), "05-30", "06-01"),
        (with_warnings(LOTS, LOT, DUE, DUE - DAY * 2), "05-31", "06-06"),
    ],
)
def test_what_was_put_off_is_named_with_its_later_day(lot: Lot, day: str, really: str) -> None:
    assert goes_on(LOTS, lot, DUE, of_day(day)) == of_day(really)


def test_the_lots_that_expire_first_are_taken_first() -> None:
    lots = (
        Lot(1, 10, 10, JOINED, None),
        Lot(2, 10, 10, JOINED, of_day("09-01")),
        Lot(3, 10, 4, JOINED, of_day("08-01")),
        Lot(4, 10, 0, JOINED, of_day("07-01")),
    )
    assert take(lots, 15) == (LotWithdrawal(3, 4), LotWithdrawal(2, 10), LotWithdrawal(1, 1))


def test_among_lots_without_an_end_the_oldest_is_taken_first() -> None:
    lots = (Lot(1, 5, 5, JOINED + DAY), Lot(2, 5, 5, JOINED), Lot(3, 5, 5, JOINED))
    assert take(lots, 12) == (LotWithdrawal(2, 5), LotWithdrawal(3, 5), LotWithdrawal(1, 2))


@given(some.lots(), st.integers(0, 400))
@settings(max_examples=examples(60))
def test_taking_names_lots_for_all_that_is_there(lots: tuple[Lot, ...], points: int) -> None:
    for taken in (take(lots, points), OpenLots(lots).take_back(2, points)):
        left = {lot.no: lot.left for lot in lots}
        assert sum(t.points for t in taken) == min(points, sum(left.values()))
        assert all(0 < t.points <= left[t.no] for t in taken)
        assert len({t.no for t in taken}) == len(taken)


def test_a_correction_takes_from_its_own_lot_first() -> None:
    lots = (Lot(1, 10, 10, JOINED, DUE), Lot(2, 10, 6, JOINED + DAY, of_day("09-01")))
    assert OpenLots(lots).take_back(2, 8) == (LotWithdrawal(2, 6), LotWithdrawal(1, 2))
    assert OpenLots(lots).take_back(None, 8) == (LotWithdrawal(1, 8),)
    assert OpenLots(lots).take_back(9, 3) == (LotWithdrawal(1, 3),)


def test_what_was_taken_once_is_not_taken_again_and_what_is_added_is_there() -> None:
    lots = OpenLots([Lot(1, 10, 10, JOINED, DUE)])
    assert lots.take_back(1, 8) == (LotWithdrawal(1, 8),)
    lots.add(Lot(2, 5, 5, JOINED))
    assert lots.take_back(1, 4) == (LotWithdrawal(1, 2), LotWithdrawal(2, 2))
    assert lots.take(9) == (LotWithdrawal(2, 3),)


@pytest.mark.parametrize("expiry", [{"kind": "lot", "months": 12}, {"kind": "inactivity"}])
def test_no_points_expire_without_a_warning_in_the_programme(expiry: Part) -> None:
    with pytest.raises(ValueError, match="warn_days"):
        policy(**expiry)
