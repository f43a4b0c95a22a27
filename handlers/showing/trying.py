"""A programme tried on the club's last year, some members at a time, so that whoever waits sees how
far it has come."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pydantic import TypeAdapter

from bot.store.finding import due_members
from bot.store.history import history, ledger
from bot.store.members import members
from handlers.club import Club
from rules.activity import Registration
from rules.judging.dry_run import Brought, DryRun, Life
from rules.programme.programme import Programme

#: So many days are tried.
DAYS = 365
#: Of more members than these a sample is tried: each member whose id leaves the same rest.
MEMBERS_MAX = 1_000
#: So many of those who would lose most are named.
LOSERS = 10
#: Members are read in pages of these.
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Totals:
    """What all who were tried got."""

    points: int = 0
    vouchers: int = 0
    yen: int = 0
    ranks: Counter[str] = field(default_factory=Counter)

    def plus(self, each: Brought) -> "Totals":
        return Totals(
            self.points + each.points,
            self.vouchers + each.vouchers,
            self.yen + each.yen,
            self.ranks + Counter([each.rank or ""]),
        )


@dataclass(frozen=True, slots=True)
class TrialSoFar:
    """How far a trial has come: the draft's `revision`, the last member tried, what it came to."""

    revision: int
    #: Every so many-th member is tried.
    step: int
    #: There are so many members in all.
    members: int
    after: int = 0
    tried: int = 0
    is_over: bool = False
    was: Totals = Totals()
    would: Totals = Totals()
    #: The members who would lose most yen, with how much, the most first.
    losers: tuple[tuple[int, int], ...] = ()

    def dumped(self) -> str:
        """As text, for the page to bring back."""
        return _SO_FAR.dump_json(self).decode()

    @staticmethod
    def loaded(text: str) -> "TrialSoFar":
        return _SO_FAR.validate_json(text)


_SO_FAR = TypeAdapter(TrialSoFar)


def begin(club: Club, revision: int) -> TrialSoFar:
    """A trial of the draft of that revision, of which nothing is done yet."""
    with club.store.read() as uow:
        count = due_members.count_members(uow)
    return TrialSoFar(revision, step=max(1, -(-count // MEMBERS_MAX)), members=count)


def go_on(
    club: Club, programme: Programme, so_far: TrialSoFar, *, is_time: Callable[[], bool]
) -> TrialSoFar:
    """Tries the next members, until `is_time` to tell how far it has come."""
    now = club.now()
    since = now - timedelta(days=DAYS)
    trial = DryRun(club.timeline(), programme, since, programme.shop.business_date(now))
    while not so_far.is_over and not is_time():
        so_far = _page(club, trial, so_far)
    return so_far


def _page(club: Club, trial: DryRun, so_far: TrialSoFar) -> TrialSoFar:
    with club.store.read() as uow:
        ids = due_members.slice_after(uow, so_far.after, limit=_PAGE * so_far.step)
        chosen = [each for each in ids if each % so_far.step == 0]
        people = members.many(uow, chosen)
        lives = [
            (
                person.id,
                Life(history.of(uow, person.id), person.facts, ledger.granted(uow, person.id)),
            )
            for person in people
            if person.erased_at is None and person.merged_into is None
        ]
    for member_id, life in lives:
        if any(isinstance(each.activity.what, Registration) for each in life.history):
            so_far = _tried(so_far, member_id, *trial.of(life))
    is_over = len(ids) < _PAGE * so_far.step
    return replace(so_far, after=ids[-1] if ids else so_far.after, is_over=is_over)


def _tried(so_far: TrialSoFar, member_id: int, was: Brought, would: Brought) -> TrialSoFar:
    lost = was.yen - would.yen
    losers = so_far.losers
    if lost > 0:
        losers = tuple(sorted((*losers, (member_id, lost)), key=lambda each: -each[1])[:LOSERS])
    return replace(
        so_far,
        tried=so_far.tried + 1,
        was=so_far.was.plus(was),
        would=so_far.would.plus(would),
        losers=losers,
    )
