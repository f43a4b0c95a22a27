"""The console of the café, in browsers of people who may sign in there and of others."""

from tests.handlers.pages.staff.conftest import desks as desks
