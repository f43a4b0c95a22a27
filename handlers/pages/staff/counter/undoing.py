"""Taking back what was done at the counter: one tap on one of this device's last actions."""

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.finding.undoable import UndoableAction, undoable_by, undoable_on
from bot.store.history import history
from bot.store.members import members
from handlers.actions.counter.scan import holder_and_keeper
from handlers.actions.counter.undo import UndoOutcome, UndoRequest, undo
from rules.wording.additions import recorded_names
from rules.wording.highlights import Highlights
from rules.wording.names import formal

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import SignedInStaff, signed, staff_page
from ..frame.blueprint import pages
from ..frame.words import refusal_here, words_now
from ..members.member_views import counter_identity
from .json_answers import body, writing
from .scan_answers import AnswerDay, JsonAnswer, member_answer
from .scan_requests import UndoBody

SHOWN_MAX = 20
#: What a manager may add to an undoing that was refused for the want of it, by the refusal.
_OVERRIDES = {"undo_reason": "reason", "undo_spent": "force"}


@pages.post("/api/undo")
@staff_page
def api_undo() -> ResponseReturnValue:
    return jsonify(_undo(signed(), body(UndoBody)))


@pages.get("/api/recent")
@staff_page
def api_recent() -> ResponseReturnValue:
    who = signed()
    with current_club().store.read() as uow:
        return jsonify(actions=[_action_json(uow, who, done) for done in _last_actions(uow, who)])


def _undo(who: SignedInStaff, asked: UndoBody) -> JsonAnswer:
    with writing(who.desk, asked.key) as work:
        found = holder_and_keeper(work.uow, asked.member_number)
        if found is None:
            undone = UndoOutcome(0, refused="undo_unknown")
        else:
            _, member = found
            undone = undo(work, UndoRequest(member.id, asked.action, asked.reason, asked.force))
        told = member_answer(
            work, undone.member_id, AnswerDay(work.day, Highlights()), who.language
        )
        its = (undone.member_id, asked.action)
        gone = recorded_names(words_now(), history.under_keys(work.uow, [its])[its])
    return {"undoId": str(asked.undo_id), "member": told} | _outcome_json(undone, gone)


def _outcome_json(undone: UndoOutcome, gone: str) -> JsonAnswer:
    """The answer, which says by name what is `gone`."""
    programme = current_programme()
    points = programme.points.name.in_(signed().language)
    answer: JsonAnswer = {
        "result": "undone",
        "refusal": undone.refused,
        "action": None,
        "undoable": False,
        "marks": [],
        "missing": undone.missing,
        "insist": _OVERRIDES.get(undone.refused or "") if signed().desk.manages else None,
        "needed": undone.needed.key if undone.needed else None,
    }
    if undone.refused:
        no = refusal_here(undone.refused, count=undone.missing)
        words = {"line": no.why, "next": no.then, "tone": "bad"}
        return answer | {"result": "refused"} | words
    amount = f"{undone.points:+,}"
    key = "scan.undone_points" if undone.points else "scan.undone"
    change = layout.words(key, what=gone, amount=amount, points=points)
    told = layout.words("scan.undone_told") if undone.told else ""
    then = layout.words("explain.space").join(part for part in (change, told) if part)
    return answer | {"line": layout.words("scan.line.undone"), "next": then, "tone": "good"}


def _last_actions(uow: UnitOfWork, who: SignedInStaff) -> list[UndoableAction]:
    """What this device did last; in a browser that isn't a registered one, what the person did."""
    if who.desk.device_id is not None:
        return undoable_on(uow, device_id=who.desk.device_id, limit=SHOWN_MAX)
    return undoable_by(uow, staff_id=who.desk.staff_id, limit=SHOWN_MAX)


def _action_json(uow: UnitOfWork, who: SignedInStaff, done: UndoableAction) -> JsonAnswer:
    member = members.get(uow, done.member_id)
    shop = current_programme().shop
    today = shop.business_date(done.at) == shop.business_date(current_club().now())
    on_device = who.desk.device_id is not None
    said = recorded_names(words_now(), done.recorded)
    amount = f" {done.points:+,}" if done.points else ""
    return {
        "action": done.key,
        "at": done.at.isoformat(),
        "memberNumber": member.number if member else "",
        "page": url_for("staff.member", number=member.number) if member else "",
        "name": formal(counter_identity(uow, member).name, who.language) if member else "",
        "line": said + amount,
        "undone": done.undone,
        "undoable": not done.undone and (who.desk.manages or (on_device and today)),
    }
