"""What the pages ask of a large club: each statement that an owner's and the staff's pages, their
filters and their files say is explained by either database; and which tables it would read from one
end to the other is known, with the reason.

`tests/bot/store/engine/test_plans.py` does so for what is prepared. These are put together as they
are asked.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from bot.settings import load_settings
from bot.store import Store, UnitOfWork
from bot.store.tables import activities, members
from bot.store.tables.base import metadata
from handlers.jobs.night.figures import FigureKeeping
from handlers.showing.doctor import Patient
from tests.bot.store.engine.test_plans import fill
from tests.growing import growing_tables
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.owner.figures.conftest import club as club
from tests.handlers.pages.owner.figures.conftest import shop as shop
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import Ran, counting

#: What isn't a page of a club that is there, and pictures.
_NO_PAGES = re.compile(r"<|/static/|/setup|/backup$|\.(?:pdf|jpg)$")
_SAID = re.compile(r"(SELECT|WITH|UPDATE|DELETE|INSERT)\b")
#: Pages of some, in another order, and of one member, besides those that have no argument.
FILTERS = (
    "stores=ekimae&ranks=bronze", "stages=buying", "stages=after&reach=none", "reach=line",
    "reach=sms", "sort=visits", "sort=joined", "sort=year", "birth_months=5", "visits_min=3",
    "visited_since=2026-01-01", "visited_before=2026-01-01", "memberships=left", "languages=en",
    "risks=lapsed",
)  # fmt: skip
_SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$")
_READS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")
#: These go through whatever they are given before they give the first row of it.
_GATHER = ("Sort", "Aggregate", "Hash", "WindowAgg")


#: Partial indexes that are as long as what waits, or as what was merged.
OPEN = {"ix_cases_open", "ix_flags_unseen", "ix_outbox_due", "ix_members_merged_into"}
#: Pages, the tables that each of them reads from one end to the other, and why. None is added
#: without a reason.
KNOWN: tuple[tuple[str, set[str], str], ...] = (
    ("/owner/circle$", {"circle_seats"}, "how many sit in the circle, or did"),
    ("/owner/codes$", {"reward_codes"}, "how many codes of each reward are left"),
    ("/owner/(doctor|subscribers)$", {"line_plans"}, "how many have each of LINE's plans"),
    (
        "/owner/members/count",
        {"members", "profiles", "rank_changes"},
        "an exact number, which the page's script asks for when the page is there",
    ),
    (
        "/owner/newsletter$",
        {"consents", "newsletter_reads", "outbox"},
        "who takes the newsletter, and what came of each issue",
    ),
    ("/owner/team$", {"staff_sessions"}, "when each of the staff was last there"),
    ("/owner/voice/suggestions$", {"suggestions"}, "how many stand where"),
    ("/staff/(calls|more)$", {"event_places"}, "who has a place in what is still to come"),
    ("/staff/charity$", {"handovers"}, "each receipt for what was handed over"),
    ("/staff/flags$", {"flags"}, "those that nobody has seen first"),
    ("/staff/slips$", {"slips"}, "the open ones first; the night takes old ones away"),
    ("/staff/today", {"members"}, "who came today; on SQLite no index has both conditions"),
    ("/staff/voices$", {"reviews"}, "the latest of those that wait, and how many do"),
)
#: What PostgreSQL reads so besides, told of a table of a thousand rows: of what is small by its
#: figures it would rather read all. On SQLite an index is used, whatever there is of it.
ON_POSTGRESQL: tuple[tuple[str, set[str]], ...] = (
    ("/staff/today", {"activities"}),
    ("/owner/members[?]stages=", {"profiles", "rank_changes"}),
    ("/(owner/$|owner/figures/core|staff/referrals)", {"members"}),
)


def known(path: str, table: str) -> set[str]:
    """By which lines the page may read the table so."""
    return {of for of, tables, _ in KNOWN if table in tables and re.match(of, path)}


def paths(desks: Desks, number: str) -> list[str]:
    rules = desks.app.url_map.iter_rules()
    found = {
        rule.rule
        for rule in rules
        if rule.rule.startswith(("/owner/", "/staff/"))
        and "GET" in (rule.methods or ())
        and not _NO_PAGES.search(rule.rule)
    }
    assert len(found) > 60
    filtered = [
        f"/owner/{page}?{some}" for some in FILTERS for page in ("members", "members/count")
    ]
    return [*sorted(found), *filtered, f"/staff/members/{number}"]


def said(store: Store, browser: Browser, path: str) -> list[Ran]:
    """What a call of the page has the database do."""
    with counting(store) as counted:
        assert browser.get(path).status_code in (200, 303, 400, 404), path
    return [ran for ran in counted.statements if _SAID.match(ran.sql)]


def whole(uow: UnitOfWork, ran: Ran) -> set[str]:
    """The tables that grow of which it would read all, before it gave what is asked for: a page in
    the order of an index ends where the page is full."""
    driver = uow.connection.connection.driver_connection
    steps = _on_sqlite(driver, ran) if uow.is_sqlite else _on_postgresql(driver, ran)
    return {table for table, index in steps if table in growing_tables() and index not in OPEN}


def _on_sqlite(driver: Any, ran: Ran) -> Iterator[tuple[str, str]]:
    aliases = {
        alias: table
        for table, alias in re.findall(r"(\w+) AS (\w+)", ran.sql)
        if table in metadata.tables
    }
    steps = [step for *_, step in driver.execute(f"EXPLAIN QUERY PLAN {ran.sql}")]
    ends_early = " LIMIT " in ran.sql and not any("TEMP B-TREE" in step for step in steps)
    for step in steps:
        if (found := _SCAN.match(step)) and not ends_early:
            table, index = found.groups("")
            yield aliases.get(table, table), index


def _on_postgresql(driver: Any, ran: Ran) -> Iterator[tuple[str, str]]:
    for way in ("seqscan", "mergejoin", "hashjoin"):
        driver.execute(f"SET LOCAL enable_{way} = off")
    [[plan]] = driver.execute(f"EXPLAIN (FORMAT JSON) {ran.sql}", ran.values or ())
    plan = plan if isinstance(plan, list) else json.loads(plan)
    steps = [(plan[0]["Plan"], False)]
    for step, ends_early in steps:
        kind = step["Node Type"]
        ends_early = (ends_early or kind == "Limit") and kind not in _GATHER
        steps += ((each, ends_early) for each in step.get("Plans", ()))
        if kind in _READS and "Index Cond" not in step and not (ends_early and "Index" in kind):
            index = step.get("Index Name", "")
            yield step.get("Relation Name") or _table_of(index), index


def _table_of(index: str) -> str:
    tables = metadata.tables.values()
    return next((t.name for t in tables for each in t.indexes if each.name == index), index)


def asked_of(shop: SmallClub, desks: Desks, owner: Browser) -> dict[str, list[Ran]]:
    """What each page has the database do."""
    secret = {"SECRET_KEY": "the-reads-need-a-secret-key-of-some-length"}
    desks.app.extensions["kayoi.patient"] = Patient(load_settings(secret), desks.club)
    member = shop.joins("U1")
    shop.visits(member)
    FigureKeeping(shop.club).follow(seconds_max=60)
    number = shop.member(member).number
    return {path: said(shop.store, owner, path) for path in paths(desks, number)}


def large(uow: UnitOfWork) -> None:
    """In the place of all that grows, what a large club has; on PostgreSQL, which goes by it."""
    if not uow.is_sqlite:
        for statement in (
            "SET LOCAL session_replication_role = replica",
            f"TRUNCATE {', '.join(sorted(growing_tables()))} CASCADE",
        ):
            uow.connection.exec_driver_sql(statement)
    fill(uow)


def test_what_a_page_reads_from_one_end_to_the_other_is_known_and_no_more(
    shop: SmallClub, desks: Desks, owner: Browser
) -> None:
    asked = asked_of(shop, desks, owner)
    with shop.store.begin() as uow:
        large(uow)
        found = {
            (path, table)
            for path, statements in asked.items()
            for ran in {ran.sql: ran for ran in statements}.values()
            for table in whole(uow, ran)
        }
        uow.connection.rollback()
    lines = {each: known(*each) for each in found}
    if shop.store.is_sqlite:
        assert set().union(*lines.values()) == {of for of, _, _ in KNOWN}, "one isn't needed"
    else:
        for path, table in found:
            more = {of for of, tables in ON_POSTGRESQL if table in tables and re.match(of, path)}
            lines[path, table] |= more
    assert [each for each, by in lines.items() if not by] == []


def test_a_page_that_reads_all_is_found_and_one_that_ends_early_is_not(shop: SmallClub) -> None:
    reads_all = select(members.c.id).where(members.c.language == "ja")
    by_last = reads_all.order_by(members.c.last_visit_at)
    ends = select(members.c.id).order_by(members.c.joined_at.desc()).limit(9)
    of_one = select(activities.c.seq).where(activities.c.member_id == 1)
    with counting(shop.store) as counted, shop.store.read() as uow:
        for each in (reads_all, by_last.limit(9), ends, of_one):
            uow.run(each)
    with shop.store.begin() as uow:
        large(uow)
        found = [whole(uow, ran) for ran in counted.statements]
        uow.connection.rollback()
    assert found == [{"members"}, {"members"}, set(), set()]
