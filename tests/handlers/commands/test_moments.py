"""Moments that no command expects: one sentence, and nothing is done."""

import pytest
from flask import Flask

from .conftest import run


@pytest.mark.parametrize(
    "words",
    [("journeys", "preview"), ("journeys", "run"), ("program", "publish", "--yes")],
    ids=" ".join,
)
def test_a_moment_that_nobody_can_mean_is_told_so(cafe: Flask, words: tuple[str, ...]) -> None:
    odd = {
        "is no moment": ("offline", "", "2099", "20261301", "4102444800", "2026-02-30"),
        "more than three years": (
            "2099-01-01", "1970-01-01", "9999-12-31 23:59", "0001-01-01",
            "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00",
        ),
    }  # fmt: skip
    for said, moments in odd.items():
        for at in moments:
            result = run(cafe, *words, "--at", at)
            assert (result.exit_code, said in result.output) == (1, True), (at, result.output)
            assert result.output.count("\n") == 1
