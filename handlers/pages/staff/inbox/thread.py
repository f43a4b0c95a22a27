"""One case (`/staff/inbox/<card>/<number>`): what was said on both sides, answering it, seeing to
it, closing it, and noting what was done about it otherwise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from flask import request
from flask.typing import ResponseReturnValue

from bot.phones import spoken
from bot.store import UnitOfWork
from bot.store.heard import cases, contacts, suggestions
from bot.store.heard.cases import Case, CaseName
from bot.store.heard.contacts import NotedContact
from bot.store.heard.suggestions import StoredSuggestion
from bot.store.members import members, mergers, profiles
from bot.store.members.members import Member
from bot.store.messages import inbox, outbox_by_member
from bot.store.staff import staff
from handlers.actions.heard.adopting import adopt_letter, is_adopted
from handlers.actions.heard.answering import (
    ANSWER_LENGTH_MAX,
    CaseAnswer,
    answer_case,
    assign_case,
    period_of,
    reached_by,
    sort_case,
)
from handlers.actions.heard.contacting import ByHand, Deed, note_contact
from handlers.actions.heard.suggesting import mark_letter
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.telling.messages import SayAnswer
from rules.characters import whole_number
from rules.heard.cases import prepared
from rules.heard.suggestions import TITLE_MAX
from rules.heard.topics import TOPICS, topic_of
from rules.sending.policy import quiet_until
from rules.wording.names import formal

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, form_work, new_key, problem_line
from ..frame.looks import note_look
from ..frame.words import refusal_line
from ..members.member_views import member_row
from .listing import LINE_CHAT, glimpse

#: So many suggestions stand there to be chosen, what changed last in front.
KNOWN_MAX = 100
#: What of all that is done here the member hears of.
_TOLD = ("answered", "adopted")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing in the case. `ours`: said or done by the shop, else by the member; `what` names it,
    `text` may be empty; `arrived` says what became of an answer. `letter` is the id of the member's
    words, 0 for other sayings, and `adopted` what it changed, empty where it was not taken up."""

    at: datetime
    ours: bool
    what: str
    text: str
    who: str = ""
    arrived: str = ""
    letter: int = 0
    adopted: str = ""
    #: The suggestion that it makes, and what that stands at.
    suggestion: int = 0
    stands: str = ""
    #: Whether it can be taken up here: what is among the suggestions is decided on there.
    may_adopt: bool = False


@pages.get("/inbox/<card:number>/<int:case>")
@staff_page
def case(number: str, case: int) -> ResponseReturnValue:
    return _page(_named(number, case), text=None, problem=problem_line())


@pages.post("/inbox/<card:number>/<int:case>")
@staff_page
def case_answer(number: str, case: int) -> ResponseReturnValue:
    """What was refused stays typed: a colleague may have been quicker."""
    name, text = _named(number, case), request.form.get("text", "").replace("\0", "")
    answer = CaseAnswer(
        name,
        seen=whole_number(request.form.get("seen", ""), 9) or 0,
        text=text[: ANSWER_LENGTH_MAX + 1],
        closes=request.form.get("how") == "close",
        asks=bool(request.form.get("asks")),
    )
    with form_work() as work:
        outcome = answer_case(work, answer)
    if outcome.refused:
        problem = refusal_line(outcome.refused)
        return _page(name, text=text, problem=problem, status=409)
    if answer.closes:
        return back_to("staff.inbox", None, "closed")
    return back_to("staff.case", None, "answered", number=number, case=case)


@pages.post("/inbox/<card:number>/<int:case>/assigned")
@staff_page
def case_assigned(number: str, case: int) -> ResponseReturnValue:
    chosen = whole_number(request.form.get("to", ""), 18)
    with form_work() as work:
        outcome = assign_case(work, _named(number, case), chosen)
    return _back(number, case, outcome, "assigned")


@pages.post("/inbox/<card:number>/<int:case>/topic")
@staff_page
def case_topic(number: str, case: int) -> ResponseReturnValue:
    topic = topic_of(request.form.get("topic", ""))
    with form_work() as work:
        outcome = sort_case(work, _named(number, case), topic)
    return _back(number, case, outcome, "sorted")


@pages.post("/inbox/<card:number>/<int:case>/adopt/<int:letter_id>")
@staff_page
def letter_adopt(number: str, case: int, letter_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "").replace("\0", "")[: ANSWER_LENGTH_MAX + 1]
    with form_work() as work:
        outcome = adopt_letter(work, _named(number, case), letter_id=letter_id, text=text)
    return _back(number, case, outcome, "adopted")


@pages.post("/inbox/<card:number>/<int:case>/suggest/<int:letter_id>")
@staff_page
def letter_suggest(number: str, case: int, letter_id: int) -> ResponseReturnValue:
    """A new suggestion with the title that was typed, or the same as one that is known."""
    title = request.form.get("title", "").replace("\0", "")[: TITLE_MAX + 1]
    into = whole_number(request.form.get("into", ""), 15)
    with form_work() as work:
        outcome = mark_letter(work, _named(number, case), letter_id, into=into, title=title)
    return _back(number, case, outcome, "suggested")


@pages.post("/inbox/<card:number>/<int:case>/contact")
@staff_page
def case_contact(number: str, case: int) -> ResponseReturnValue:
    name = _named(number, case)
    kind = next((k for k in get_args(ByHand) if k == request.form.get("kind")), None)
    if kind is None:
        layout.not_found()
    words = request.form.get("words", "").replace("\0", "")
    with form_work() as work:
        outcome = note_contact(work, Deed(name.member_id, kind, words, name.number))
    return _back(number, case, outcome, "noted")


def _back(number: str, case: int, outcome: Acknowledgement, done: str) -> ResponseReturnValue:
    return back_to("staff.case", outcome.refused, done, number=number, case=case)


def _named(number: str, case: int) -> CaseName:
    """The case of that card; 404 where there is none."""
    with current_club().store.read() as uow:
        owner = members.by_code(uow, "number", number) if number else None
        name = CaseName(owner or 0, case)
        if owner is None or case > 1_000_000 or cases.get(uow, name) is None:
            layout.not_found()
    return name


def _page(
    name: CaseName, *, text: str | None, problem: str, status: int = 200
) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found, owner = cases.get(uow, name), members.get(uow, name.member_id)
        keeper = members.get(uow, members.keeper(uow, name.member_id))
        if found is None or owner is None or keeper is None or keeper.erased_at is not None:
            layout.not_found()
        values = _values(uow, found, keeper)
        reachable = reached_by(uow, name) is not None
    note_look(signed().desk, "member_seen", keeper.id)
    return layout.page(
        "case",
        status=status,
        case=found,
        number=owner.number,
        reachable=reachable,
        text=_begun(keeper) if text is None else text,
        line_chat=LINE_CHAT,
        problem=problem,
        done=_done(),
        new_key=new_key,
        **values,
    )


def _done() -> str:
    """What the address says was done; of what the member is told, when, where that is later."""
    told = request.args.get("done", "") in _TOLD
    return done_line("staff.inbox.done") + (_held() if told else "")


def _held() -> str:
    """Until when the night holds back what a member asked for, in brackets; empty by day."""
    programme = current_programme()
    until = quiet_until(programme.sending, programme.shop, current_club().now())
    return layout.words("staff.inbox.held", at=layout.when(until)) if until else ""


def _values(uow: UnitOfWork, found: Case, keeper: Member) -> dict[str, Any]:
    """What the page says of the case, and of whom it is of."""
    people = staff.names(uow)
    profile = profiles.get(uow, keeper.id)
    ids = mergers.with_absorbed(uow, keeper.id)
    refused = contacts.ways_refused(uow, ids)
    country = current_programme().shop.country
    return {
        "row": member_row(uow, keeper),
        "said": _said(uow, found, people),
        "overdue": found.is_overdue(current_club().now()),
        "assigned": people.get(found.assigned_to or 0, ""),
        "colleagues": _colleagues(uow),
        "phone": profile.phone if "phone" not in refused else "",
        "spoken": spoken(profile.phone, country) if profile.phone else "",
        "refused": [layout.words(f"staff.contacts.refused.{way}") for way in sorted(refused)],
        "reason": layout.words(f"staff.inbox.reason.{found.reason}"),
        "state": layout.words(f"staff.inbox.state.{found.state}"),
        "topics": [(each, layout.words(f"staff.inbox.topic.{each}")) for each in TOPICS],
        "known": [
            (each.suggestion.id, each.suggestion.title or glimpse(each.first))
            for each in suggestions.listed(uow, ("received", "considered"), limit=KNOWN_MAX)
        ],
        "title_max": TITLE_MAX,
        "prepared": current_programme().cases.answers,
        "kinds": {kind: layout.words(f"staff.contacts.{kind}") for kind in get_args(ByHand)},
    }


def _colleagues(uow: UnitOfWork) -> list[tuple[int, str]]:
    """To whom whoever is signed in may give the case."""
    if not signed().desk.manages:
        return [(signed().staff_id, signed().desk.name)]
    return [(each.id, each.name) for each in staff.everybody(uow) if each.disabled_at is None]


def _said(uow: UnitOfWork, found: Case, people: dict[int, str]) -> list[Saying]:
    """Both sides, in order."""
    wrote = inbox.of_case(uow, *found.name)
    suggested = suggestions.of_letters(uow, [each.id for each in wrote])
    letters = [_letter(uow, each, suggested.get(each.id)) for each in wrote]
    sent_to = {found.name.member_id, members.keeper(uow, found.name.member_id)}
    arrived = outbox_by_member.outcomes(uow, sent_to, SayAnswer.journey())
    done = [
        _saying(each, people, arrived.get(period_of(found.name, each.number), ""))
        for each in contacts.of_case(uow, found.name)
    ]
    return sorted([*letters, *done], key=lambda each: each.at)


def _letter(uow: UnitOfWork, each: inbox.Letter, its: StoredSuggestion | None) -> Saying:
    adopted = _adopted(uow, each)
    return Saying(
        each.at,
        False,
        layout.words(f"staff.inbox.kind.{each.kind}"),
        each.text,
        letter=each.id,
        adopted=adopted,
        suggestion=its.id if its else 0,
        stands=layout.words(f"staff.inbox.suggestion.{its.state}") if its else "",
        may_adopt=not adopted and (its is None or its.state == "adopted"),
    )


def _adopted(uow: UnitOfWork, letter: inbox.Letter) -> str:
    if letter.adoption is None or not is_adopted(uow, letter):
        return ""
    return layout.words("staff.inbox.adopted", text=letter.adoption.text)


def _saying(each: NotedContact, people: dict[int, str], status: str) -> Saying:
    return Saying(
        each.at,
        each.staff_id is not None,
        layout.words(f"staff.contacts.{each.kind}"),
        each.text,
        people.get(each.staff_id or 0, ""),
        _arrived(status) if status else "",
    )


def _arrived(status: str) -> str:
    said = layout.words(f"staff.inbox.arrived.{status}")
    return said + _held() if status == "queued" else said


def _begun(keeper: Member) -> str:
    """The prepared answer that was asked for, in the member's language."""
    programme, lang = current_programme(), keeper.language
    wanted = request.args.get("with", "")
    answer = next((each for each in programme.cases.answers if each.id == wanted), None)
    if answer is None:
        return ""
    with current_club().store.read() as uow:
        name = profiles.contact(uow, keeper).name
    return prepared(
        answer,
        lang,
        name=formal(name, lang),
        shop=programme.shop.name.in_(lang),
        staff=signed().desk.name,
    )
