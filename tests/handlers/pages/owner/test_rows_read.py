"""What a page of the console reads does not grow with how often members came."""

import re
from datetime import timedelta

from bot.settings import load_settings
from handlers.jobs.night.figures import FigureKeeping
from handlers.showing.doctor import Patient
from tests.bench.databases import vacuum
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.owner.figures.conftest import club as club
from tests.handlers.pages.owner.figures.conftest import shop as shop
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting, rows_read

#: Files, what is only there before a club is, and the archives, which are files too. Figures, of
#: which there are some on Monday and among costs, read a row a day, however many came: their own
#: test lets ten times as many come.
_NO_PAGES = re.compile(r"<|/static/|/setup|/backup$|/figures|/owner/(?:costs)?$|\.(?:csv|pdf|jpg)$")
#: Pages of some members or with more to do, besides those that have no argument.
_MORE = (
    "/owner/members?order=visits",
    "/owner/members?stores=ekimae&ranks=bronze",
)
MEMBERS = 2
#: Of SQLite's machine: fewer than one visit would take of each.
STEPS = 50
SECRET = {"SECRET_KEY": "the-rows-need-a-secret-key-of-some-length"}


def pages(desks: Desks) -> list[str]:
    rules = desks.app.url_map.iter_rules()
    found = {
        rule.rule
        for rule in rules
        if rule.rule.startswith("/owner/")
        and "GET" in (rule.methods or ())
        and not _NO_PAGES.search(rule.rule)
    }
    assert len(found) > 20
    return sorted(found) + list(_MORE)


def come(shop: SmallClub, members: list[int], times: int) -> None:
    """So many times each, at one pace."""
    for _ in range(times):
        shop.clock.set(shop.now + timedelta(days=2))
        for member in members:
            shop.visits(member)
    FigureKeeping(shop.club).follow(seconds_max=60)
    vacuum(shop.store)


def cost(shop: SmallClub, owner: Browser, path: str) -> float:
    """What the second call of a page has the database read; questions alone. Nothing is found
    where the club has none of what a page is of."""
    assert owner.get(path).status_code in (200, 303, 404)
    with counting(shop.store) as counted:
        owner.get(path)
    asked = [ran for ran in counted.statements if ran.sql.startswith(("SELECT", "WITH"))]
    return rows_read(shop.store, asked)


def test_ten_times_the_visits_let_no_page_read_more(
    shop: SmallClub, desks: Desks, owner: Browser
) -> None:
    desks.app.extensions["kayoi.patient"] = Patient(load_settings(SECRET), desks.club)
    members = [shop.joins(f"U{number}") for number in range(MEMBERS)]
    paths = pages(desks)
    come(shop, members, 60)
    before = {path: cost(shop, owner, path) for path in paths}
    come(shop, members, 540)
    after = {path: cost(shop, owner, path) for path in paths}
    most = {path: 1.1 * read + STEPS for path, read in before.items()}
    grown = {path: (before[path], after[path]) for path in paths if after[path] > most[path]}
    assert not grown
