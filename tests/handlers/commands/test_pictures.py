import io
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskCliRunner
from PIL import Image

from bot.codes import CardCode
from bot.store.members import members
from handlers.actions.members.join import JoinRequest, join
from tests.handlers.commands.conftest import app_in, run


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


def test_after_a_leak_the_cards_on_paper_are_printed_anew(cafe: Flask, tmp_path: Path) -> None:
    club = cafe.extensions["kayoi"].club
    numbers = []
    for name, user_id in (("花子", None), ("太郎", None), ("LINE", "U1")):
        with club.work("member", key=f"test:{name}") as work:
            joining = JoinRequest(club.now(), "ja", "目的", line_user_id=user_id)
            made = members.get(work.uow, join(work, joining).member_id)
        assert made is not None
        numbers.append(made.number)
    changed = app_in(tmp_path, SECRET_KEY="the-key-after-the-leak-which-is-0K-and-l0ng")
    done = run(changed, "pictures", "cards", "--out", str(tmp_path / "cards"))
    assert "2 cards" in done.output
    [file] = (tmp_path / "cards").iterdir()
    page = file.read_bytes()
    sheet = Image.open(io.BytesIO(page[page.index(b"\xff\xd8\xff") : page.rindex(b"\xff\xd9") + 2]))
    codes = [found.text for found in zxingcpp.read_barcodes(sheet.convert("L"))]
    now = changed.extensions["kayoi"].club.codes
    assert {now.open_card(code) for code in codes} == {CardCode(each, 1) for each in numbers[:2]}
    assert not any(club.codes.open_card(code) for code in codes)
