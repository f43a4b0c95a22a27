from pathlib import Path

import pytest
from flask import Flask

from tests.handlers.commands.conftest import app_in, run
from tests.handlers.jobs.line import line_on_loopback


def test_the_doctor_says_what_is_missing_before_going_live(cafe: Flask) -> None:
    result = run(cafe, "doctor")
    assert result.exit_code == 1
    assert result.output.startswith(run(cafe, "version").output)
    assert "LINE_CHANNEL_SECRET" in result.output
    assert "up to date" in result.output


@pytest.mark.parametrize(("plan", "enough"), [(40, False), (200, True)])
def test_the_doctor_compares_the_reserve_with_lines_plan(
    cafe: Flask, tmp_path: Path, plan: int, enough: bool
) -> None:
    with line_on_loopback() as line:
        line.limit = plan
        live = app_in(
            tmp_path,
            LINE_CHANNEL_SECRET="0" * 32,
            LINE_CHANNEL_ACCESS_TOKEN="t" * 100,
            LINE_API_BASE=line.url,
            BASE_URL="https://club.example.jp",
        )
        said = run(live, "doctor").output
    assert ("0 of 200 used this month" in said) is enough
    assert ("the plan has 40 a month, and the programme keeps 50" in said) is not enough
