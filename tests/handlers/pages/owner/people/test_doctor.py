"""The check-up as the owner reads it: what is to be done, and LINE asked only when they want it."""

import pytest

from bot.line.client import LineClient
from bot.settings import load_settings
from bot.store.members import line_plans
from handlers.showing.doctor import Patient
from rules.wording.texts import say
from tests.handlers.jobs.line import line_on_loopback
from tests.handlers.pages.staff.conftest import Browser, Desks

SECRET = {"SECRET_KEY": "the-doctors-need-a-secret-key-of-some-length"}
LIVE = {
    "LINE_CHANNEL_SECRET": "0" * 32,
    "LINE_CHANNEL_ACCESS_TOKEN": "t" * 100,
    "BASE_URL": "https://club.example.jp",
}


@pytest.fixture
def owner(desks: Desks) -> Browser:
    desks.app.extensions["kayoi.patient"] = Patient(load_settings(SECRET | LIVE), desks.club)
    return desks.signed_in("boss", "owner", None)


def test_looking_asks_nobody_and_says_what_is_to_be_done(desks: Desks, owner: Browser) -> None:
    page = owner.get("/owner/doctor").text
    assert say("ja", "doctor.programme.in_force", number=1) in page
    assert say("ja", "owner.doctor.unasked") in page
    assert say("ja", "doctor.topic.webhook") not in page


def test_line_is_asked_by_the_button_and_told_our_address_by_another(
    desks: Desks, owner: Browser
) -> None:
    owner.get("/owner/doctor")
    page = owner.post("/owner/doctor").text
    assert say("ja", "doctor.line_away") in page, "nobody listens there"
    with line_on_loopback() as line:
        settings = load_settings(SECRET | LIVE | {"LINE_API_BASE": line.url})
        patient = Patient(settings, desks.club)
        object.__setattr__(desks.club, "line", _client(line.url))
        desks.app.extensions["kayoi.patient"] = patient
        page = owner.post("/owner/doctor").text
        assert say("ja", "owner.doctor.fix") in page
        page = owner.post("/owner/doctor", fix="1").text
        assert line.webhook == "https://club.example.jp/callback"
        assert say("ja", "owner.doctor.fix") not in page


def _client(url: str) -> LineClient:
    return LineClient("token", url)


def test_it_is_the_owners_alone(desks: Desks) -> None:
    manager = desks.signed_in("mika", "manager", None)
    assert manager.get("/owner/doctor").status_code == 403
    assert manager.post("/owner/doctor").status_code == 403


def test_a_plan_of_lines_membership_that_nothing_names_is_to_be_done(
    desks: Desks, owner: Browser
) -> None:
    with desks.club.store.begin() as uow:
        line_plans.note(uow, "U1", 12345, "joined", at=desks.club.now())
    page = owner.get("/owner/doctor").text
    assert say("ja", "doctor.plans.unnamed", plan="12345", count=1) in page
    assert say("ja", "doctor.topic.plans") in page
