from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.clock import Clock
from bot.store import Store
from bot.store.history import return_fits
from bot.store.history.return_fits import ReturnFit
from bot.store.staff import audit
from rules.science.learned import PRIOR
from rules.science.quality import Quality
from tests.handlers.commands.conftest import app_in, run
from tests.handlers.jobs.line import Line, line_on_loopback
from tests.ports import held_port


def test_the_doctor_says_what_is_missing_before_going_live(cafe: Flask) -> None:
    result = run(cafe, "doctor")
    assert result.exit_code == 1
    assert result.output.startswith(run(cafe, "version").output)
    assert "/owner/setup" in result.output
    assert "up to date" in result.output


def test_the_doctor_says_by_what_returns_are_foretold(cafe: Flask) -> None:
    assert "✓ Returns: Chances to come again are worked out from what other clubs saw" in (
        run(cafe, "doctor").output
    )
    club = cafe.extensions["kayoi"].club
    known = {14: Quality(90, 0.9, 0.1), 30: Quality(81, 0.876, 0.11)}
    learned = replace(PRIOR, fitted_on=date(2026, 5, 4), qualities=known)
    with club.store.begin() as uow:
        shipped = {**known, 60: Quality(81, 0.8, 0.1)}
        return_fits.add(uow, ReturnFit(club.now(), learned, shipped))
    club.programmes.forget()
    assert (
        "? Returns: within 60 days, what other clubs saw foretold the last of them better than "
        "what was learned on 2026-05-04, so it is gone by."
    ) in run(cafe, "doctor").output
    assert (
        "✓ Returns: The chances were worked out on May 4 from the past visits of 81 members. "
        "Tried on past records: pair a member who came within 30 days with one who didn't, and in "
        "88 of 100 such pairs the one who came had been given the higher chance. "
    ) in run(cafe, "doctor").output
    assert (
        "Chances within 60 days are still told as high, medium or low, since this club's own "
        "visits don't tell enough about them yet."
    ) in run(cafe, "doctor").output


@pytest.mark.parametrize(("plan", "enough"), [(40, False), (200, True)])
def test_the_doctor_compares_the_reserve_with_lines_plan(
    cafe: Flask, tmp_path: Path, plan: int, enough: bool
) -> None:
    with line_on_loopback() as line:
        line.limit = plan
        said = run(live_at(line, tmp_path), "doctor").output
    assert ("0 of 200 used this month" in said) is enough
    assert ("the plan has 40 a month, and the programme keeps 50" in said) is not enough
    assert "? Proxy: let it read each request whole" in said


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


def live_at(line: Line, folder: Path) -> Flask:
    return app_in(
        folder,
        LINE_CHANNEL_SECRET="0" * 32,
        LINE_CHANNEL_ACCESS_TOKEN="t" * 100,
        LINE_API_BASE=line.url,
        BASE_URL="https://club.example.jp",
    )


def test_the_doctor_sets_the_webhook_and_lets_line_call_it(cafe: Flask, tmp_path: Path) -> None:
    wanted = "https://club.example.jp/callback"
    with line_on_loopback() as line:
        live = live_at(line, tmp_path)
        before = line.webhook
        assert f"✗ Webhook: LINE is to call {wanted}" in run(live, "doctor").output
        assert line.webhook == before
        assert f"✓ Webhook: {wanted}, on; LINE called it" in run(live, "doctor", "--fix").output
        assert line.webhook == wanted
        line.webhook_reason = "ERROR_STATUS_CODE"
        assert "it failed: ERROR_STATUS_CODE (503)" in run(live, "doctor").output


def test_it_does_the_same_with_whoever_plays_line(cafe: Flask, tmp_path: Path) -> None:
    with held_port() as port:
        app = app_in(tmp_path, PORT=str(port))
        assert "✗ Webhook: LINE could not be reached" in run(app, "doctor", "--fix").output
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            said = run(app, "doctor", "--fix").output
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        assert f"✓ Webhook: http://127.0.0.1:{port}/callback, on; LINE called it" in said
