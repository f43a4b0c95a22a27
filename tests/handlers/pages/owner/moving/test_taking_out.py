"""What goes out as files, and comes in again."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.cli import AppGroup

from bot.store.members import members
from handlers.commands.sharing.moving import add_moving
from handlers.jobs.night.audit import audit
from tests.handlers.clubs import club_on
from tests.handlers.pages.owner.moving.test_importing import (
    NAMES,
    does,
    everything_adds_up,
    looked_at,
    with_number,
)
from tests.handlers.pages.staff.conftest import Browser, Desks

_KINDS = ("members", "visits", "purchases", "balances")


def filled(owner: Browser, desks: Desks) -> None:
    does(owner, desks, looked_at(owner, desks, NAMES.encode(), "members"))
    visits = "会員番号,来店日\nA001,2024/5/1\nA001,2024/5/2 10:30\nA002,2024/6/1\n"
    does(owner, desks, looked_at(owner, desks, visits.encode(), "visits"))
    bought = "会員番号,日付,合計金額,消費税,レシート番号\nA002,2024/5/1 12:00,1100,100,R-12\n"
    does(owner, desks, looked_at(owner, desks, bought.encode(), "purchases"))


def rows_out(owner: Browser, kind: str) -> list[list[str]]:
    answer = owner.get(f"/owner/export/{kind}.csv")
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_all_that_is_known_goes_out_as_files(owner: Browser, desks: Desks) -> None:
    filled(owner, desks)
    hanako, taro = with_number(desks, "A001"), with_number(desks, "A002")
    head, *people = rows_out(owner, "members")
    assert head[:4] == ["会員番号", "お名前", "ふりがな", "電話番号"]
    assert [each[0] for each in people] == [hanako.number, taro.number]
    assert people[0][1:] == [
        "山田 花子", "ヤマダハナコ", "090-1234-5678", "1983-05-12", "2024-04-01", "ja",
    ]  # fmt: skip
    _, *visits = rows_out(owner, "visits")
    assert [each[:3] for each in visits] == [
        [hanako.number, "2024-05-01", "12:00:00"],
        [hanako.number, "2024-05-02", "10:30:00"],
        [taro.number, "2024-06-01", "12:00:00"],
    ]
    _, bought = rows_out(owner, "purchases")
    assert bought[:5] == [taro.number, "2024-05-01", "12:00:00", "1100", "100"]
    assert bought[6] == "R-12"
    balances = rows_out(owner, "balances")[1:]
    of = {n: sum(int(row[1]) for row in balances if row[0] == n) for n in (hanako.number,)}
    assert of[hanako.number] == hanako.facts.balance
    assert owner.get("/owner/export/nothing.csv").status_code == 404


def test_what_goes_out_comes_into_an_empty_club_by_command_and_is_the_same(
    owner: Browser, desks: Desks, database_url: str, tmp_path: Path
) -> None:
    filled(owner, desks)
    with club_on(database_url) as other:
        other.clock.set(desks.club.now() + timedelta(minutes=1))
        group = AppGroup("members")
        add_moving(group, lambda: other)
        run = CliRunner()
        for kind in _KINDS:
            file = tmp_path / f"{kind}.csv"
            file.write_bytes(owner.get(f"/owner/export/{kind}.csv").data)
            tried = run.invoke(group, ["import", str(file), "--kind", kind, "--dry-run"])
            assert "Nothing was kept" in tried.output, tried.output
            done = run.invoke(group, ["import", str(file), "--kind", kind])
            assert done.exit_code == 0, done.output
            # By its own words it goes out as it came in.
            again = run.invoke(group, ["export", "--kind", kind, "--out", str(tmp_path / "again")])
            assert again.exit_code == 0, again.output
            if kind != "balances":
                assert (tmp_path / "again").read_bytes() == file.read_bytes()
        for old in ("A001", "A002"):
            mine = with_number(desks, old)
            with other.store.read() as uow:
                theirs = members.get(uow, members.by_code(uow, "number", mine.number) or 0)
            assert theirs is not None
            # Visits that a list only counted are no visits: those stay behind.
            assert theirs.facts.balance == mine.facts.balance
            assert theirs.facts.birthday == mine.facts.birthday
            assert theirs.facts.last_visit_at == mine.facts.last_visit_at
            assert theirs.facts.spend == mine.facts.spend
        assert not any(audit(other.club))
    assert everything_adds_up(desks)


def test_a_command_says_what_is_wrong_with_a_file(tmp_path: Path, database_url: str) -> None:
    with club_on(database_url) as other:
        group = AppGroup("members")
        add_moving(group, lambda: other)
        file = tmp_path / "list.csv"
        file.write_bytes(b"PK\x03\x04")
        assert "This is a workbook" in CliRunner().invoke(group, ["import", str(file)]).output
        file.write_text("氏名,電話\n山田,12345\n鈴木,090-1234-5678\n", encoding="cp932")
        said = CliRunner().invoke(group, ["import", str(file)]).output
        assert "Row 2: Telephone: This is no telephone number." in said
        assert "Brought in: 1." in said
        assert "flask --app app members undo-import 2" in said or "undo-import 1" in said
        back = CliRunner().invoke(group, ["undo-import", "1", "--yes"])
        assert "Taken back: 1." in back.output, back.output


@pytest.mark.parametrize("kind", _KINDS)
def test_only_owners_take_files_out(desks: Desks, kind: str) -> None:
    assert desks.signed_in("m", "manager").get(f"/owner/export/{kind}.csv").status_code == 403
