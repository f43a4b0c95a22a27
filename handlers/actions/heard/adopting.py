"""What a member wrote is taken up: it earns by its rule, and they are told what it changed."""

from datetime import timedelta

from bot.store import UnitOfWork
from bot.store.heard import cases, suggestions
from bot.store.heard.cases import CaseName
from bot.store.history import history
from bot.store.members import members
from bot.store.messages import inbox
from handlers.actions.recording.work import Work
from rules.activity import Occasion

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from ..recording.record import Request, carry_out
from ..telling.messages import tell
from ..telling.suggestion_messages import SayAdopted
from .answering import ANSWER_LENGTH_MAX, beginning, settle

#: What came of somebody's words is news for so long.
_USEFUL = timedelta(days=14)


def adopt_letter(work: Work, name: CaseName, *, letter_id: int, text: str) -> Acknowledgement:
    """Records that what a member wrote in that case was adopted. `text` says in the shop's words
    what it changed, and goes to the member, once; where nothing reaches them it is kept all the
    same.

    A letter is adopted once; who undoes the record takes that back, points and message. Refused
    with case_gone, adopt_empty, answer_too_long or adopt_again, or as
    recording it is.
    """
    text = text.strip()

    def act() -> Acknowledgement:
        # Before the letter, as whoever hears them locks both.
        members.lock(work.uow, members.keeper(work.uow, name.member_id))
        letter = inbox.lock(work.uow, letter_id)
        if letter is None or (letter.member_id, letter.case_number) != name:
            return Acknowledgement("case_gone")
        if not text:
            return Acknowledgement("adopt_empty")
        if len(text) > ANSWER_LENGTH_MAX:
            return Acknowledgement("answer_too_long")
        if is_adopted(work.uow, letter):
            return Acknowledgement("adopt_again")
        its = suggestions.of_letters(work.uow, [letter.id]).get(letter.id)
        if its is not None and its.state != "adopted":
            return Acknowledgement("adopt_suggestion")
        return _adopt(work, letter, name, text)

    return once_for(ACKNOWLEDGEMENT, work, f"adopt {letter_id} {text}", act)


def is_adopted(uow: UnitOfWork, letter: inbox.Letter) -> bool:
    """Whether it was adopted, and that stands."""
    adopted = letter.adoption
    return adopted is not None and history.one(uow, adopted.member_id, adopted.seq) is not None


def _adopt(work: Work, letter: inbox.Letter, name: CaseName, text: str) -> Acknowledgement:
    holder = members.keeper(work.uow, name.member_id)
    outcome = carry_out(work, Request(holder, Occasion("adopted"), work.now, work.staff.store))
    if outcome.refused:
        return Acknowledgement(outcome.refused)
    inbox.note_adoption(work.uow, letter.id, inbox.Adoption(holder, outcome.seq, text))
    # It stands among the suggestions, too: this one has been told.
    if suggestions.of_letter(work.uow, letter.id) is None:
        by = work.staff.staff_id
        made = suggestions.add(work.uow, "", at=work.now, by=by, adopted=text)
        suggestions.put_letter(work.uow, letter.id, made)
    suggestions.note_told(work.uow, letter.id, "adopted")
    case = cases.get(work.uow, name)
    if case is not None and case.state == "open":
        settle(work, case)
    say = SayAdopted(
        text=text,
        quote=beginning(letter.text),
        asked_on=work.programme.shop.business_date(letter.at),
        points=outcome.points,
    )
    member = members.lock(work.uow, holder)
    tell(work, member, say, period=str(outcome.seq), topic=None, useful=_USEFUL)
    note(work, "adopted", member_id=holder, letter=letter.id)
    return Acknowledgement()
