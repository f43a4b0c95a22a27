"""Members for tests of the journeys: one for each kind, on a day on which it is due to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from rules.activity import BirthdayTold, Offered
from rules.base import Lang
from rules.facts import Facts
from rules.journeys import kinds
from rules.journeys.journey import Journey
from rules.journeys.member import Background, DueMessage, MemberOnDay, NotDue
from rules.journeys.message import JourneyView, QueuedWording, view
from rules.journeys.programme import WholeProgramme, journeys_of
from rules.programme.points import Lot
from rules.programme.programme import Programme
from rules.science.learned import ReturnModels
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    badge,
    bonus,
    buys,
    campaign,
    club,
    does,
    fixed,
    gets,
    ladder,
    of_day,
    reward,
    rule,
    text,
)
from tests.rules.science.foretelling import UNTOLD, drifting_after

#: Every kind by its name, and those that a club can do without.
KINDS: tuple[str, ...] = tuple(kind.model_fields["kind"].default for kind in kinds.KINDS)
CHOSEN = tuple(n for n, kind in zip(KINDS, kinds.KINDS, strict=True) if not kind.is_promised)


_AFTERNOON = {"start": "14:00", "end": "16:00"}


def everything(*journeys: dict[str, Any], **parts: Any) -> WholeProgramme:
    """A club with all that journeys can be about; with every kind of them unless some are named."""
    whole: dict[str, Any] = {
        "purchase": {},
        "points": {"expiry": {"kind": "lot", "months": 1, "month_end": False, "warn_days": (7,)}},
        "fan_steps": {"visits_in_month": 3, "message": text("ようこそ、ファン認定ステップへ。")},
        "ranks": ladder(3, 6, grace_periods=0, revival={"visits": 1, "days": 30}),
        "earning": [rule("visit", fixed(10)), rule("birthday", fixed(100))],
        "badges": [
            badge({"kind": "season", "count": 3, "starts": "01-01", "ends": "02-10"}, id="winter"),
        ],
        "rewards": [
            reward(id="cake", cost=30),
            reward(
                id="gift", cost=None, given={"kind": "comeback"}, valid_days=14
            ),
        ],
        "campaigns": [
            campaign(bonus(5), id="calm", starts=of_day("02-02"), hours=_AFTERNOON),
            campaign(bonus(5), id="spring", starts=of_day("02-10"), ends=of_day("02-20")),
        ],
        "journeys": journeys or [{"kind": kind} for kind in KINDS],
    }  # fmt: skip
    return club(**{**whole, **parts})


#: A club that has every kind.
CLUB = everything()
NOTHING = Background()


def only(kind: str, **keys: Any) -> WholeProgramme:
    """A club with one journey, and what keys say of it."""
    return everything({"kind": kind, **keys})


def journey_of(club: Programme, kind: str) -> Journey:
    """The club's journey of that kind."""
    return next(journey for journey in journeys_of(club) if journey.kind == kind)


@dataclass(frozen=True)
class Person:
    """A member on a day: what is asked about them."""

    facts: Facts
    day: date
    background: Background = NOTHING
    models: ReturnModels = UNTOLD

    def of(self, programme: Programme, lang: Lang = "ja") -> MemberOnDay:
        """The same person as a member of that club who reads `lang`."""
        background = replace(self.background, language=lang)
        return MemberOnDay(programme, self.facts, self.day, self.models, background)


def ask(programme: Programme, journey: str | Journey, person: Person) -> DueMessage | NotDue:
    """Whether the journey of that kind is due to the person."""
    if isinstance(journey, str):
        journey = journey_of(programme, journey)
    return journey.due(person.of(programme))


def period(programme: Programme, journey: str | Journey, person: Person) -> str:
    """The period for which it is due to them."""
    answer = ask(programme, journey, person)
    assert isinstance(answer, DueMessage), answer
    return answer.period


def why_not(programme: Programme, journey: str | Journey, person: Person) -> str:
    answer = ask(programme, journey, person)
    assert isinstance(answer, NotDue), answer
    return answer.reason


def said(
    person: Person,
    kind: str,
    club: Programme = CLUB,
    *,
    lang: Lang = "ja",
    arm: str = "a",
    name: str = "さくら",
) -> JourneyView:
    """What the person reads today."""
    answer = ask(club, kind, person)
    assert isinstance(answer, DueMessage), answer
    written = QueuedWording(answer.period, arm)
    found = view(journey_of(club, kind), person.of(club, lang), written, name=name)
    assert found is not None
    return found


def came(programme: Programme, *days: str, until: str) -> Person:
    """Somebody who came on these days of 2026 and is looked at on another."""
    life = Life(programme)
    life.comes(*map(of_day, days))
    return Person(life.until(of_day(until)), of_day(until))


def drifting(person: Person, silence: int | None) -> Person:
    """The same person, who drifts after so many days away."""
    return replace(person, models=drifting_after(silence))


def later(person: Person, programme: Programme, days: int) -> Person:
    """The same person so many days on, nothing having happened."""
    life = Life(programme)
    life.facts = person.facts
    day = person.day + timedelta(days=days)
    return replace(person, facts=life.until(day), day=day)


#: Who comes on these days has the journey due on the last one.
_DAYS = {
    "lapsed": ["01-10", "03-11"],
    "one_short": ["03-05", "03-19", "03-24"],
    "rank_at_risk": ["01-10", "01-11", "01-12", "02-25"],
    "rank_lost": ["01-10", "01-11", "01-12", "03-08"],
    "badge_missed": ["01-20", "02-05", "02-11"],
    "fan_steps": ["01-10", "01-11", "01-12", "01-13"],
    "first_visit": ["01-10", "01-13"],
    "after_visit": ["01-10", "01-20", "01-21"],
    "off_peak": ["01-20", "02-02"],
    "campaign": ["01-20", "02-10"],
    "month_recap": ["01-10", "01-20", "01-28", "02-02"],
    "reward_ready": ["01-10", "01-11", "01-12", "02-02"],
}


def due_to(kind: str, programme: Programme) -> Person:
    """Somebody to whom the journey of that kind is due in a club with `everything`."""
    if kind in _DAYS:
        *days, until = _DAYS[kind]
        return came(programme, *days, until=until)
    return _WITH_MORE[kind](Life(programme))


def _born(life: Life) -> Person:
    life.does(does(BirthdayTold(5, 12), JOINED, 8))
    return Person(life.until(of_day("05-01")), of_day("05-01"))


def _with_old_points(life: Life) -> Person:
    life.does(gets(50, JOINED))
    day, lot = of_day("01-30"), Lot(1, 50, 50, JOINED, of_day("02-05"))
    return Person(life.until(day), day, Background(lots=(lot,)))


def _a_year_on(life: Life) -> Person:
    day = JOINED.replace(year=JOINED.year + 1)
    return Person(life.until(day), day)


def _who_bought(life: Life) -> Person:
    life.does(buys(of_day("01-20"), 60_000))
    return Person(life.until(of_day("01-21")), of_day("01-21"))


def _with_a_voucher(life: Life) -> Person:
    life.does(does(Offered("lapsed", "gift", 0, of_day("01-20")), of_day("01-08"), 6))
    life.comes(of_day("01-10"))
    return Person(life.until(of_day("01-17")), of_day("01-17"))


def _regular_gone(life: Life) -> Person:
    life.comes(*(JOINED + DAY * n for n in range(1, 12)))
    day = JOINED + DAY * 88
    return Person(life.until(day), day)


def _out_of_rhythm(life: Life) -> Person:
    life.comes(*map(of_day, ("01-10", "01-14", "01-18", "01-22", "01-26")))
    return drifting(Person(life.until(of_day("02-03")), of_day("02-03")), 8)


def _at_new_year(life: Life) -> Person:
    life.comes(of_day("12-20"))
    day = date(2027, 1, 1) + DAY * (JOINED.toordinal() % 3)
    return Person(life.until(day), day)


_WITH_MORE: dict[str, Callable[[Life], Person]] = {
    "birthday": _born,
    "points_expiring": _with_old_points,
    "anniversary": _a_year_on,
    "spend": _who_bought,
    "reward_expiring": _with_a_voucher,
    "ask_why": _regular_gone,
    "rhythm": _out_of_rhythm,
    "new_year": _at_new_year,
}
