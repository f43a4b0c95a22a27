import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskCliRunner
from PIL import Image

from handlers.commands import contact_sheet
from handlers.commands.pictures import pictures_commands
from tests.conftest import FreshDatabase
from tests.handlers.clubs import club_on
from tests.images.pictures import art
from tests.rules.examples import CAFE


@pytest.fixture
def runner(fresh_sqlite: FreshDatabase) -> Iterator[FlaskCliRunner]:
    with fresh_sqlite() as url, club_on(url) as small:
        app = Flask("pictures")
        installed = SimpleNamespace(club=small.club)
        app.cli.add_command(pictures_commands(lambda: installed))  # type: ignore[arg-type, return-value]
        yield app.test_cli_runner()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_poster_leads_to_the_account(runner: FlaskCliRunner, tmp_path: Path, lang: str) -> None:
    out = tmp_path / "new" / "poster.png"
    done = runner.invoke(args=["pictures", "poster", "--out", str(out), "--lang", lang])
    assert done.exit_code == 0, done.output
    [found] = zxingcpp.read_barcodes(Image.open(out).convert("L"))
    assert found.text == "https://line.me/R/ti/p/%40kayoi"


def test_the_poster_is_a_pdf_where_that_is_asked_for(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    out = tmp_path / "poster.PDF"
    assert runner.invoke(args=["pictures", "poster", "--out", str(out)]).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    other = runner.invoke(args=["pictures", "poster", "--out", str(tmp_path / "poster.gif")])
    assert other.exit_code == 1
    assert ".pdf or .png" in other.output


def test_the_contact_sheet_has_every_picture_of_a_club_with_its_own_art(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One is as good as four: that any name can be drawn is tried where cards are.
    monkeypatch.setattr(contact_sheet, "NAMES", contact_sheet.NAMES[:1])
    (tmp_path / "art").mkdir()
    (tmp_path / "art" / "logo.png").write_bytes(art())
    file = tmp_path / "club.toml"
    ranks = CAFE.replace("[[stores]]", '[theme]\nlogo = "logo.png"\n\n[[stores]]', 1)
    file.write_text(ranks, encoding="utf-8")
    out = tmp_path / "sheet"
    args = ["pictures", "sheet", "--out", str(out), "--programme", str(file), "--day", "2026-11-23"]
    done = runner.invoke(args=args)
    assert done.exit_code == 0, done.output
    # Four ranks in two languages; badges, ranks, months, menus, posters.
    count = 4 * 2 + 2 * 3 + 2 * 3 + 2 * 3 + 9 + 2
    assert f"{count} pictures" in done.output
    assert len(list(out.iterdir())) == count + 1
    assert Image.open(io.BytesIO((out / "sheet.jpg").read_bytes())).width > 3_000


def test_art_that_can_not_be_used_stops_the_sheet(runner: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "club.toml"
    text = CAFE.replace("[[stores]]", '[theme]\nlogo = "gone.png"\n\n[[stores]]', 1)
    file.write_text(text, encoding="utf-8")
    args = ["pictures", "sheet", "--out", str(tmp_path), "--programme", str(file)]
    done = runner.invoke(args=args)
    assert done.exit_code == 1
    assert "theme.logo: gone.png is not in the folder" in done.output
