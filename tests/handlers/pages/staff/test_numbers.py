"""Numbers that no column holds, on the database that minds them."""

from collections.abc import Iterator

import pytest

from handlers.club import Club
from tests.conftest import FreshDatabase
from tests.handlers.clubs import club_on

from .conftest import Desks
from .members.test_members import somebody

LARGE = "3000000000"


@pytest.fixture
def club(fresh_postgresql: FreshDatabase) -> Iterator[Club]:
    with fresh_postgresql() as url, club_on(url) as opened:
        yield opened.club


def test_a_number_that_no_column_holds_leads_nowhere_and_breaks_nothing(desks: Desks) -> None:
    owner = desks.signed_in("mori", "owner", None)
    card = somebody(desks, name="山田花子")
    for path in (f"/staff/voices/{card}/{LARGE}/confirm", f"/staff/charity/{LARGE}/back"):
        assert owner.post(path).status_code == 404
    for act in ("undo", "return"):
        answer = owner.post(f"/staff/members/{card}/{act}", seq=LARGE, yen="1", reason="x")
        assert answer.status_code in (303, 404), act
