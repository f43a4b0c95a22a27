"""Random programmes and histories for properties that must hold for all of them."""

from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from rules.activity import (
    Activity,
    Adjustment,
    Anniversary,
    BirthdayTold,
    Eco,
    Invited,
    MembershipChanged,
    Occasion,
    Offered,
    PerkGiven,
    Purchase,
    Redemption,
    Referral,
    Sampled,
    Trigger,
    Visit,
    Visitors,
    What,
)
from rules.judging.replay import RecordedActivity
from rules.programme.points import Lot
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline, Version

from .builders import DAY, JOINED, Part, at, badge, club, joins, ladder, reward, streak, text

TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
RANKS, STORES, ACTIONS = ("r1", "r2"), ("main", "east"), ("own_bag", "own_cup")
LAST = JOINED + timedelta(days=150)

_few = st.integers(1, 5)
_points = st.integers(1, 60)
_dates = st.dates(JOINED, LAST)


def _optional(*choices: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, None, *choices))


_limits = st.fixed_dictionaries({}, optional={
    "day": _few, "week": _few, "month": _few, "ever": _few,
    "points_per_day": _points, "points_per_week": _points,
    "points_per_month": _points, "points_ever": _points,
})  # fmt: skip

_narrowed = st.fixed_dictionaries({}, optional={
    "ranks": st.just(RANKS[:1]), "stores": st.just(STORES[:1]), "needs_staff": st.booleans(),
})  # fmt: skip


@st.composite
def _awards(draw: st.DrawFn, on: str) -> Part:
    plain = ["fixed", "nth", "first"]
    kinds = {"spend": ["per_amount"], "purchase": [*plain, "per_amount", "multiplier"]}
    steady = ["streak", "anniversary"]
    kind = draw(st.sampled_from(kinds.get(on, plain if on in steady else [*plain, "multiplier"])))
    if kind == "multiplier":
        return {"kind": kind, "times": draw(st.sampled_from(("1.5", "2", "3")))}
    award: Part = {"kind": kind, "points": draw(_points)}
    if kind == "per_amount":
        award["yen"] = draw(st.sampled_from((1, 100, 3_000)))
    if kind == "nth":
        award |= draw(st.sampled_from(({"every": 2}, {"every": 3}, {"at": (1, 4)})))
    return award


@st.composite
def _rules(draw: st.DrawFn, number: int) -> Part:
    on = draw(st.sampled_from(("visit", "visit", "purchase", *TRIGGERS)))
    rule: Part = {
        "id": f"rule{number}", "name": text(on), "on": on, "award": draw(_awards(on)),
        "limit": draw(_limits), **draw(_narrowed),
    }  # fmt: skip
    if on == "streak":
        rule["streak"] = "weekly"
    if on == "eco" and draw(st.booleans()):
        rule["actions"] = ACTIONS[:1]
    return rule


@st.composite
def _campaigns(draw: st.DrawFn, number: int) -> Part:
    effect = draw(st.sampled_from((
        {"kind": "bonus", "points": 7}, {"kind": "multiplier", "times": "2"},
        {"kind": "multiplier", "times": "2.5"},
    )))  # fmt: skip
    conditions = st.fixed_dictionaries({}, optional={
        "weekdays": st.just(("mon", "sat")), "days_of_month": st.just((5, 15, 25)),
        "holidays": st.just(True), "birth_month": st.just(True), "staff_switch": st.just(True),
        "hours": st.just({"start": "22:00", "end": "10:00"}), "limit": _limits,
    })  # fmt: skip
    triggers = draw(st.lists(st.sampled_from(TRIGGERS), min_size=1, max_size=4, unique=True))
    return {
        "id": f"camp{number}", "name": text("特典"), "effect": effect, "on": triggers,
        **draw(conditions), **draw(_narrowed),
    }  # fmt: skip


_ladders = st.builds(
    lambda measure, window, grace, revival, first, gap: ladder(
        first, first + gap, measure=measure, window=window, grace_periods=grace, revival=revival
    ),
    st.sampled_from(("visits", "visits", "points", "spend")),
    st.sampled_from((
        {"kind": "calendar_month"}, {"kind": "rolling", "days": 7}, {"kind": "rolling", "days": 30}
    )),
    st.integers(0, 2),
    _optional({"visits": 1, "days": 30}, {"visits": 2, "days": 10}, {"visits": 1, "days": 150}),
    st.integers(1, 6),
    st.integers(1, 6),
)  # fmt: skip

_closed = st.builds(
    lambda on, days: {"on": on, "until": on + timedelta(days=days)}, _dates, st.integers(0, 40)
)

_badges = st.lists(
    st.sampled_from((
        {"kind": "visits", "count": 1}, {"kind": "visits", "count": 7},
        {"kind": "time_of_day", "count": 2, "hours": {"start": "22:00", "end": "09:00"}},
        {"kind": "season", "count": 2, "starts": "12-20", "ends": "02-29"},
        {"kind": "stores", "count": 2}, {"kind": "streak", "streak": "weekly", "weeks": 2},
        {"kind": "anniversary", "years": 1}, {"kind": "times", "on": "eco", "count": 2},
    )),
    max_size=5,
)  # fmt: skip

_expiries = st.sampled_from((
    {"kind": "never"}, {"kind": "lot", "months": 2, "warn_days": (14, 3)},
    {"kind": "inactivity", "months": 1, "warn_days": (7,)},
))  # fmt: skip


_given = st.builds(
    lambda given, days, each, starts, cost: reward(
        id=f"given_{given['kind']}", given=given, valid_days=days, per_member=each,
        starts=starts, cost=cost,
    ),
    st.sampled_from((
        {"kind": "rank", "ranks": RANKS}, {"kind": "birthday"}, {"kind": "comeback"},
        {"kind": "nth_visit", "every": 2}, {"kind": "nth_purchase", "at": (1, 3)},
    )),
    st.sampled_from((1, 7, 60)),
    _optional(2),
    _optional(JOINED + timedelta(days=20)),
    _optional(5),
)  # fmt: skip


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Any club: what it has and what it does without is drawn."""
    needs = draw(_badges)
    return club(
        shop={
            "closed": draw(st.lists(_closed, max_size=3)),
            "closed_weekdays": draw(st.sampled_from(((), ("mon",), ("sat", "sun")))),
        },
        visits={"per_day_max": draw(st.integers(1, 3)), "gap_minutes_min": draw(
            st.sampled_from((0, 90)))},
        points={"expiry": draw(_expiries)},
        purchase={"late_receipt_days": 7, "amount": draw(
            st.sampled_from(("tax_included", "tax_excluded")))},
        ranks={**(draw(_ladders))},
        streaks=[streak(goal=draw(st.integers(1, 3)), freeze_every=2)],
        fan_steps={"visits_in_month": 3, "message": text("ファン")},
        earning=[draw(_rules(n)) for n in range(draw(st.integers(1, 6)))],
        campaigns=[draw(_campaigns(n)) for n in range(draw(st.integers(0, 3)))],
        badges=[
            badge(need, id=f"badge{n}", points=draw(_optional(5)), hidden=draw(st.booleans()))
            for n, need in enumerate(needs)
        ],
        rewards=[
            reward(cost=draw(_points), per_member=draw(_optional(1, 2))),
            reward(id="ranked", cost=draw(_points), ranks=RANKS[1:]),
            *draw(st.lists(_given, unique_by=lambda given: given["id"], max_size=3)),
        ],
    )  # fmt: skip


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """One programme, or two of which the later comes into force somewhere in the middle."""
    first = Version(1, at(JOINED - DAY * 30), draw(programmes()))
    if draw(st.booleans()):
        return Timeline((first,))
    since = at(draw(_dates), draw(st.sampled_from((4, 12))))
    return Timeline((first, Version(2, since, draw(programmes()))))


def _purchase(total: int, late: int | None, day: date) -> Purchase:
    receipt_on = None if late is None else day - timedelta(days=late)
    return Purchase(total, tax_yen=total // 11, excluded_yen=total // 4, receipt_on=receipt_on)


_some_given = st.sampled_from([
    f"given_{kind}" for kind in ("rank", "birthday", "comeback", "nth_visit", "nth_purchase")
])  # fmt: skip


@st.composite
def whats(draw: st.DrawFn, day: date) -> What:
    """Anything that can happen to a member on `day` but joining and points running out."""
    anything: st.SearchStrategy[What] = st.one_of(
        st.sampled_from([Occasion("birthday"), Occasion("review"), Invited()]),
        st.builds(Referral, st.integers(1, 3)),
        st.builds(_purchase, st.integers(1, 20_000), _optional(0, 3), st.just(day)),
        st.builds(Eco, st.sampled_from(ACTIONS)),
        st.builds(Visitors, st.integers(1, 5)),
        st.builds(PerkGiven, st.sampled_from(("sip", "unknown"))),
        st.builds(Anniversary, st.integers(1, 2)),
        st.builds(BirthdayTold, st.integers(1, 6), st.integers(1, 28), _optional(1990)),
        st.builds(Redemption, st.sampled_from(("gift", "ranked", "unknown")), _points),
        st.builds(Redemption, _some_given, st.just(0), st.integers(1, 3)),
        st.builds(
            Offered,
            st.sampled_from(("lapsed", "rhythm")),
            st.none() | _some_given,
            st.sampled_from((0, 15)),
            st.sampled_from((0, 5, 40)).map(lambda d: day + DAY * d),
        ),
        st.builds(Sampled, _some_given, st.sampled_from((0, 9)).map(lambda d: day + DAY * d)),
        st.builds(Adjustment, st.integers(-20, 40)),
        st.builds(MembershipChanged, st.sampled_from(("active", "paused", "left"))),
    )
    return draw(st.one_of(st.just(Visit("staff")), st.just(Visit("beacon")), anything))


@st.composite
def histories(draw: st.DrawFn, *, most: int = 30) -> list[RecordedActivity]:
    """A registration and what came after it, in order, no two at the same instant."""
    activities = [joins()]
    now = activities[0].at
    for _ in range(draw(st.integers(0, most))):
        minutes = draw(st.sampled_from((1, 100, 600, 1_440, 3_000, 5_000, 20_000, 60_000)))
        now += timedelta(minutes=minutes)
        day = (now + timedelta(hours=5)).date()
        if day > LAST:
            break
        activities.append(Activity(
            draw(whats(day)), now, day,
            by=draw(st.sampled_from(("member", "staff"))),
            store=draw(_optional(*STORES)),
            holiday=draw(st.booleans()),
            switches=draw(st.sampled_from(((), ("camp0",)))),
            segments=draw(st.sampled_from(((), ("vip",)))),
        ))  # fmt: skip
    return [RecordedActivity(seq, activity) for seq, activity in enumerate(activities, 1)]


def lots() -> st.SearchStrategy[tuple[Lot, ...]]:
    """Lots of one member, numbered."""
    lot = st.tuples(st.integers(0, 50), _dates, _optional(60, 400))
    return st.lists(lot, max_size=6).map(lambda drawn: tuple(
        Lot(no, left + 3, left, given_on, given_on + timedelta(days=days) if days else None)
        for no, (left, given_on, days) in enumerate(drawn, 1)
    ))  # fmt: skip
