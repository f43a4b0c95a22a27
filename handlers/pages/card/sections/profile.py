"""What a member tells about themselves, as far as the shop asks it: each theirs to leave out, to
change and to take away."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.phones import spoken
from bot.store.members import phone_proofs
from handlers.actions.profile import phone
from handlers.actions.profile.phone import ToldPhone
from handlers.actions.profile.steps import StepAnswers, needs_consent, take_away, tell_steps
from handlers.actions.recording.work import Work
from handlers.actions.telling.messages import text_phone_code
from handlers.showing.profile_steps import StepView, phone_earned_before, profile_view
from handlers.showing.viewer import Viewer
from rules.base import Refusal
from rules.profile.steps import wording_mark
from rules.wording.refusals import refusal_text

from ...current import current_club
from ...profile_form import Form, StepField, read_steps, step_fields
from ..frame import page
from ..reader import pages
from ..session import is_shared, member_page
from .forms import act, ends_on, new_key, said


@dataclass(frozen=True, slots=True)
class PhoneField:
    """The telephone on the page."""

    view: StepView
    #: What is still to be agreed to before a code is sent; empty for nothing.
    asks: str
    #: By which the form says what was agreed to.
    mark: str
    #: The number to which a code went that is still good; empty for none.
    waits: str


def asks_profile(viewer: Viewer) -> bool:
    """Whether the shop asks steps of who looks. Of a card that somebody shares with them they are
    that person's alone."""
    return bool(viewer.programme.profile.steps) and not is_shared(viewer)


@pages.get("/card/me/profile")
@member_page
def my_profile(viewer: Viewer) -> ResponseReturnValue:
    if not asks_profile(viewer):
        return redirect(url_for("card.me"), 303)
    return _shown(viewer, said(viewer))


def _shown(viewer: Viewer, told: str, typed: Form | None = None) -> Response:
    club = current_club()
    with club.work("member") as work:
        view = profile_view(viewer, work.uow)
        fields = step_fields(viewer, work.uow, typed=typed)
        number = _phone_field(viewer, work) if club.sms is not None else None
    return page(
        viewer,
        "sections/profile",
        said=told,
        profile=view,
        fields=fields,
        number=number,
        new_key=new_key,
    )


def _phone_field(viewer: Viewer, work: Work) -> PhoneField | None:
    views = profile_view(viewer, work.uow).steps
    view = next((each for each in views if each.step.id == "phone"), None)
    if view is None:
        return None
    consent = view.step.consent if needs_consent(work, viewer.member.id, view.step) else None
    wording = viewer.words.name(consent) if consent is not None else ""
    proof = phone_proofs.newest(work.uow, viewer.member.id)
    is_good = proof is not None and work.now < proof.until and proof.wrong < phone.WRONG_MAX
    country = viewer.programme.shop.country
    return PhoneField(
        view,
        wording,
        wording_mark(wording),
        spoken(proof.phone, country) if proof is not None and is_good else "",
    )


@pages.post("/card/me/profile")
@member_page
def tell_profile(viewer: Viewer) -> ResponseReturnValue:
    """Notes what was filled in; where something can't be, nothing of it, and it stands there as it
    was typed."""
    if not asks_profile(viewer):
        return redirect(url_for("card.me"), 303)
    now = current_club().now()
    no = act(lambda work: _tell(viewer, work, now))
    if no is None:
        return ends_on("card.my_profile", None, "profile")
    why = refusal_text(viewer.words, no, "member").whole
    answer = _shown(viewer, why, request.form)
    answer.status_code = 400
    return answer


def _tell(viewer: Viewer, work: Work, now: datetime) -> str | None:
    fields: list[StepField] = step_fields(viewer, work.uow)
    form, member_id = read_steps(request.form, fields), viewer.member.id
    if form.answers:
        answers = StepAnswers(member_id, form.answers, now, "card")
        if refused := tell_steps(work, answers).refused:
            return refused
    for step in form.gone:
        take_away(work.under(f"{work.key}:{step}"), member_id, step, at=now)
    return None


@pages.post("/card/me/phone")
@member_page
def tell_phone(viewer: Viewer) -> ResponseReturnValue:
    """Sends a code to the number that was typed."""
    club = current_club()
    if not asks_profile(viewer) or club.sms is None:
        return redirect(url_for("card.me"), 303)
    step, mark = viewer.programme.profile.step("phone"), request.form.get("agree_phone", "")
    told = ToldPhone(
        viewer.member.id,
        request.form.get("phone", "").replace("\0", "")[:40],
        club.now(),
        "card",
        step.agreed(viewer.lang, mark) if step is not None else None,
    )

    def ask(work: Work) -> str | None:
        proof = phone.ask_code(work, told)
        if isinstance(proof, Refusal):
            return proof.code
        text_phone_code(work, proof)
        return None

    return ends_on("card.my_profile", act(ask), "phone_code")


@pages.post("/card/me/phone/code")
@member_page
def prove_phone(viewer: Viewer) -> ResponseReturnValue:
    if not asks_profile(viewer):
        return redirect(url_for("card.me"), 303)
    typed, now = request.form.get("code", "").replace("\0", "")[:20], current_club().now()

    done = "phone"

    def prove(work: Work) -> str | None:
        nonlocal done
        outcome = phone.prove(work, viewer.member.id, typed, at=now)
        if outcome.seq and phone_earned_before(viewer, work.uow):
            done = "phone_shared"
        return outcome.refused

    no = act(prove)
    return ends_on("card.my_profile", no, done)


@pages.post("/card/me/phone/gone")
@member_page
def forget_phone(viewer: Viewer) -> ResponseReturnValue:
    if not asks_profile(viewer):
        return redirect(url_for("card.me"), 303)
    now = current_club().now()

    def forget(work: Work) -> str | None:
        return take_away(work, viewer.member.id, "phone", at=now).refused

    return ends_on("card.my_profile", act(forget), "phone_gone")
