"""The night's back-up: one for each day, and again where it failed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.archives import Archives
from bot.store.engine.dump import DumpFailed
from handlers.jobs.night.backup import AGAIN_AFTER, NightlyBackup
from tests.handlers.clubs import SmallClub

pytestmark = pytest.mark.usefixtures("postgres_tools")


def test_one_is_made_for_each_day(cafe: SmallClub, tmp_path: Path) -> None:
    archives = Archives(cafe.store, tmp_path / "backups")
    night = NightlyBackup(replace(cafe.club, wall=cafe.clock), archives)
    assert night.run_if_due()
    assert not night.run_if_due()
    cafe.passes(hours=2)
    assert not NightlyBackup(replace(cafe.club, wall=cafe.clock), archives).run_if_due()
    cafe.passes(days=1)
    assert night.run_if_due()
    assert len(archives.everything()) == 2


def test_what_failed_is_tried_again_in_an_hour(
    cafe: SmallClub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archives = Archives(cafe.store, tmp_path / "backups")
    night = NightlyBackup(replace(cafe.club, wall=cafe.clock), archives)
    tried = []

    def fails(*_: object) -> None:
        tried.append(1)
        raise DumpFailed

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.engine.dump.dump", fails)
        assert not night.run_if_due()
        assert not night.run_if_due()
    assert tried == [1]
    assert archives.everything() == []
    cafe.passes(seconds=(AGAIN_AFTER - timedelta(seconds=1)).total_seconds())
    assert not night.run_if_due()
    cafe.passes(seconds=1)
    assert night.run_if_due()
