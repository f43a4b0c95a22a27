from pathlib import Path

import pytest
from flask import Flask

from bot.clock import Clock
from bot.store import Store
from bot.store.staff import audit
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


@pytest.mark.parametrize(
    ("named", "seen", "base_url", "said"),
    [
        (0, 1, "http://127.0.0.1:8000", "✗ Proxies: whoever signed in last came through 1"),
        (0, 2, "http://127.0.0.1:8000", "set TRUSTED_PROXIES=2"),
        (2, 1, "http://127.0.0.1:8000", "? Proxies: whoever signed in last came through 1"),
        (1, 1, "http://127.0.0.1:8000", "✓ Proxies: 1 named"),
        (0, 0, "https://club.example.jp", "came without an X-Forwarded-For line"),
        (0, 0, "http://127.0.0.1:8000", None),
    ],
)
def test_the_doctor_sees_a_proxy_that_nobody_named(
    tmp_path: Path, sqlite_template: bytes, named: int, seen: int, base_url: str, said: str | None
) -> None:
    (tmp_path / "club.sqlite3").write_bytes(sqlite_template)
    app = app_in(tmp_path, TRUSTED_PROXIES=str(named), BASE_URL=base_url)
    store: Store = app.extensions["kayoi"].club.store
    with store.begin() as uow:
        for forwarded in (seen + 1, seen):
            audit.add(uow, "sign_in", at=Clock().now(), staff_id=1, how="tap", forwarded=forwarded)
    output = run(app, "doctor").output
    assert ("Proxies" in output) is (said is not None)
    assert (said or "") in output
