"""Whom a broadcast finds: by everything that can be asked, and counted as a delivery decides."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from bot.store.members import line_accounts
from bot.store.orders import bought
from bot.store.tables import line_accounts as accounts
from bot.store.tables import members as table
from bot.store.tables import outbox
from handlers.actions.members.membership import change_membership
from handlers.actions.members.profile import TopicChoice, choose_topic
from handlers.actions.newsletter.subscribe import NewsletterChoice, choose_newsletter
from rules.broadcasts.broadcast import Whom
from rules.orders.lines import ReceiptLine, ReturnedPieces, bought_lines
from rules.programme.purchases import PurchasePolicy
from tests.handlers.broadcasting import crowd, ids
from tests.handlers.clubs import DAY, TUESDAY_NOON, SmallClub, club_on
from tests.handlers.jobs.messages import everybody, queue, user
from tests.journeys.counting import counting, plans


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, now=TUESDAY_NOON) as club:
        yield club


def becomes(cafe: SmallClub, member_id: int, **values: Any) -> None:
    with cafe.store.begin() as uow:
        uow.run(update(table).where(table.c.id == member_id).values(**values))


def test_everybody_is_all_who_stand_for_themselves(cafe: SmallClub) -> None:
    first, second, erased, merged = everybody(cafe, 4)
    becomes(cafe, erased, erased_at=cafe.now)
    becomes(cafe, merged, merged_into=first)
    assert ids(cafe, Whom()) == [first, second]
    assert crowd(cafe, Whom()).fates == {"ok": 2}


@pytest.mark.parametrize(
    ("whom", "values"),
    [
        (Whom(ranks=("silver",)), {"rank": "silver"}),
        (Whom(risks=("lapsed", "badge")), {"at_risk": "badge"}),
        (Whom(languages=("en",)), {"language": "en"}),
        (Whom(birth_months=("3", "12")), {"birth_month": 12}),
        (Whom(joined_since=date(2026, 1, 7)), {"joined_at": TUESDAY_NOON + DAY}),
        (Whom(visited_since=date(2026, 1, 2)), {"last_visit_at": TUESDAY_NOON - 2 * DAY}),
        (Whom(visited_before=date(2026, 1, 2)), {"last_visit_at": TUESDAY_NOON - 9 * DAY}),
    ],
    ids=lambda each: next(iter(each.model_fields_set)) if isinstance(each, Whom) else "",
)
def test_each_thing_that_is_asked_finds_those_of_whom_it_is_so(
    cafe: SmallClub, whom: Whom, values: dict[str, Any]
) -> None:
    meant, *_ = everybody(cafe, 3)
    becomes(cafe, meant, **values)
    assert ids(cafe, whom) == [meant]
    assert crowd(cafe, whom).fates == {"ok": 1}


def test_who_began_to_stay_away_since_a_day_up_to_today_and_still_does(cafe: SmallClub) -> None:
    new, older, later, well, back = everybody(cafe, 5)
    day = date(2026, 1, 6)
    for member_id, on, risk in (
        (new, day - 6 * DAY, "rhythm"), (older, day - 7 * DAY, "lapsed"),
        (later, day + DAY, "rhythm"), (well, day, None), (back, day, "rank"),
    ):  # fmt: skip
        becomes(cafe, member_id, drift_on=on, at_risk=risk)
    assert ids(cafe, Whom(drifting_since=day - 6 * DAY)) == [new]
    assert ids(cafe, Whom(drifting_since=day - 7 * DAY)) == [new, older]


def test_who_subscribes_today_and_who_does_not(cafe: SmallClub) -> None:
    now, open_ended, over, later, never = everybody(cafe, 5)
    day = date(2026, 1, 6)
    for member_id, since, until in (
        (now, day - DAY, day), (open_ended, day, date.max),
        (over, day - 9 * DAY, day - DAY), (later, day + DAY, date.max),
    ):  # fmt: skip
        becomes(cafe, member_id, subscribed_from=since, subscribed_until=until)
    assert ids(cafe, Whom(subscription="subscribed")) == [now, open_ended]
    assert ids(cafe, Whom(subscription="not_subscribed")) == [over, later, never]


def test_who_bought_something_by_code_or_kind_within_some_days_and_kept_it(
    cafe: SmallClub,
) -> None:
    today, ago, back, other = everybody(cafe, 4)
    beans = ReceiptLine(item="B-200", category="beans", quantity=2, yen=900)
    tea = ReceiptLine(item="T-1", category="tea", yen=500)
    day = date(2026, 1, 6)
    with cafe.store.begin() as uow:
        for member_id, line, on in (
            (today, beans, day), (ago, beans, day - 30 * DAY), (back, beans, day), (other, tea, day)
        ):  # fmt: skip
            bought.add(uow, member_id, 9, bought_lines(PurchasePolicy(), [line]), on=on)
        bought.take_back(uow, back, 10, 9, [ReturnedPieces(1, 1)])
    assert ids(cafe, Whom(bought="B-200")) == [today, ago, back]
    assert ids(cafe, Whom(bought="beans", bought_within=30)) == [today, back]
    assert ids(cafe, Whom(bought="beans", bought_within=31)) == [today, ago, back]
    assert ids(cafe, Whom(bought="TEA")) == []
    with cafe.store.begin() as uow:
        bought.take_back(uow, back, 11, 9, [ReturnedPieces(1, 1)])
    assert ids(cafe, Whom(bought="beans", bought_within=30)) == [today]
    assert crowd(cafe, Whom(bought="tea")).fates == {"ok": 1}


def test_who_bought_is_found_by_indexes_in_one_statement(cafe: SmallClub) -> None:
    with counting(cafe.store) as counted:
        ids(cafe, Whom(bought="beans", bought_within=30))
    ran = [each for each in counted.statements if "bought_lines" in each.sql]
    assert len(ran) == 1
    plan = " ".join(plans(cafe.store, ran))
    assert "ix_bought_lines_item" in plan
    assert "ix_bought_lines_category" in plan


def test_who_wants_a_topic_or_the_newsletter(cafe: SmallClub) -> None:
    asked, no_points, plain = everybody(cafe, 3)
    with cafe.work("member") as work:
        said = NewsletterChoice(asked, True, cafe.now, "月に1回")
        choose_newsletter(work.under(cafe.key()), said)
        choose_topic(work, no_points, TopicChoice("points", False, cafe.now))
    assert ids(cafe, Whom(topics=("newsletter",))) == [asked]
    assert ids(cafe, Whom(topics=("points",))) == [asked, plain]
    assert ids(cafe, Whom(topics=("points", "newsletter"))) == [asked]


def test_a_member_is_of_the_store_at_which_they_came_most_in_ninety_days(cafe: SmallClub) -> None:
    here, there, long_ago, never = everybody(cafe, 4)
    start = cafe.now
    cafe.visits(long_ago, store="kawabe")
    for day, store in enumerate(("kawabe", "ekimae", "ekimae")):
        cafe.clock.set(start + (60 + day) * DAY)
        cafe.visits(here, store=store)
    for day, store in enumerate(("kawabe", "ekimae", "kawabe")):
        cafe.clock.set(start + (70 + day) * DAY)
        cafe.visits(there, store=store)
    cafe.clock.set(start + 100 * DAY)
    assert ids(cafe, Whom(stores=("ekimae",))) == [here]
    assert ids(cafe, Whom(stores=("kawabe",))) == [there]
    assert never


def test_who_will_not_get_it_is_counted_by_why(cafe: SmallClub) -> None:
    left, paused, blocked, no_news, full, fine = everybody(cafe, 6)
    cafe.joins(None)
    with cafe.work("member") as work:
        change_membership(work.under(cafe.key()), left, "left", at=cafe.now)
        change_membership(work.under(cafe.key()), paused, "paused", at=cafe.now)
        line_accounts.set_blocked(work.uow, user(2), True)
        choose_topic(work, no_news, TopicChoice("news", False, cafe.now))
    queue(cafe, full)
    with cafe.store.begin() as uow:
        uow.run(update(outbox).values(status="sent", sent_at=cafe.now - timedelta(hours=23)))
    found = crowd(cafe, Whom())
    assert found.fates == {
        "left": 1, "paused": 1, "blocked": 1, "topic": 1, "cap": 1, "unreachable": 1, "ok": 1,
    }  # fmt: skip
    assert (found.found, found.reached, found.full) == (7, 1, 1)
    assert blocked
    assert fine


def test_ten_thousand_are_counted_by_one_statement(cafe: SmallClub) -> None:
    [first] = everybody(cafe, 1)
    with cafe.store.begin() as uow:
        one = dict(uow.run(table.select().where(table.c.id == first)).one()._mapping)
        rows = [
            one | {"id": first + n, "number": f"{n:010d}", "line_user_id": user(n)}
            for n in range(1, 10_000)
        ]
        uow.run(insert(table), rows)
        uow.run(
            insert(accounts),
            [
                {
                    "user_id": user(n),
                    "language": "ja",
                    "blocked": n % 10 == 0,
                    "created_at": cafe.now,
                }
                for n in range(1, 10_000)
            ],
        )
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    engines = list(cafe.store.engines)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    found = crowd(cafe, Whom(stores=(), ranks=()))
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    assert found.fates == {"ok": 9_001, "blocked": 999}
    assert len([each for each in asked if each.lstrip().startswith("SELECT")]) <= 2
