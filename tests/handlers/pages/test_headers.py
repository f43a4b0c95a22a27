"""Every kind of page has its headers from one table, and none lets in more than it says."""

from typing import get_args

import pytest
from flask import Response

from handlers.pages.headers import PageKind, safe

PAGES: tuple[PageKind, ...] = ("secret", "sms", "programme", "staff", "staff_file")


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_framed_nowhere_and_runs_nothing_from_its_own_html(kind: PageKind) -> None:
    policy = safe(Response(), kind).headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy


@pytest.mark.parametrize("kind", ["secret", "sms", "staff"])
def test_what_is_not_for_everybody_is_kept_nowhere_and_found_by_nobody(kind: PageKind) -> None:
    headers = safe(Response(), kind).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")


@pytest.mark.parametrize("kind", [kind for kind in get_args(PageKind) if kind != "machine"])
def test_nothing_is_taken_for_another_kind_of_file(kind: PageKind) -> None:
    assert safe(Response(), kind).headers["X-Content-Type-Options"] == "nosniff"


def test_a_view_may_say_itself_how_long_it_is_kept() -> None:
    answer = Response(headers={"Cache-Control": "max-age=60"})
    assert safe(answer, "staff").headers["Cache-Control"] == "max-age=60"
