"""A filled club to measure on: members with days of visits, made by the club's own actions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import text

from bot.clock import Clock
from bot.codes import Codes
from bot.settings import PROJECT
from bot.store import Store
from bot.store.history import programs
from bot.store.members import line_accounts
from handlers.actions.calendar.settle import settle
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.record import Request
from handlers.actions.recording.work import Work
from rules.activity import Visit
from rules.programme.timeline import Timeline

#: Noon in Japan, on a Monday.
OPENED = datetime(2026, 1, 5, 3, tzinfo=UTC)
DAY = timedelta(days=1)
#: Marks are made with a secret; nothing here reads them.
CODES = Codes("a secret of the bench that is long enough")


def fill(url: str, *, members: int, visits: int) -> None:
    """Publishes the programme that ships and lets `members` join and visit on `visits` days."""
    store = Store(url)
    programme = (PROJECT / "program.toml").read_text(encoding="utf-8")
    try:
        with store.begin() as uow:
            programs.publish(uow, programme, since=OPENED)
        timeline = timeline_of(store)
        for number in range(members):
            with store.begin() as uow:
                work = Work(uow, timeline, OPENED, OPENED, CODES)
                member_id = newcomer(work, number)
                for day in range(1, visits + 1):
                    visit(work, member_id, OPENED + day * DAY)
    finally:
        store.close()


def newcomer(work: Work, number: int) -> int:
    """Somebody who joins as the club opens; `number` is their account's."""
    user_id = f"U{number:032x}"
    line_accounts.ensure(
        work.uow,
        user_id,
        display_name="さくら",
        language="ja",
        at=OPENED,
        # As of who was asked about within the week: LINE is seldom asked.
        profile_due_at=Clock().now() + DAY,
    )
    joining = JoinRequest(
        at=OPENED,
        language="ja",
        purpose=work.timeline.latest.programme.privacy.purpose.ja,
        line_user_id=user_id,
    )
    return join(
        work.moment(OPENED).acting("member").under(f"bench:{number}:join"), joining
    ).member_id


def visit(work: Work, member_id: int, at: datetime) -> None:
    """A visit at `at`. RuntimeError when it is refused: a refusal costs less, and would flatter."""
    key = f"bench:{member_id}:{at.isoformat()}"
    branch = work.timeline.latest.programme.stores[0].id
    came = Request(member_id, Visit("staff"), at, branch)
    outcome = check_in(work.moment(at).acting("staff").under(key), came)
    if not outcome.done:
        raise RuntimeError(f"the visit was refused: {outcome.refused}")


def settle_first(store: Store, now: datetime) -> None:
    """Brings the first member, whom a crowd is copied from, to where the last night before `now`
    left them."""
    timeline = timeline_of(store)
    day = timeline.at(now).programme.shop.business_date(now)
    with store.begin() as uow:
        first = uow.run(text("SELECT min(id) FROM members")).scalar_one()
        settle(Work(uow, timeline, now, now, CODES), first, day=day)


def timeline_of(store: Store) -> Timeline:
    with store.read() as uow:
        return programs.load(uow)


class Visitors:
    """Members who come one after another, each on the day after their last visit.

    A client of the check-in: several need members of their own, or they would wait for each other.
    """

    def __init__(self, store: Store, members: Sequence[int], *, visits: int) -> None:
        self._store = store
        self._timeline = timeline_of(store)
        self._days = ((member, day) for day in count(visits + 1) for member in members)

    def next(self) -> None:
        """The next member's check-in, as a door does it: one transaction of its own."""
        member, day = next(self._days)
        with self._store.begin() as uow:
            at = OPENED + day * DAY
            visit(Work(uow, self._timeline, at, at, CODES), member, at)
