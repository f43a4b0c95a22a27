"""Handing out a reward on the card alone, by a second look of who is signed in: asked from the
result of a scan, and from the member's page."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.codes import RewardUse
from handlers.actions.counter.second_look import SecondLook, redeem_by_look
from handlers.actions.staff.staffing import PASSWORD_MAX
from rules.base import Refusal
from rules.characters import whole_number
from rules.wording.names import formal

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import SignedInStaff, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work, new_key, problem_line
from ..frame.login import verify_signed
from ..frame.words import refusal_here
from ..members.member_acts import back
from ..members.member_standing import rewards_in_reach
from ..members.member_views import by_number, counter_identity
from .json_answers import body, writing
from .scan_answers import JsonAnswer, answer
from .scan_requests import ExtrasBody, RedeemBody

#: What is asked for once more, rather than refused.
_UNPROVEN = ("look_unproven", "pin_wrong", "proof_wrong")


@pages.post("/api/redeem")
@staff_page
def api_redeem() -> ResponseReturnValue:
    return jsonify(_redeem(signed(), body(RedeemBody)))


def _redeem(who: SignedInStaff, asked: RedeemBody) -> JsonAnswer:
    proof = _proof(asked.secret)
    told: JsonAnswer
    if isinstance(proof, Refusal):
        no = refusal_here(proof.code)
        told = {"result": "refused", "refusal": proof.code, "line": no.why, "next": no.then}
        return {"useId": str(asked.use_id), "tone": "bad", "unproven": True} | told
    use = RewardUse(asked.reward, asked.voucher)
    with writing(who.desk, asked.key) as work:
        done = redeem_by_look(work, SecondLook(asked.member_number, use, proven=proof))
        told = answer(work, done, ExtrasBody(), who.language)
    return {"useId": str(asked.use_id), "unproven": done.reason in _UNPROVEN} | told


def _proof(secret: str) -> bool | Refusal:
    """Whether who is signed in gave their PIN, or the password where they have none; a Refusal for
    a wrong one."""
    how = "pin" if signed().has_pin else "password"
    if not secret or verify_signed(secret, how) is not None:
        return bool(secret)
    return Refusal("pin_wrong" if how == "pin" else "proof_wrong")


@pages.get("/members/<card:number>/use")
@staff_page
def member_use(number: str) -> ResponseReturnValue:
    """The second look: whose card it is, what they get, and whether it is them."""
    wanted = _wanted(request.args)
    with current_club().store.read() as uow:
        who = by_number(uow, number)
        person = counter_identity(uow, who)
        ready = rewards_in_reach(uow, who)
    found = next((each for each in ready if (each.id, each.voucher) == wanted), None)
    if found is None:
        return back(who, "use_gone", "")
    return layout.page(
        "member_use",
        number=who.number,
        name=formal(person.name, signed().language),
        person=person,
        reward=found,
        problem=problem_line(),
        key=new_key(),
    )


@pages.post("/members/<card:number>/use")
@staff_page
def member_used(number: str) -> ResponseReturnValue:
    reward, voucher = _wanted(request.form)
    refused = _used(number, RewardUse(reward, voucher))
    if refused is not None and refused.code in _UNPROVEN:
        wanted = {"reward": reward, "voucher": voucher}
        return back_to("staff.member_use", refused, "", number=number, **wanted)
    used = current_programme().reward(reward)
    if not refused and used is not None and used.codes is not None:
        return back_to("staff.member_codes", None, "code_handed", number=number)
    return back_to("staff.member", refused, "handed", number=number)


def _used(number: str, use: RewardUse) -> Refusal | None:
    """Why it isn't handed out; None where it is."""
    proof = _proof(request.form.get("secret", "")[:PASSWORD_MAX])
    if isinstance(proof, Refusal):
        return proof
    with form_work() as work:
        who = by_number(work.uow, number)
        came = redeem_by_look(work, SecondLook(who.number, use, proven=proof))
    return Refusal(came.reason, came.again_at) if came.reason else None


def _wanted(given: MultiDict[str, str]) -> tuple[str, int | None]:
    """Which reward, and which of the vouchers for it."""
    return given.get("reward", "")[:40], whole_number(given.get("voucher", ""), 6)
