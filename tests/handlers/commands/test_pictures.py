from pathlib import Path

import pytest
import zxingcpp
from flask.testing import FlaskCliRunner
from PIL import Image


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
