from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.line import pulse
from bot.line.pulse import Pulse


def dated(ahead: timedelta) -> dict[str, str]:
    return {"Date": format_datetime(datetime.now(UTC) + ahead, usegmt=True)}


def test_nothing_is_known_before_line_answered() -> None:
    heard = Pulse()
    assert (heard.token_refused, heard.ahead) == (False, None)


def test_a_token_is_refused_until_one_is_taken() -> None:
    heard = Pulse()
    for status, refused in [(401, True), (500, True), (429, True), (200, False), (400, False)]:
        heard.hear(status)
        assert heard.token_refused is refused


def test_a_date_is_looked_at_now_and_then_and_nonsense_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = Pulse()
    heard.hear(200, dated(timedelta(hours=-1)))
    assert heard.ahead is not None
    assert timedelta(minutes=59) < heard.ahead < timedelta(minutes=61)
    heard.hear(200, dated(timedelta(0)))
    assert heard.ahead > timedelta(minutes=59)
    monkeypatch.setattr(pulse, "_LOOK_SECONDS", 0.0)
    heard._look_at = 0.0
    for headers in ({"Date": "yesterday"}, {}, {"Date": "Mon, 05 Jan 2026 03:00:00 -0000"}):
        heard.hear(200, headers)
        assert heard.ahead > timedelta(minutes=59)
    heard.hear(200, dated(timedelta(0)))
    assert heard.ahead < timedelta(minutes=1)
