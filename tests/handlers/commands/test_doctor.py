from flask import Flask

from tests.handlers.commands.conftest import run


def test_the_doctor_says_what_is_missing_before_going_live(cafe: Flask) -> None:
    result = run(cafe, "doctor")
    assert result.exit_code == 1
    assert result.output.startswith(run(cafe, "version").output)
    assert "LINE_CHANNEL_SECRET" in result.output
    assert "up to date" in result.output
