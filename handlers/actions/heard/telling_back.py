"""Who suggested something is told what came of it, each once: by a message, in the ordinary way, or
by the staff, whom LINE doesn't reach."""

from datetime import timedelta
from typing import Literal

from bot.store.heard import contacts, suggestions
from bot.store.heard.cases import CaseName
from bot.store.heard.contacts import NotedContact
from bot.store.heard.suggestions import StoredSuggestion, SuggestedLetter
from bot.store.members import line_accounts, members, mergers
from bot.store.members.members import Member
from bot.store.messages import inbox, outbox_by_member
from handlers.actions.recording.work import Work
from rules.activity import Occasion

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement, Outcome
from ..recording.record import Request, carry_out
from ..telling.messages import tell
from ..telling.suggestion_messages import SayAdopted, SaySuggestion
from .adopting import is_adopted
from .answering import beginning, settle_with

#: What came of somebody's words is news for so long.
_USEFUL = timedelta(days=14)


def tell_writer(work: Work, its: StoredSuggestion, letter: SuggestedLetter) -> None:
    """Tells the writer of that letter what the suggestion stands at, unless another of their
    letters has; what is adopted earns them its rule's award."""
    holder = members.lock(work.uow, members.keeper(work.uow, letter.member_id))
    cards = mergers.with_absorbed(work.uow, holder.id)
    # Of whichever suggestion it made before, too.
    about = f"{letter.id}:"
    outbox_by_member.withdraw_all(work.uow, holder.id, SaySuggestion.journey(), about)
    is_silent = its.state == "received" or not its.tells or holder.erased_at is not None
    if is_silent or suggestions.is_told(work.uow, its, cards):
        suggestions.note_told(work.uow, letter.id, its.state)
        return
    adopted = _adopt(work, its, letter, holder) if its.state == "adopted" else None
    on_line = holder.line_user_id is not None or bool(line_accounts.attached(work.uow, holder.id))
    suggestions.note_told(
        work.uow, letter.id, its.state, to_call=not on_line and holder.membership == "active"
    )
    say = _say(work, its, letter, adopted.points if adopted else 0)
    # Undone in their history, the activity takes its message back.
    period = str(adopted.seq) if adopted else f"{about}{its.moved}"
    member = members.lock(work.uow, holder.id)
    tell(work, member, say, period=period, topic="news", useful=_USEFUL)


def _say(
    work: Work, its: StoredSuggestion, letter: SuggestedLetter, points: int
) -> SayAdopted | SaySuggestion:
    quote, asked_on = beginning(letter.text), work.programme.shop.business_date(letter.at)
    if its.state == "adopted":
        return SayAdopted(text=its.word, quote=quote, asked_on=asked_on, points=points)
    state: Literal["considered", "declined"] = (
        "considered" if its.state == "considered" else "declined"
    )
    return SaySuggestion(state=state, text=its.word, quote=quote, asked_on=asked_on)


def _adopt(
    work: Work, its: StoredSuggestion, letter: SuggestedLetter, holder: Member
) -> Outcome | None:
    """Records it with the writer, and notes it at the letter; None where it is recorded already, or
    they have left the club."""
    full = inbox.lock(work.uow, letter.id)
    if full is None or is_adopted(work.uow, full) or holder.membership == "left":
        return None
    store = work.actor.store if work.actor else None
    outcome = carry_out(work, Request(holder.id, Occasion("adopted"), work.now, store))
    if outcome.refused:
        return None
    adoption = inbox.Adoption(outcome.member_id, outcome.seq, its.word)
    inbox.note_adoption(work.uow, letter.id, adoption)
    if work.actor is not None:
        settle_with(work, CaseName(letter.member_id, letter.case_number or 0), letter.id)
    return outcome


def note_called(work: Work, letter_id: int) -> Acknowledgement:
    """Notes that staff told the writer of the letter what came of their suggestion, among what was
    done for them, too. Told twice, it changes nothing. Refused with suggestion_gone."""

    def act() -> Acknowledgement:
        its = suggestions.of_letters(work.uow, [letter_id]).get(letter_id)
        writer = inbox.writer_of(work.uow, letter_id)
        if writer is None or its is None:
            return Acknowledgement("suggestion_gone")
        holder = members.lock(work.uow, members.keeper(work.uow, writer))
        if not suggestions.is_to_call(work.uow, letter_id):
            return Acknowledgement()
        suggestions.note_called(work.uow, letter_id)
        said = NotedContact(work.now, "spoken", its.word, work.staff.staff_id, None)
        contacts.add(work.uow, holder.id, said)
        note(work, "spoken", member_id=holder.id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"suggestion told {letter_id}", act)
