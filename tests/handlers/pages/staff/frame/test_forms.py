"""Dates, times and figures that no form expects, in whatever any page reads: a clear answer, and
never trouble of ours."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import url_for
from werkzeug.routing import Rule

from bot.archives import Archives
from bot.settings import load_settings
from handlers.pages.staff.frame import forms, sure
from handlers.showing.doctor import Patient
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, counter_of

ODD = ("2099-01-01", "1970-01-01T00:00:00Z", "offline", "9999-12-31", "0001-01-01", "9" * 20)
SECRET = {"SECRET_KEY": "odd-forms-need-a-secret-key-of-some-length"}
#: How views ask for what was typed.
READ = re.compile(r'(?:(?:form|args|values)\.get|field|yen|number|_number|_day)\(\s*"(\w+)"')
#: Whoever sends these is gone afterwards.
ENDS = {"staff.log_out", "staff.end_others"}


@pytest.fixture
def boss(desks: Desks, tmp_path: Path) -> Counter:
    desks.app.extensions["kayoi.archives"] = Archives(desks.club.store, tmp_path)
    desks.app.extensions["kayoi.patient"] = Patient(load_settings(SECRET), desks.club)
    return counter_of(desks, who="boss", role="owner")


def posts(desks: Desks) -> Iterator[Rule]:
    """Every form of every page but those that end the session."""
    for rule in desks.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in ENDS:
            yield rule


def read_by(desks: Desks, rule: Rule) -> list[str]:
    """The fields that the form's file, and those it stands on, ask for."""
    view = inspect.unwrap(desks.app.view_functions[rule.endpoint])
    files = {inspect.getsourcefile(code) for code in (view, forms, sure)}
    found = {name for file in files if file for name in READ.findall(Path(file).read_text())}
    return sorted(found - {"csrf_token", "key"})


@pytest.mark.parametrize("odd", ODD)
def test_no_form_is_troubled_by_what_it_doesnt_expect(
    desks: Desks, boss: Counter, odd: str
) -> None:
    member = boss.joins()
    some = {"number": member.number, "what": "place", "code": "ABCDEFGHJ", "token": odd}
    rules = list(posts(desks))
    assert len(rules) > 40
    for rule in rules:
        parts = {name: some.get(name, 1) for name in rule.arguments}
        with desks.app.test_request_context():
            address = url_for(rule.endpoint, _external=False, **parts)  # type: ignore[arg-type]
        fields = dict.fromkeys(read_by(desks, rule), odd)
        if rule.endpoint.startswith("staff.api"):
            answer = boss.posts(address.removeprefix("/staff/api/"), fields | {"scans": [fields]})
        else:
            answer = boss.browser.post(address, key=str(uuid4()), **fields)
        assert answer.status_code < 500, (rule, answer.text)
    assert boss.browser.get("/staff/").status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_a_date_that_cant_be_is_refused_by_itself(desks: Desks, boss: Counter, odd: str) -> None:
    member, today = boss.joins(), str(desks.club.now().date())
    with desks.app.test_request_context():
        receipt = url_for("staff.member_receipt", number=member.number)
    brought = {"yen": "1200", "receipt": "7", "on": today}
    no = boss.browser.post(receipt, **brought | {"on": odd}, key=str(uuid4()))
    assert "no=receipt_" in no.location
    newcomer = {"name": "さくら", "agreed": "1", "birthday": odd, "key": str(uuid4())}
    page = boss.browser.post("/staff/members/new", **newcomer)
    assert page.status_code == 400
    assert "さくら" in page.text
    assert boss.member(member.id).facts.spend == 0
    assert "done=" in boss.browser.post(receipt, **brought, key=str(uuid4())).location
