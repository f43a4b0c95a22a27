"""Small builders for tests of the rules: a programme from a few parts, a member's days in it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from rules.activity import (
    Activity,
    Adjustment,
    Anniversary,
    BirthdayTold,
    By,
    Eco,
    Invited,
    MembershipChanged,
    Occasion,
    Purchase,
    Redemption,
    Referral,
    Registration,
    Visit,
    What,
)
from rules.base import Refusal
from rules.facts import Facts
from rules.journeys.programme import WholeProgramme
from rules.judging.decide import Decision, advance, apply
from rules.judging.replay import start
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline, Version

#: A Monday on which members of these tests join, unless they say otherwise.
JOINED = date(2026, 1, 5)
DAY = timedelta(days=1)

Part = dict[str, Any]


def text(name: str) -> Part:
    return {"ja": name}


def club(**parts: Any) -> WholeProgramme:
    """The least programme with `parts` put in; `shop` and `visits` need name only what differs."""
    least: Part = {
        "format": 1,
        "shop": {"name": text("店"), "legal_name": "店", **parts.pop("shop", {})},
        "stores": [{"id": "main", "name": text("本店")}, {"id": "east", "name": text("東店")}],
        "points": {"expiry": {"kind": "never"}},
        "privacy": {
            "purpose": text("ポイントのため"),
            "policy_url": "https://example.com/",
            "contact": text("店頭"),
        },
    }
    return WholeProgramme.model_validate({**least, **parts})


def rule(on: str, award: Part, **more: Any) -> Part:
    return {"id": f"{on}_rule", "name": text(on), "on": on, "award": award, **more}


def fixed(points: int) -> Part:
    return {"kind": "fixed", "points": points}


def times(times: float) -> Part:
    return {"kind": "multiplier", "times": times}


def campaign(effect: Part, **more: Any) -> Part:
    return {"id": "extra", "name": text("特典"), "effect": effect, **more}


def bonus(points: int) -> Part:
    return {"kind": "bonus", "points": points}


def ladder(*at: int, **more: Any) -> Part:
    """Ranks r1, r2 … at these amounts; monthly visits unless `more` says otherwise."""
    steps = [{"id": f"r{n}", "name": text(f"ランク{n}"), "at": a} for n, a in enumerate(at, 1)]
    return {"window": {"kind": "calendar_month"}, "steps": steps, **more}


def rolling(days: int) -> Part:
    return {"kind": "rolling", "days": days}


def badge(needs: Part, **more: Any) -> Part:
    return {"id": "badge", "name": text("バッジ"), "needs": needs, **more}


def streak(**more: Any) -> Part:
    return {"id": "weekly", "name": text("毎週"), **more}


def reward(**more: Any) -> Part:
    gift = {"id": "gift", "name": text("ごほうび"), "kind": "gift", "cost": 10, "value_yen": 10}
    return {**gift, **more}


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """An instant of `day`'s business day, by a Tokyo clock; from 24 it is the night after."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=9)
    return midnight + timedelta(hours=hour, minutes=minute)


def does(what: What, day: date, hour: int = 12, *, by: By = "member", **more: Any) -> Activity:
    """An activity on business day `day`."""
    return Activity(what, at(day, hour), day, by=by, **more)


def joins(day: date = JOINED) -> Activity:
    return does(Registration(), day, 5)


def visits(day: date, hour: int = 12, **more: Any) -> Activity:
    return does(Visit("staff"), day, hour, **{"by": "staff", "store": "main", **more})


def buys(day: date, yen: int, hour: int = 13, **more: Any) -> Activity:
    return does(Purchase(yen, **more), day, hour, by="staff", store="main")


def gets(points: int, day: date, hour: int = 14) -> Activity:
    """A manager gives (or takes) points."""
    return does(Adjustment(points), day, hour, by="staff")


def takes(reward: str, points: int, day: date, hour: int = 15) -> Activity:
    return does(Redemption(reward, points), day, hour, by="staff")


def becomes(state: Any, day: date, hour: int = 6) -> Activity:
    return does(MembershipChanged(state), day, hour, by="staff")


#: One activity for each trigger that is an activity of its own, but visit and purchase.
OCCASIONS: dict[str, What] = {
    "profile": BirthdayTold(1, 12),
    "birthday": Occasion("birthday"),
    "review": Occasion("review"),
    "share": Occasion("share"),
    "referral": Referral(7),
    "referred": Invited(),
    "feedback": Occasion("feedback"),
    "adopted": Occasion("adopted"),
    "newsletter": Occasion("newsletter"),
    "deed": Occasion("deed"),
    "event": Occasion("event"),
    "anniversary": Anniversary(1),
    "eco": Eco("own_bag"),
}


#: Long before anybody joined.
LONG_AGO = at(date(2025, 1, 1))


def timeline(*programmes: Programme, since: datetime = LONG_AGO) -> Timeline:
    """The programmes, the first in force from `since`, each other a year after the one before."""
    versions = [
        Version(n, since + timedelta(days=365 * (n - 1)), programme)
        for n, programme in enumerate(programmes, 1)
    ]
    return Timeline(tuple(versions))


class Life:
    """One member's life in a club, an activity at a time: `facts` are always the present ones."""

    def __init__(self, rules: Programme | Timeline) -> None:
        self.timeline: Timeline = rules if isinstance(rules, Timeline) else timeline(rules)
        self.outcomes: list[Decision | Refusal] = []
        registration = joins()
        self.facts: Facts = start(registration)
        self.joining = self.tries(registration)

    def tries(self, activity: Activity) -> Decision | Refusal:
        """What comes of `activity`; a refusal leaves the facts as they were."""
        outcome = apply(self.timeline, self.facts, activity)
        self.outcomes.append(outcome)
        if isinstance(outcome, Decision):
            self.facts = outcome.facts
        return outcome

    def does(self, *activities: Activity) -> Decision:
        """The decision on the last of `activities`, none of which may be refused."""
        *before, last = activities
        for activity in before:
            self.does(activity)
        outcome = self.tries(last)
        assert isinstance(outcome, Decision), (last, outcome)
        return outcome

    def refused(self, activity: Activity) -> str:
        """The code with which `activity` is refused."""
        outcome = self.tries(activity)
        assert isinstance(outcome, Refusal), outcome
        return outcome.code

    def comes(self, *days: date) -> Decision:
        """Visits on each of these days."""
        return self.does(*(visits(day) for day in days))

    def until(self, day: date) -> Facts:
        """The facts when the nights before `day` are over."""
        self.facts, _ = advance(self.timeline, self.facts, day)
        return self.facts

    def ranks(self) -> list[str | None]:
        """Every rank the member came to hold by an activity."""
        steps = [o.rank_changes for o in self.outcomes if isinstance(o, Decision)]
        return [change.after for changes in steps for change in changes]


def of_day(day: str) -> date:
    """`"03-14"` of 2026, for tables that should be easy to read."""
    return date.fromisoformat(f"2026-{day}")


def given(decision: Decision) -> dict[str, int]:
    """The points of a decision by rule."""
    return {grant.rule: grant.points for grant in decision.grants}
