"""Whom a journey is due to, of whatever kind; and to whom not, with the reason."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from rules.activity import Membership
from rules.facts import changed
from rules.journeys.member import Background, DueMessage, NotDue
from rules.wording.texts import keys
from tests.rules.builders import of_day
from tests.rules.examples import ROOT
from tests.rules.journeys.people import CLUB, KINDS, ask, came, due_to, later, only, why_not


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_due_to_somebody(kind: str) -> None:
    answer = ask(CLUB, kind, due_to(kind, CLUB))

    assert isinstance(answer, DueMessage), answer
    assert answer.useful_until > CLUB.shop.opens(due_to(kind, CLUB).day)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_due_to_somebody_who_paused_or_left(kind: str) -> None:
    person = due_to(kind, CLUB)
    for state in ("paused", "left"):
        gone = replace(person, facts=changed(person.facts, membership=state))
        assert why_not(CLUB, kind, gone) == state


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_too_late_some_day_or_not_true_any_more(kind: str) -> None:
    person = later(due_to(kind, CLUB), CLUB, 63)
    person = replace(person, background=replace(person.background, lots=()))
    answer = ask(CLUB, kind, person)

    assert isinstance(answer, NotDue) or kind in ("lapsed", "rank_lost"), answer


def reasons_in(source: str) -> Iterator[str]:
    """The reasons that the source has for writing to nobody: what is answered in place of
    something due."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef) and function.name in (
            "trigger", "reasons", "not_for", "leaves_out", "_in_time",
        ):  # fmt: skip
            for answer in ast.walk(function):
                if isinstance(answer, ast.Return):
                    yield from _said(answer.value)


def _said(answer: ast.expr | None) -> Iterator[str]:
    match answer:
        case ast.Constant(value=str(reason)):
            yield reason
        case ast.IfExp(body=one, orelse=other):
            yield from (*_said(one), *_said(other))
        case ast.Call(func=ast.Name(id="NotDue"), args=[reason]):
            yield from _said(reason)
        case ast.Call(keywords=[*_, ast.keyword(arg="default", value=nothing)]):
            yield from _said(nothing)


def test_every_reason_has_its_sentence() -> None:
    room = ROOT / "rules" / "journeys"
    reasons = set(get_args(Membership))
    files = (room / name for name in ("journey.py", "absence.py", "parts.py"))
    for file in (*files, *(room / "kinds").glob("*.py")):
        reasons |= set(reasons_in(file.read_text(encoding="utf-8")))
    sentences = {key.split(".")[2] for key in keys("ja") if key.startswith("journey.not_due.")}

    assert reasons == sentences


def test_the_same_journey_rests_before_it_comes_again() -> None:
    person = due_to("rhythm", CLUB)
    lately = replace(person, background=Background(sent_on=of_day("01-10")))
    long_ago = replace(person, background=Background(sent_on=of_day("01-04")))
    assert why_not(CLUB, "rhythm", lately) == "written_lately"
    assert isinstance(ask(CLUB, "rhythm", long_ago), DueMessage)


def test_a_journey_can_be_for_some_ranks_languages_and_regulars_only() -> None:
    person = came(CLUB, "01-10", until="03-11")
    assert why_not(only("lapsed", ranks=["r1"]), "lapsed", person) == "other_rank"
    assert why_not(only("lapsed", languages=["en"]), "lapsed", person) == "other_language"
    assert why_not(only("lapsed", visits_min=2), "lapsed", person) == "few_visits"
    assert why_not(only("lapsed", visits_max=0), "lapsed", person) == "many_visits"
