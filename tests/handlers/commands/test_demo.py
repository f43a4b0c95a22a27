from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.simulator import Simulator
from bot.store import UnitOfWork
from bot.store.events import events, places
from bot.store.finding.due_members import everyone
from bot.store.history import history
from bot.store.members import consents, line_accounts, profiles, subscribed
from bot.store.messages import newsletters, outbox_by_member, outbox_figures
from handlers.commands import demo
from handlers.commands.filling.letters import count_results
from handlers.commands.surveys.demo import answer_surveys
from handlers.commands.surveys.demo_subscribers import subscribe_some
from handlers.jobs.night import nightly
from handlers.jobs.night.audit import audit
from handlers.showing.journey_counts import kept_results
from handlers.showing.survey_results import survey_result
from rules.activity import Delivered, Redemption
from tests.conftest import FreshDatabase
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import CAFE, changed
from tests.shelf import Shelf

NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
MEMBERS = 25


@dataclass(frozen=True)
class Demo:
    """A demo club, and how often each of its members came."""

    cafe: SmallClub
    simulator: Simulator
    visits: list[int]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo_club(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """One for all that only look at it: a year of visits takes a while."""
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as stack:
        if request.param == "sqlite":
            (folder / "club.sqlite3").write_bytes(request.getfixturevalue("sqlite_template"))
            url = f"sqlite:///{folder / 'club.sqlite3'}"
        else:
            shelf: Shelf = request.getfixturevalue("postgres_shelf")
            url = stack.enter_context(shelf.fresh())
        cafe = stack.enter_context(club_on(url, now=NOW))
        line = "http://127.0.0.1:9"
        simulator = Simulator(folder / "line.sqlite3", "secret", "token", line, f"{line}/callback")
        stack.callback(simulator.close)
        with cafe.store.read() as uow:
            assert demo.is_empty(uow)
        yield Demo(cafe, simulator, list(demo.fill(cafe.club, simulator, members=MEMBERS)))


def test_a_demo_club_is_whole_and_adds_up(demo_club: Demo) -> None:
    cafe = demo_club.cafe
    members = [cafe.member(member) for member in everyone(cafe.store)]
    assert len(demo_club.visits) == len(members) == MEMBERS
    assert demo_club.visits == [member.facts.visits for member in members]
    assert [d for each in audit(cafe.club) for d in each] == []
    with cafe.store.read() as uow:
        assert not demo.is_empty(uow)
        for member in members:
            if member.line_user_id is None:
                continue
            account = line_accounts.get(uow, member.line_user_id or "")
            assert account is not None
            assert account.member_id == member.id
            known = demo_club.simulator.account(account.user_id)
            assert known is not None
            assert known.display_name == account.display_name


def test_a_demo_club_is_as_mixed_as_a_real_one(demo_club: Demo) -> None:
    cafe = demo_club.cafe
    facts = [cafe.member(member).facts for member in everyone(cafe.store)]
    today = cafe.timeline.latest.programme.shop.business_date(cafe.now)
    away = [(today - f.last_visit_on).days for f in facts if f.last_visit_on]
    assert min(away) <= 7
    assert max(away) >= 60
    ranks = Counter(f.rank.id for f in facts)
    assert len(ranks) >= 3
    assert any(f.birthday for f in facts)
    assert any(f.spend for f in facts)
    used = Counter(
        (what.reward, what.voucher is not None)
        for member in everyone(cafe.store)
        for what in (recorded.activity.what for recorded in cafe.history(member))
        if isinstance(what, Redemption)
    )
    assert {by_voucher for _, by_voucher in used} == {True, False}
    assert any(f.vouchers for f in facts)
    assert all(f.last_at <= cafe.now for f in facts)


def test_members_were_written_by_journeys_but_for_those_held_back_by_lot(demo_club: Demo) -> None:
    cafe = demo_club.cafe
    heard: Counter[tuple[str, str]] = Counter()
    for member in map(cafe.member, everyone(cafe.store)):
        with cafe.store.read() as uow:
            sent = outbox_by_member.newest(uow, (member.id,), limit=100)
        assert not sent or member.line_user_id
        heard.update((each.journey, each.status) for each in sent)
        assert all(each.queued_at >= member.joined_at for each in sent)
        assert all(each.sent_at is not None for each in sent if each.status == "sent")
    assert {status for _, status in heard} == {"sent", "held_out"}
    assert heard["journey:birthday", "sent"] > 0 == heard["journey:birthday", "held_out"]
    for journey in ("journey:rhythm", "journey:first_visit"):
        assert heard[journey, "sent"] > heard[journey, "held_out"] > 0


def test_what_messages_brought_is_counted_of_those_who_came_after_them(demo_club: Demo) -> None:
    cafe = demo_club.cafe
    count_results(cafe.club)
    with cafe.store.read() as uow:
        kept = kept_results(uow, cafe.club.timeline().latest.programme)
        assert kept.waiting == 0
    result = next(each for each in kept.results.journeys if each.journey.kind == "first_visit")
    assert result.whole is not None
    drawn = [result.whole.mine.drawn, result.whole.other.drawn]
    sides = Counter[bool]()
    for member in everyone(cafe.store):
        with cafe.store.read() as uow:
            sent = outbox_by_member.newest(uow, (member,), limit=100)
        sides.update(
            each.status == "sent" for each in sent if each.journey == "journey:first_visit"
        )
    assert drawn == [sides[True], sides[False]]


def test_some_agreed_to_sms_which_show_on_their_phone(demo_club: Demo) -> None:
    cafe = demo_club.cafe
    with cafe.store.read() as uow:
        agreed = consents.sms_agreed(uow, list(everyone(cafe.store)))
        assert 2 <= len(agreed) < MEMBERS
        for member in agreed:
            user_id = cafe.member(member).line_user_id
            assert user_id is not None
            assert profiles.get(uow, member).phone == demo_club.simulator.phone_number(user_id)


def test_a_handful_have_a_card_on_paper_and_no_line(demo_club: Demo) -> None:
    cafe = demo_club.cafe
    ids = list(everyone(cafe.store))
    [member] = [cafe.member(each) for each in ids if cafe.member(each).line_user_id is None]
    assert member.facts.source == "counter"
    assert member.facts.visits
    with cafe.store.read() as uow:
        assert profiles.get(uow, member.id).name
    assert cafe.differences(member.id) == []


def test_a_demo_club_begins_without_a_flood_of_old_news(demo_club: Demo) -> None:
    """The last one: its first night is lived through."""
    cafe = demo_club.cafe
    nightly.run_if_due(cafe.club)
    with cafe.store.read() as uow:
        assert outbox_figures.counts(uow).get("queued", 0) <= MEMBERS // 5
    assert [d for each in audit(cafe.club) for d in each] == []


def test_every_demo_is_alike(fresh_sqlite: FreshDatabase, tmp_path: Path) -> None:
    def names() -> list[tuple[str, int]]:
        with fresh_sqlite() as url, club_on(url, now=NOW) as cafe:
            simulator = Simulator(
                tmp_path / f"{id(cafe)}.sqlite3", "s", "t", "http://h", "http://h"
            )
            visits = list(demo.fill(cafe.club, simulator, members=4))
            simulator.close()
            with cafe.store.read() as uow:
                users = [cafe.member(m).line_user_id or "" for m in everyone(cafe.store)]
                accounts = [line_accounts.get(uow, user) for user in users]
            return [(a.display_name, v) for a, v in zip(accounts, visits, strict=True) if a]

    assert names() == names() != []


def test_a_demo_club_has_an_event_next_week_that_some_want_to_come_to(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_sqlite() as url, club_on(url, now=NOW) as cafe:
        line = "http://127.0.0.1:9"
        with closing(Simulator(tmp_path / "line", "secret", "token", line, line)) as simulator:
            assert list(demo.fill(cafe.club, simulator, members=9))
            demo.announce_event(cafe.club)
        with cafe.store.read() as uow:
            [event] = events.shown(uow, after=NOW)
            came = places.of_event(uow, event.id)
        assert event.state == "open"
        assert timedelta(days=6) < event.sittings[0].starts_at - NOW < timedelta(days=8)
        assert [each.state for each in came] == ["taken", "taken"]


def test_a_demo_clubs_event_is_on_a_day_on_which_the_shop_is_open(
    fresh_sqlite: FreshDatabase,
) -> None:
    next_week, holidays = date(2026, 11, 30), "{ on = 2026-12-01, until = 2026-12-02 },"
    shut = changed(
        CAFE,
        ("closed_weekdays = []", 'closed_weekdays = ["mon"]'),
        ("closed = [ ", f"closed = [ {holidays}"),
    )
    with fresh_sqlite() as url, club_on(url, shut, now=NOW) as cafe:
        demo.hire_staff(cafe.club)
        demo.announce_event(cafe.club)
        with cafe.store.read() as uow:
            [event] = events.shown(uow, after=NOW)
        shop = cafe.timeline.latest.programme.shop
        assert not shop.is_open(next_week)
        assert shop.business_date(event.sittings[0].starts_at) == date(2026, 12, 3)


def test_a_demo_club_shows_the_season_its_newsletter_deeds_and_questions(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_sqlite() as url, club_on(url, now=NOW) as cafe:
        line = "http://127.0.0.1:9"
        with closing(Simulator(tmp_path / "line", "secret", "token", line, line)) as simulator:
            assert list(demo.fill(cafe.club, simulator, members=3))
            demo.begin_season(cafe.club)
            answer_surveys(cafe.club)
        programme = cafe.club.timeline().at(NOW).programme
        assert {"newsletter", "adopted", "deed"} <= {rule.on for rule in programme.earning}
        assert [step.id for step in programme.profile.steps] == ["birthday", "area", "interests"]
        assert any(c.starts and c.starts <= NOW.date() <= (c.ends or date.max)
                   for c in programme.campaigns)  # fmt: skip
        with cafe.store.read() as uow:
            [issue] = newsletters.issues(uow)
            readers = newsletters.subscribers(uow, after=0, limit=9)
            assert [consents.latest_on_newsletter(uow, each) is not None for each in readers]
        with cafe.store.read() as uow:
            asked = [survey_result(uow, programme, s, BEGINNING) for s in programme.surveys]
        assert sum(each.own + each.asked for each in asked) >= 3
        assert issue.sent_at == NOW
        assert issue.recipients == len(readers) == 1
        assert [found for each in audit(cafe.club) for found in each] == []


def test_a_demo_club_has_some_who_subscribe_and_had_their_parcels(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_sqlite() as url, club_on(url, now=NOW) as cafe:
        line = "http://127.0.0.1:9"
        with closing(Simulator(tmp_path / "line", "secret", "token", line, line)) as simulator:
            assert list(demo.fill(cafe.club, simulator, members=12))
            demo.begin_season(cafe.club)
        for _ in range(2):
            subscribe_some(cafe.club)
        with cafe.store.read() as uow:
            some = [each for each in everyone(cafe.store) if _parcels(uow, each)]
            assert subscribed.count(uow, date(2026, 11, 23)).members == len(some) > 0
        assert [found for each in audit(cafe.club) for found in each] == []


def _parcels(uow: UnitOfWork, member: int) -> int:
    whats = [each.activity.what for each in history.of(uow, member)]
    return sum(isinstance(each, Delivered) for each in whats)
