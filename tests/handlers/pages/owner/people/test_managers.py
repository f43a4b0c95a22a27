"""What a manager may open in the console: what is named here, and nothing that comes later."""

import re

from tests.handlers.pages.staff.conftest import Desks

#: Files, and the pages about their own store.
THEIRS = {"/owner/", "/owner/static/<path:filename>", "/owner/stores", "/owner/team"}
THEIR_FORMS = {"/owner/stores/close", "/owner/stores/open"}


def test_a_manager_is_let_into_the_pages_of_their_store_alone(desks: Desks) -> None:
    manager = desks.signed_in("mika", "manager", "ekimae")
    manager.get("/owner/team")
    refused = 0
    for rule in desks.app.url_map.iter_rules():
        if not rule.rule.startswith("/owner/") or ".setup" in rule.endpoint:
            continue
        theirs = (
            "/owner/events", "/owner/figures", "/owner/members", "/owner/orders", "/owner/segments",
            "/owner/sources", "/owner/voice",
        )  # fmt: skip
        if rule.rule.startswith(theirs):
            # Theirs, of their own store alone: told apart in the tests of those pages.
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        if "GET" in (rule.methods or ()) and rule.rule not in THEIRS:
            assert manager.get(path).status_code == 403, path
            refused += 1
        if "POST" in (rule.methods or ()) and rule.rule not in THEIR_FORMS:
            assert manager.post(path).status_code == 403, path
            refused += 1
    assert refused > 20
