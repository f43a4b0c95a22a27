import io
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from PIL import Image

from handlers.commands import contact_sheet
from tests.images.pictures import art
from tests.rules.examples import CAFE


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
    # Four ranks in two languages; closed, badges, ranks, greetings, months, menus, posters.
    count = 4 * 2 + 2 + 2 * 3 + 2 * 3 + 2 * 3 + 2 * 4 + 9 + 2
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
