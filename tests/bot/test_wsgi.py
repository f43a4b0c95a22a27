"""What stands before Flask."""

import pytest
from flask import Flask
from werkzeug.wrappers import Request, Response

from bot.wsgi import lead_past


@pytest.fixture
def app() -> Flask:
    app = Flask("other", static_folder=None)

    @app.get("/there")
    def there() -> str:
        return "Flask"

    @Request.application
    def door(request: Request) -> Response:
        return Response(f"the door got {request.get_data(as_text=True)}")

    lead_past(app, "/door", door)
    return app


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("POST", "/door", 200, "the door got it"),
        ("GET", "/there", 200, "Flask"),
        ("POST", "/there", 405, None),
        ("POST", "/door/", 404, None),
        ("GET", "/door", 405, None),
        ("PUT", "/door", 405, None),
        ("OPTIONS", "/door", 200, ""),
    ],
)
def test_a_door_gets_what_is_posted_there_and_flask_everything_else(
    app: Flask, method: str, path: str, status: int, told: str | None
) -> None:
    answer = app.test_client().open(path, method=method, data=b"it")
    assert answer.status_code == status
    assert told in (None, answer.text)


def test_who_asks_in_another_way_hears_how_to(app: Flask) -> None:
    for method in ("GET", "OPTIONS"):
        assert set(app.test_client().open("/door", method=method).allow or ()) == {
            "OPTIONS",
            "POST",
        }
