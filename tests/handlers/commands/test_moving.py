"""Files of other systems, brought in and taken out by command."""

import csv
import re
from pathlib import Path

from flask import Flask

from tests.handlers.commands.conftest import app_in, run

LIST = "カード番号,氏名,電話,入会日,ポイント\nA1,花子,090-1234-5678,2024/4/1,70\nA2,=1+2,,,\n"


def test_a_list_is_tried_brought_in_once_taken_out_and_taken_back(
    cafe: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(LIST.encode("cp932"))
    tried = run(cafe, "members", "import", str(file), "--dry-run")
    assert "Row 3: Name: " in tried.output, tried.output
    assert "To bring in: 1. Nothing was kept." in tried.output
    came = run(cafe, "members", "import", str(file))
    assert "Brought in: 1." in came.output
    again = run(cafe, "members", "import", str(file))
    assert "Known already: 1." in again.output
    assert "To bring in: 0." in again.output
    out = tmp_path / "out.csv"
    assert run(cafe, "members", "export", "--out", str(out)).exit_code == 0
    [row] = rows_in(out)
    assert "花子" in row
    # It holds members' personal data.
    assert out.stat().st_mode & 0o777 == 0o600
    # Whoever has it already is known by what was taken out, too.
    assert "Known already: 1." in run(cafe, "members", "import", str(out)).output
    [number] = re.findall(r"undo-import (\d+)", came.output)
    assert "Taken back: 1." in run(cafe, "members", "undo-import", number, types="y\n").output
    assert run(cafe, "members", "export", "--out", str(out)).exit_code == 0
    assert rows_in(out) == []
    # A number that no import has says so, not what to do on a page.
    no = run(cafe, "members", "undo-import", "99", types="y\n")
    assert no.exit_code == 1
    assert "There is no such import." in no.output


def test_old_cards_of_stamps_are_brought_in_for_what_they_are_worth(
    sqlite_template: bytes, tmp_path: Path
) -> None:
    program, file = tmp_path / "program.toml", tmp_path / "stamps.csv"
    program.write_text(f"{Path('program.toml').read_text()}\n[stamp_cards]\npoints = 10\n")
    (tmp_path / "club.sqlite3").write_bytes(sqlite_template)
    cafe = app_in(tmp_path, programme=str(program))
    assert run(cafe, "migrate").exit_code == 0
    file.write_text("カード番号,スタンプの数\nP1,7\nP2,99\n")
    tried = run(cafe, "members", "import", str(file), "--kind", "stamps", "--dry-run")
    assert "A stamp is worth 10 points." in tried.output, tried.output
    assert "To bring in: 1." in tried.output
    came = run(cafe, "members", "import", str(file), "--kind", "stamps")
    assert "Row 3: Stamps: No such card has so many stamps." in came.output
    # How far it is, where nobody could watch a bar.
    assert "Brought in, pages: 1 of 1" in came.stderr
    assert "Brought in: 1." in came.output
    out = tmp_path / "out.csv"
    assert run(cafe, "members", "export", "--kind", "balances", "--out", str(out)).exit_code == 0
    assert [row[1] for row in rows_in(out)] == ["70"]


def rows_in(file: Path) -> list[list[str]]:
    return list(csv.reader(file.read_text("utf-8-sig").splitlines()))[1:]


def test_what_is_no_table_or_of_no_store_is_said(cafe: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"PK\x03\x04 a workbook")
    no = run(cafe, "members", "import", str(file))
    assert no.exit_code == 1
    assert "Error" in no.output
    assert "no store moon" in run(cafe, "members", "import", str(file), "--store", "moon").output
