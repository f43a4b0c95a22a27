"""The link to the first steps works once, in one browser."""

from datetime import timedelta

from bot.store import Store
from bot.store.staff import first_steps
from handlers.actions.founding.opening import (
    LINK_FOR,
    SESSION_FOR,
    invite_to_begin,
    is_inviting,
    open_by_link,
    open_here,
    steps_of,
)
from handlers.actions.founding.telling import begun_with
from rules.base import Refusal
from tests.handlers.works import work_on

from .conftest import NOW

FIRST = begun_with("cafe")


def invited(store: Store) -> str:
    with work_on(store, NOW) as work:
        return invite_to_begin(work)


def test_a_link_opens_the_steps_once(store: Store) -> None:
    link = invited(store)
    with work_on(store, NOW) as work:
        assert is_inviting(work, link)
        token = open_by_link(work, link, FIRST)
    assert isinstance(token, str)
    with work_on(store, NOW) as work:
        assert not is_inviting(work, link)
        assert open_by_link(work, link, FIRST) == Refusal("setup_link_over")
        steps = steps_of(work, token)
    assert steps is not None
    assert steps.template == "cafe"


def test_of_two_at_once_one_is_too_late(store: Store) -> None:
    link = invited(store)
    with work_on(store, NOW) as work:
        # Both looked while it was good.
        assert is_inviting(work, link)
        assert isinstance(open_by_link(work, link, FIRST), str)
        assert isinstance(open_by_link(work, link, FIRST), Refusal)


def test_a_link_and_a_browser_are_good_for_a_while(store: Store) -> None:
    link = invited(store)
    with work_on(store, NOW + LINK_FOR) as work:
        assert open_by_link(work, link, FIRST) == Refusal("setup_link_over")
    with work_on(store, NOW) as work:
        token = open_by_link(work, link, FIRST)
    assert isinstance(token, str)
    with work_on(store, NOW + SESSION_FOR - timedelta(seconds=1)) as work:
        assert steps_of(work, token) is not None
    with work_on(store, NOW + SESSION_FOR) as work:
        assert steps_of(work, token) is None


def test_another_browser_takes_over_what_was_told(store: Store) -> None:
    with work_on(store, NOW) as work:
        before = open_by_link(work, invite_to_begin(work), FIRST)
        first_steps.change(work.uow, at=NOW, login="haruka")
        after = open_here(work, FIRST)
        assert isinstance(before, str)
        assert isinstance(after, str)
        assert steps_of(work, before) is None
        steps = steps_of(work, after)
    assert steps is not None
    assert steps.login == "haruka"


def test_no_other_link_opens_them(store: Store) -> None:
    with work_on(store, NOW) as work:
        for token in ("", "x", "x" * 300):
            assert not is_inviting(work, token)
            assert steps_of(work, token) is None
