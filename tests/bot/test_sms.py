"""The SMS door against Twilio's API as the simulator plays it, over real HTTP."""

import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.settings import SettingsError, load_settings
from bot.simulator import SMS_ACCOUNT, Simulator, new_user_id
from bot.sms import (
    SmsDoor,
    SmsError,
    SmsRefused,
    SmsRejected,
    SmsStopped,
    SmsUnavailable,
    SmsUnknown,
    segments,
    sms_door,
)
from tests.bot.line.loopback import Answer, serving

KEY = {"SECRET_KEY": "sms-need-a-secret-key-of-some-length"}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "a-token",
    "TWILIO_FROM": "+815012345678",
}


@pytest.fixture
def played(tmp_path: Path) -> Iterator[tuple[Simulator, str]]:
    """A simulator behind a server, and its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    simulator = Simulator(
        tmp_path / "simulator.sqlite3",
        "secret",
        "token",
        "http://127.0.0.1:1",
        "http://127.0.0.1:1",
    )
    app = Flask(__name__)
    app.register_blueprint(simulator.blueprint(lambda _: None))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield simulator, f"http://127.0.0.1:{server.server_port}/simulator/sms"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        simulator.close()


def _somebody(simulator: Simulator) -> str:
    user = new_user_id()
    simulator.add_account(user, "さくら")
    return user


def test_an_sms_shows_on_the_phone_whose_number_it_is(played: tuple[Simulator, str]) -> None:
    simulator, address = played
    one, other = _somebody(simulator), _somebody(simulator)
    door = SmsDoor(SMS_ACCOUNT, "token", "KAYOI", address)
    sid = door.send(simulator.phone_number(one), "お久しぶりです")
    assert sid.startswith("SM")
    assert [(line.via, line.body["text"]) for line in simulator.lines(one)] == [
        ("sms", "お久しぶりです")
    ]
    assert simulator.lines(other) == []
    assert simulator.phone_number(one) != simulator.phone_number(other)


def test_an_unknown_number_is_refused_for_good(played: tuple[Simulator, str]) -> None:
    _, address = played
    with pytest.raises(SmsRefused) as refused:
        SmsDoor(SMS_ACCOUNT, "token", "KAYOI", address).send("+819000000000", "こんにちは")
    assert refused.value.permanent
    assert refused.value.code == 21211


@pytest.mark.parametrize(("account", "token"), [(SMS_ACCOUNT, "wrong"), ("AC" + "f" * 32, "token")])
def test_wrong_credentials_say_that_nothing_left(
    played: tuple[Simulator, str], account: str, token: str
) -> None:
    simulator, address = played
    user = _somebody(simulator)
    with pytest.raises(SmsUnavailable) as problem:
        SmsDoor(account, token, "KAYOI", address).send(simulator.phone_number(user), "あ")
    assert not problem.value.maybe_sent
    assert simulator.lines(user) == []


def test_a_connection_that_breaks_leaves_it_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(10)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        door = SmsDoor(SMS_ACCOUNT, "token", "KAYOI", f"http://127.0.0.1:{port}")
        with pytest.raises(SmsUnknown) as problem:
            door.send("+819012345678", "あ")
        thread.join()
    assert problem.value.maybe_sent


def test_where_nobody_listens_it_surely_did_not_leave() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "http://twilio.invalid"):
        with pytest.raises(SmsUnavailable) as problem:
            SmsDoor(SMS_ACCOUNT, "token", "KAYOI", address).send("+819012345678", "あ")
        assert not problem.value.maybe_sent


@pytest.mark.parametrize(
    ("status", "code", "means"),
    [
        (400, 21211, SmsRefused), (400, 21614, SmsRefused), (400, 21610, SmsStopped),
        (400, 21606, SmsRejected), (404, 20404, SmsRejected), (401, 20003, SmsUnavailable),
        (403, 20403, SmsUnavailable), (429, 20429, SmsUnavailable), (500, 20500, SmsUnknown),
        (503, 20503, SmsUnknown),
    ],
)  # fmt: skip
def test_what_twilio_says_no_with_and_nobodys_number_in_it(
    status: int, code: int, means: type[SmsError]
) -> None:
    number = "+8190" + "12345678"
    body = {"code": code, "message": f"'{number}' …", "more_info": "", "status": status}
    with serving() as twilio:
        twilio.answers = [Answer(status, body)]
        with pytest.raises(SmsError) as problem:
            SmsDoor(SMS_ACCOUNT, "token", "KAYOI", twilio.url).send(number, "あ")
    assert type(problem.value) is means
    assert problem.value.code == code
    assert number not in "".join(traceback.format_exception(problem.value))
    assert len(twilio.seen) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2),
        ("あ" * 70, 1), ("あ" * 71, 2), ("あ" * 134, 2), ("あ" * 135, 3), ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_a_text_is_paid_by_its_parts(text: str, count: int) -> None:
    assert segments(text) == count


def test_without_settings_there_is_no_door() -> None:
    assert sms_door(load_settings(KEY)) is None
    door = sms_door(load_settings(KEY | TWILIO))
    assert door is not None
    assert door.base_url == "https://api.twilio.com"
    assert door.sender == "+815012345678"


@pytest.mark.parametrize("missing", sorted(TWILIO))
def test_half_a_twilio_account_is_refused_by_name(missing: str) -> None:
    half = {name: value for name, value in TWILIO.items() if name != missing}
    with pytest.raises(SettingsError, match=missing):
        load_settings(KEY | half)


@pytest.mark.parametrize("sender", ["090-1234-5678", "12345", "a name that is too long", "+0123"])
def test_a_sender_that_twilio_would_not_take_is_refused(sender: str) -> None:
    with pytest.raises(SettingsError, match="TWILIO_FROM"):
        load_settings(KEY | TWILIO | {"TWILIO_FROM": sender})
