"""Who may ask for what: every address that a live installation has, by everybody who may ask."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from bot.hooks.signing import new_secret
from bot.settings import load_settings
from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from bot.store.history.slips import SlipWorth
from bot.store.hooks import endpoints
from bot.store.hooks.endpoints import EndpointFields
from bot.store.members import sources
from bot.store.members.sources import SourceFields
from bot.store.messages.inbox import ChatText
from bot.store.orders import connections
from bot.store.orders.connections import ConnectionFields
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.actions.events.making import WrittenEvent, make
from handlers.actions.events.trials import make_trial
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.orders.hearing import seal_login
from handlers.actions.orders.slips import make_slip
from handlers.actions.recording.actor import Actor
from rules.base import Refusal
from rules.programme.counter import Flag
from tests.handlers.actions.events.occasions import event_at, sitting_at
from tests.handlers.actions.events.trials_tried import trial_at
from tests.handlers.jobs.line import line_on_loopback
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody

SECRET = {"SECRET_KEY": "routes-need-a-secret-key-of-some-length-too"}
LIVE = {
    "LINE_CHANNEL_SECRET": "0" * 32,
    "LINE_CHANNEL_ACCESS_TOKEN": "t" * 100,
    "BASE_URL": "https://club.example.jp",
}
ASKERS = ("nobody", "device", "staff", "elsewhere", "manager", "owner")
#: What comes of asking: the status, or `login` where one is led to sign in. A form is sent with the
#: page's token and nothing else: 400 and 422 are of who may send a better one.
TABLE = Path(__file__).with_name("routes.txt")
#: By whom these are sent their own address says, which is signed; no cookie does.
BY_LINK = ("/pr/<code>/seen", "/s/<code>")
#: And these LINE says, whom we ask about what is sent.
BY_LINE = ("/card/session",)
#: After these nobody is signed in.
ENDS = ("/staff/logout",)


def app_of(desks: Desks, tmp_path: Path, **more: str) -> Flask:
    """The whole application, on the club's database."""
    url = desks.club.store.url.render_as_string(hide_password=False)
    settings = load_settings({**SECRET, "DATABASE_URL": url, **more})
    return create_app(settings, simulator_file=tmp_path / "simulator.sqlite3")


def routes(app: Flask) -> list[tuple[str, str]]:
    """Each method of each address, as they are written: what is asked first, then what is done,
    and what ends it all last."""
    found = [
        (method, str(rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        # Of these a key decides, by its scopes, or a signature: `tests/handlers/api`.
        if not str(rule).startswith(("/api/v1/", "/orders/"))
    ]
    return sorted(found, key=lambda each: (each[0], each[1] in ENDS, each[1]))


@pytest.fixture
def live(desks: Desks, tmp_path: Path) -> Iterator[Desks]:
    """The pages as a live installation has them."""
    with line_on_loopback() as line:
        app = app_of(desks, tmp_path, **LIVE, LINE_API_BASE=line.url)
        app.testing = True
        app.config["PREFERRED_URL_SCHEME"] = "https"
        yield Desks(app.extensions["kayoi"].club, app, desks.wall)


def things(desks: Desks) -> Callable[[str], str]:
    """Fills an address in with what there is at the first store."""
    club, now = desks.club, desks.club.now()
    hana = desks.hires("hana")
    number = somebody(desks, "U1", "山田さくら", visits=1)
    desk = Actor(hana.id, hana.name, hana.role, "ekimae")
    with club.work(desk, key="test:slip") as work:
        slip = make_slip(work, SlipWorth(visit=True, yen=0), at=now)
        assert not isinstance(slip, Refusal)
        heard = Heard(1, ChatText("?", "U1", now), "message", "question")
        hear(work.under("k"), heard)
        seen = Sighting(now, work.day, "ekimae", hana.id, None)
        reviews.put(work.uow, Review(1, 1, 5, "おいしかった", now, work.day, "waiting"))
        flags.add(work.uow, [Flag("burst", "k", details={"count": 9})], seen)
    boss = Actor(hana.id, hana.name, "owner", "ekimae")
    with club.work(boss, key="test:event") as work:
        make(work, WrittenEvent(event_at(now), (sitting_at(now),)))
        make_trial(work, trial_at(now))
        fields = EndpointFields("会計", "https://hooks.example.jp/", ("visit",))
        endpoints.add(work.uow, fields, club.codes.seal("webhook secret", new_secret()), at=now)
        kissaten = ConnectionFields("shopify", "kissaten.myshopify.com", "ekimae", client="id")
        connections.add(work.uow, kissaten, seal_login(club.codes, "x", ""), since=now, at=now)
        sources.add(work.uow, "K7D2MX", SourceFields("駅", "poster", "ekimae"), at=now)
    known = {
        "number": number, "staff_id": str(hana.id), "device_id": "2", "letter_id": "1", "n": "1",
        "case": "1", "event_id": "1", "trial_id": "1", "broadcast_id": "9", "segment_id": "9",
        "bulk_id": "9", "import_id": "9", "flag_id": "1", "what": "place", "size": "192",
        "kind": "png", "lang": "ja",
        "version": "0", "path": "staff.css", "filename": "nothing.css", "name": "staff.css",
        "source_id": "1", "step": "close", "suggestion_id": "9", "key_id": "9",
        "endpoint_id": "1", "connection_id": "1", "system": "shopify",
    }  # fmt: skip

    def fill(path: str) -> str:
        code = slip.code if "/slips/" in path else "nothing"
        # A card's number, but where it counts something.
        counted = {"number": "9"} if "<int:number>" in path else {}
        values = {**known, **counted, "code": code}
        return re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda part: values.get(part[1], "nothing"), path)

    return fill


def askers(desks: Desks) -> dict[str, Browser]:
    stranger, device, _ = desks.browser(), desks.device(), desks.device(name="2")
    stranger.get("/staff/login")
    device.get("/staff/tap")
    return {
        "nobody": stranger,
        "device": device,
        "staff": desks.signed_in("midori"),
        "elsewhere": desks.signed_in("kawabe", "manager", "kawabe"),
        "manager": desks.signed_in("tencho", "manager"),
        "owner": desks.signed_in("owner", "owner", None),
    }


def outcome(browser: Browser, method: str, path: str) -> str:
    """What comes of asking, in a word: the status, or `login` for being led there."""
    address = browser.address(path)
    ask = browser.client.get if method == "GET" else browser.post
    with ask(address) as answer:
        to = answer.location or ""
        return "login" if to.startswith(("/staff/login", "/staff/tap")) else str(answer.status_code)


def row(method: str, path: str, outcomes: list[str]) -> str:
    """A row as it stands in the table."""
    return f"{method:4} {path:54} {' '.join(f'{each:5}' for each in outcomes)}".rstrip()


def test_every_address_lets_in_whom_its_row_says(live: Desks) -> None:
    fill, people = things(live), askers(live)
    found = [
        row(method, path, [outcome(people[who], method, fill(path)) for who in ASKERS])
        for method, path in routes(live.app)
    ]
    written = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    # One without a row lets in nobody knows whom: it needs one, above.
    lacking, gone = set(found) - set(written), set(written) - set(found)
    assert not lacking, "\n".join(["these come, each as it is now:", *sorted(lacking)])
    assert not gone, "\n".join(["of these there are none:", *sorted(gone)])


def test_no_form_is_taken_by_a_cookie_alone(live: Desks) -> None:
    fill, owner = things(live), live.signed_in("owner", "owner", None)
    for method, path in routes(live.app):
        if method == "GET":
            continue
        answer = owner.client.post(owner.address(fill(path)))
        # A member's page asks first whose it is.
        refused = 404 if path in BY_LINK + BY_LINE else 401 if path.startswith("/card/") else 400
        assert (method, answer.status_code) == ("POST", refused), path


def test_what_plays_line_takes_nothing_from_a_stranger(desks: Desks, tmp_path: Path) -> None:
    app = app_of(desks, tmp_path)
    stranger = app.test_client()
    acts = [(method, path) for method, path in routes(app) if path.startswith("/simulator/")]
    assert len(acts) > 50
    for method, path in acts:
        if method == "GET" and not path.startswith("/simulator/api/"):
            continue
        # LINE, too, tells anybody whose an ID token is, who has it; and of a channel, who has its
        # token or its secret.
        if path.startswith("/simulator/api/oauth2/") or path == "/simulator/api/v2/oauth/verify":
            continue
        answer = stranger.open(re.sub(r"<[^>]*>", "1", path), method=method, json={})
        assert answer.status_code in (401, 403), (method, path)
