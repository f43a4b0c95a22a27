"""Back-ups in the owner's hands: a copy only for who gives their password again."""

from pathlib import Path

import pyotp
import pytest

from bot.archives import Archives
from bot.leaving.parcels_in import parcel_from
from bot.leaving.restore import contents_of
from bot.settings import load_settings
from bot.store.staff import staff
from handlers.actions.staff import two_steps
from handlers.showing.doctor import Patient
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Browser, Desks

SECRET = {"SECRET_KEY": "the-backups-need-a-secret-key-of-some-length"}


@pytest.fixture
def archives(desks: Desks, tmp_path: Path) -> Archives:
    archives = Archives(desks.club.store, tmp_path / "backups")
    desks.app.extensions["kayoi.archives"] = archives
    desks.app.extensions["kayoi.patient"] = Patient(load_settings(SECRET), desks.club)
    return archives


@pytest.fixture
def owner(desks: Desks, archives: Archives) -> Browser:
    return desks.signed_in("boss", "owner", None)


def logged(desks: Desks) -> list[str]:
    return [line.action for line in desks.logged() if line.action.startswith("backup")]


def test_one_is_made_by_a_tap_and_taken_with_the_password(
    desks: Desks, owner: Browser, archives: Archives
) -> None:
    assert say("ja", "owner.backup.none") in owner.get("/owner/backup").text
    assert owner.post("/owner/backup").status_code == 303
    [made] = archives.everything()
    page = owner.get(f"/owner/backup?take={made.name}").text
    assert 'name="current"' in page
    path = f"/owner/backup/{made.name}"
    assert owner.get(path).status_code in (404, 405), "no address gives it away"
    wrong = owner.post(path, current="not my password")
    assert wrong.status_code == 422
    assert say("ja", "refusal.password_wrong.why") in wrong.text
    assert logged(desks) == ["backup_made"]
    taken = owner.post(path, current=PASSWORD)
    assert taken.data == made.file.read_bytes()
    assert "attachment" in taken.headers["Content-Disposition"]
    assert taken.headers["Cache-Control"] == "no-store"
    taken.close()
    assert logged(desks) == ["backup_made", "backup_taken"]
    for name in ("../../kayoi.sqlite3", "..%2F..%2Fkayoi.sqlite3", "kayoi-20200101-000000.tar.gz"):
        assert owner.post(f"/owner/backup/{name}", current=PASSWORD).status_code == 404


def test_who_has_a_second_step_gives_it_too(
    desks: Desks, owner: Browser, archives: Archives
) -> None:
    made = archives.make(desks.wall.now())
    boss = desks.person("boss")
    with desks.club.work() as work:
        enrolment = two_steps.offer(work, boss)
        staff.change(work.uow, boss.id, totp=enrolment.sealed, totp_since=work.wall, totp_step=0)
    page = owner.get(f"/owner/backup?take={made.name}").text
    assert 'name="code"' in page
    path = f"/owner/backup/{made.name}"
    assert owner.post(path, current=PASSWORD).status_code == 422
    code = pyotp.TOTP(enrolment.secret).at(desks.wall.now())
    taken = owner.post(path, current=PASSWORD, code=code)
    assert taken.status_code == 200
    taken.close()


def test_everything_is_taken_along_with_the_password_and_stands_in_the_log(
    desks: Desks, owner: Browser, archives: Archives, tmp_path: Path
) -> None:
    assert 'name="current"' not in owner.get("/owner/backup").text
    assert 'action="/owner/backup/all"' in owner.get("/owner/backup?take=all").text
    wrong = owner.post("/owner/backup/all", current="not my password")
    assert wrong.status_code == 422
    assert 'action="/owner/backup/all"' in wrong.text, "it is asked again where it was asked"
    taken = owner.post("/owner/backup/all", current=PASSWORD)
    assert taken.headers["Cache-Control"] == "no-store"
    assert ".zip" in taken.headers["Content-Disposition"]
    file = tmp_path / "all.zip"
    file.write_bytes(taken.data)
    with parcel_from(file) as parcel:
        tables = contents_of(parcel).tables
    assert tables["staff"].rows == 1
    assert [line.action for line in desks.logged()].count("all_taken") == 1
    assert archives.everything() == [], "it lies nowhere"


def test_it_is_the_owners_alone(desks: Desks, archives: Archives) -> None:
    made = archives.make(desks.wall.now())
    manager = desks.signed_in("mika", "manager", None)
    for path in ("/owner/backup", "/owner/backup/all", f"/owner/backup/{made.name}"):
        assert manager.post(path, current=PASSWORD).status_code == 403
    assert manager.get("/owner/backup").status_code == 403
