"""Back-ups: whole or not at all, kept by their rule, and put back as they were."""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archives import (
    DAYS_KEPT,
    NEWEST_KEPT,
    WEEKS_KEPT,
    Archives,
    UnusableArchive,
    kept,
    restore,
)
from bot.store import Store
from bot.store.engine import dump
from bot.store.engine.dump import DumpFailed, people_in
from tests.conftest import FreshDatabase
from tests.handlers.clubs import SmallClub, club_on
from tests.waiting import until

NIGHT = datetime(2026, 11, 29, 19, tzinfo=UTC)
DAY = timedelta(days=1)
ART = b"\x89PNG of the shop"


@contextmanager
def opened(url: str) -> Iterator[Store]:
    store = Store(url)
    try:
        yield store
    finally:
        store.close()


def archives_of(cafe: SmallClub, folder: Path) -> Archives:
    art = folder / "art"
    art.mkdir(exist_ok=True)
    (art / "logo.png").write_bytes(ART)
    return Archives(cafe.store, folder / "backups", art)


@pytest.mark.usefixtures("postgres_tools")
def test_what_was_kept_is_put_back_into_an_empty_database(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_database() as url, fresh_database() as empty:
        with club_on(url) as cafe:
            member = cafe.joins()
            cafe.visits(member)
            made = archives_of(cafe, tmp_path).make(NIGHT)
            # What comes after it isn't in it.
            cafe.joins()
            text = cafe.timeline.latest.programme
        assert made.file.stat().st_mode & 0o077 == 0, "for nobody else to read"
        assert made.file.parent.stat().st_mode & 0o077 == 0
        assert [each.name for each in made.file.parent.iterdir()] == [made.name], "nothing is left"
        there = tmp_path / "elsewhere"
        with opened(empty) as store:
            assert people_in(store) == 0
            restore(store, made.file, there, over=False)
            assert people_in(store) == 1
        assert (there / "logo.png").read_bytes() == ART
        with club_on(empty) as again:
            assert again.timeline.latest.programme == text
            assert again.balance(member) > 0
            assert again.differences(member) == []


@pytest.mark.usefixtures("postgres_tools")
def test_a_file_that_is_no_backup_changes_nothing(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "kayoi-20261129-190000.tar.gz"
    with fresh_database() as url, club_on(url) as cafe:
        cafe.joins()
        file.write_bytes(b"something else")
        with pytest.raises(UnusableArchive):
            restore(cafe.store, file, None, over=True)
        with tarfile.open(file, "w:gz") as tar:
            broken = tmp_path / "broken"
            broken.write_bytes(b"SQLite format 3\0" + bytes(5_000))
            tar.add(broken, dump.NAMES[cafe.store.is_sqlite])
        with pytest.raises(DumpFailed):
            restore(cafe.store, file, None, over=True)
        with tarfile.open(file, "w:gz") as tar:
            tar.add(broken, dump.NAMES[not cafe.store.is_sqlite])
        with pytest.raises(UnusableArchive, match="no database for"):
            restore(cafe.store, file, None, over=True)
        assert people_in(cafe.store) == 1


def test_it_says_what_it_is_and_only_by_its_name_it_is_found(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_sqlite() as url, club_on(url) as cafe:
        archives = archives_of(cafe, tmp_path)
        made = archives.make(NIGHT)
        with tarfile.open(made.file) as tar:
            about = tar.extractfile("about.json")
            assert about is not None
            assert json.load(about)["made_at"] == NIGHT.isoformat()
            assert set(tar.getnames()) == {"about.json", "database.sqlite3", "art/logo.png"}
        assert archives.find(made.name) == archives.everything()[0]
        for name in ("", "../kayoi.sqlite3", "kayoi-20200101-000000.tar.gz"):
            assert archives.find(name) is None


def test_one_of_each_day_stays_and_the_last_days(
    fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_sqlite() as url, club_on(url) as cafe:
        archives = archives_of(cafe, tmp_path)
        for hour in range(5):
            archives.make(NIGHT + timedelta(minutes=hour))
        assert len(archives.everything()) == NEWEST_KEPT
        archives.make(NIGHT + DAY)
        days = [each.made_at for each in archives.everything()]
        assert days == [NIGHT + DAY, NIGHT + timedelta(minutes=4)]


@given(st.integers(1, 200))
def test_a_week_of_days_and_a_month_of_weeks_stay(nights: int) -> None:
    last = date(2026, 11, 29)
    stays: set[date] = set()
    for n in range(nights):
        stays = kept({*stays, last - DAY * (nights - 1 - n)})
    days = sorted(stays, reverse=True)
    assert days[:DAYS_KEPT] == [last - DAY * n for n in range(min(nights, DAYS_KEPT))]
    assert len(days) <= DAYS_KEPT + WEEKS_KEPT
    if nights > 60:
        assert len(days) == DAYS_KEPT + WEEKS_KEPT
        assert (last - days[-1]).days >= 7 * WEEKS_KEPT


@pytest.mark.usefixtures("postgres_tools")
def test_one_made_while_the_club_goes_on_is_a_moment_of_it(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """Whoever had come before it began is in it, nobody half; whoever came meanwhile may be."""
    over, visits = Event(), list[int]()
    with fresh_database() as url, fresh_database() as empty:
        with club_on(url) as cafe:

            def go_on() -> None:
                while not over.is_set():
                    member = cafe.joins()
                    cafe.visits(member)
                    visits.append(member)

            customers = Thread(target=go_on)
            customers.start()
            try:
                until(lambda: len(visits) > 3, "some to have come")
                before = len(visits)
                made = archives_of(cafe, tmp_path).make(NIGHT)
                meanwhile = len(visits)
                until(lambda: len(visits) > meanwhile, "the club to go on")
            finally:
                over.set()
                customers.join()
        with opened(empty) as store:
            restore(store, made.file, None, over=False)
            found = people_in(store)
        # Of the last one there may be the joining alone.
        assert before <= found <= meanwhile + 1
        with club_on(empty) as again:
            assert again.differences(*visits[:before]) == []
            assert all(again.balance(member) > 0 for member in visits[:before])
