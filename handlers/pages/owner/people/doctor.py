"""The check-up: what the command `doctor` finds, as a list with what to do."""

from dataclasses import replace
from functools import partial

from flask import current_app, request
from flask.typing import ResponseReturnValue

from handlers.showing.doctor import Finding, Patient, ask_line, examine_here

from ...staff.frame.access import language, owner_page
from ...staff.frame.layout import words
from ..frame import layout
from ..frame.blueprint import pages

layout.place(80, "owner.doctor")


@pages.get("/doctor", endpoint="doctor")
@owner_page
def show_doctor() -> ResponseReturnValue:
    """What can be seen without asking anybody, at once."""
    return _page(list(examine_here(_patient())))


@pages.post("/doctor", endpoint="ask_doctor")
@owner_page
def ask_doctor() -> ResponseReturnValue:
    """The same, and what LINE says, which may take some seconds: no transaction is open."""
    patient = _patient()
    asked = ask_line(patient, fix=request.form.get("fix") == "1")
    return _page([*examine_here(patient), *asked], is_asked=True)


def _patient() -> Patient:
    patient: Patient = current_app.extensions["kayoi.patient"]
    return replace(patient, lang=language())


def _page(findings: list[Finding], *, is_asked: bool = False) -> ResponseReturnValue:
    lang = language()
    return layout.page(
        "doctor",
        findings=findings,
        title_of=partial(Finding.title, lang=lang),
        sentence_of=partial(Finding.sentence, lang=lang),
        state_of=_state,
        todo=sum(each.state == "todo" for each in findings),
        is_asked=is_asked,
        fixes=any(each.text == "doctor.webhook.elsewhere" for each in findings),
    )


def _state(finding: Finding) -> str:
    return words(f"owner.doctor.state.{finding.state}")
