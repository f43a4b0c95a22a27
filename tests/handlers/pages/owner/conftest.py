"""The console of the café, in browsers of people who may sign in there and of others."""

import pytest

from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.conftest import desks as desks


@pytest.fixture
def owner(desks: Desks) -> Browser:
    return desks.signed_in("boss", "owner", None)
