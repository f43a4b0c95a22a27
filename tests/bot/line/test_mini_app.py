"""Who LINE says that an ID token is of."""

import re
from dataclasses import replace

import pytest

from bot.line.errors import LineUnavailable
from bot.line.mini_app import IN_LINE, TOKEN_LENGTH_MAX, IdTokenRefused, MiniApp
from tests.bot.line.loopback import Answer, Loopback

_USER = "U" + "a" * 32
_GOOD = {"iss": "https://access.line.me", "sub": _USER, "aud": "1234567890", "exp": 1, "iat": 1}


@pytest.fixture
def app(line: Loopback) -> MiniApp:
    link = "https://miniapp.line.me/1234567890-abcdefgh"
    return MiniApp("1234567890", "1234567890-abcdefgh", link, "", re.compile(""), line.url)


def test_line_is_asked_with_our_channel_and_only_its_sub_counts(
    app: MiniApp, line: Loopback
) -> None:
    line.answers = [Answer(body=_GOOD)]
    assert app.user_of("to+ken/==") == _USER
    [asked] = line.seen
    assert (asked.method, line.url + "/oauth2/v2.1/verify") == (
        "POST",
        line.url.removesuffix("/simulator/api") + asked.path,
    )
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.body == b"id_token=to%2Bken%2F%3D%3D&client_id=1234567890"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, {"error": "invalid_request", "error_description": "IdToken expired."}),
        Answer(200, _GOOD | {"aud": "9999999999"}),
        Answer(200, _GOOD | {"sub": "somebody"}),
        Answer(200, {"aud": "1234567890"}),
        Answer(200, []),
    ],
)
def test_whatever_line_does_not_vouch_for_is_refused(
    app: MiniApp, line: Loopback, answer: Answer
) -> None:
    line.answers = [answer]
    with pytest.raises(IdTokenRefused):
        app.user_of("token")


def test_what_can_be_no_token_is_not_even_sent(app: MiniApp, line: Loopback) -> None:
    for token in ("", "x" * (TOKEN_LENGTH_MAX + 1), "トークン"):
        with pytest.raises(IdTokenRefused):
            app.user_of(token)
    assert line.seen == []


@pytest.mark.parametrize("answer", [Answer(500), Answer(429), Answer(drop=True)])
def test_a_line_that_is_away_is_no_refusal(app: MiniApp, line: Loopback, answer: Answer) -> None:
    line.answers = [answer]
    with pytest.raises(LineUnavailable):
        app.user_of("token")
    assert len(line.seen) == 1


def test_nobody_waits_for_a_line_that_says_nothing(app: MiniApp, line: Loopback) -> None:
    line.answers = [Answer(silent_seconds=60)]
    with pytest.raises(LineUnavailable):
        replace(app, read_seconds=0.1).user_of("token")


def test_lines_browser_is_known_by_its_name() -> None:
    assert IN_LINE.search("Mozilla/5.0 (iPhone) AppleWebKit Safari Line/15.1.0 LIFF")
    assert not IN_LINE.search("Mozilla/5.0 (X11) Headline/2 Airline 3")
