"""Staff answer a case, see to it, and close it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.store import UnitOfWork
from bot.store.heard import cases, contacts, suggestions
from bot.store.heard.cases import Case, CaseName
from bot.store.heard.contacts import NotedContact
from bot.store.members import line_accounts, members
from bot.store.members.line_accounts import LineAccount
from bot.store.messages import inbox, outbox
from bot.store.messages.outbox import MessageKey
from handlers.actions.recording.work import Work
from rules.heard.cases import ContactKind
from rules.heard.topics import CaseTopic

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from ..telling.messages import SayAnswer, dump

#: An answer to somebody's words stays one for so long.
_USEFUL = timedelta(days=7)
#: Longer than this is a letter, not an answer.
ANSWER_LENGTH_MAX = 1_000
#: So much of what they wrote is said again above the answer.
_QUOTE_MAX = 60


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """What somebody of the staff says to a case, or that it is over."""

    name: CaseName
    #: How often it had moved when they read it.
    seen: int
    #: Empty where they have answered elsewhere, or there is nothing to answer.
    text: str
    closes: bool = False
    #: Asks the member whether it helped, where that reaches them.
    asks: bool = False


def answer_case(work: Work, answer: CaseAnswer) -> Acknowledgement:
    """Queues the answer, and closes the case if it `closes`. What isn't assigned to anybody is from
    then on to whoever answered.

    Refused with case_gone, case_moved_on (a colleague, or the member, was quicker), answer_empty,
    answer_too_long or answer_unreachable.
    """
    text = answer.text.strip()

    def act() -> Acknowledgement:
        member = members.lock(work.uow, answer.name.member_id)
        case = cases.get(work.uow, answer.name)
        if case is None or member.erased_at is not None:
            return Acknowledgement("case_gone")
        if case.moved != answer.seen or (answer.closes and case.state == "closed"):
            return Acknowledgement("case_moved_on")
        if not text and not answer.closes:
            return Acknowledgement("answer_empty")
        if len(text) > ANSWER_LENGTH_MAX:
            return Acknowledgement("answer_too_long")
        account = reached_by(work.uow, case.name)
        if text and account is None:
            return Acknowledgement("answer_unreachable")
        _answer(work, case, answer, account)
        return Acknowledgement()

    asked = f"case {answer.name} {answer.closes} {answer.asks} {text}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def _answer(work: Work, case: Case, answer: CaseAnswer, account: LineAccount | None) -> None:
    text, asks = answer.text.strip(), answer.closes and answer.asks
    number = _note_done(work, case, "answered", text) if text else 0
    number = _note_done(work, case, "closed") if answer.closes else number
    if account is not None and (text or asks):
        keeper = members.keeper(work.uow, case.name.member_id)
        name = MessageKey(keeper, SayAnswer.journey(), period_of(case.name, number))
        _queue(work, _said(work, case, text, asks=asks), account, name)
    settle(work, case, closes=answer.closes)
    done = "answer" if text else "case_closed"
    note(work, done, member_id=case.name.member_id, case=case.name.number)


def _note_done(work: Work, case: Case, kind: ContactKind, text: str = "") -> int:
    done = NotedContact(work.now, kind, text, work.staff.staff_id, case.name.number)
    return contacts.add(work.uow, case.name.member_id, done)


def settle(work: Work, case: Case, *, closes: bool = False) -> None:
    """The shop has spoken: nobody waits for now. The case is from then on the actor's, unless it is
    somebody else's."""
    cases.change(
        work.uow,
        case.name,
        state="closed" if closes else "answered",
        last_at=work.now,
        answered_at=case.answered_at or work.now,
        assigned_to=case.assigned_to or work.staff.staff_id,
        **({"helped": None} if closes else {}),
    )
    inbox.mark_answered(work.uow, *case.name, at=work.now, staff_id=work.staff.staff_id)


def settle_with(work: Work, name: CaseName, letter_id: int) -> None:
    """The shop has spoken of one letter: its case is settled, unless another of its letters waits
    for an answer that is no suggestion, too."""
    case = cases.get(work.uow, name)
    if case is None or case.state != "open":
        return
    waiting = [
        each.id
        for each in inbox.of_case(work.uow, *name)
        if each.answered_at is None and each.id != letter_id
    ]
    if len(suggestions.of_letters(work.uow, waiting)) == len(waiting):
        settle(work, case)


def reached_by(uow: UnitOfWork, name: CaseName) -> LineAccount | None:
    """The LINE account that an answer would reach: of who wrote, while their chat speaks of the
    card, else the card's own; None where none does."""
    keeper = members.get(uow, members.keeper(uow, name.member_id))
    if keeper is None:
        return None
    wrote = [letter.user_id for letter in inbox.of_case(uow, *name)][-1:]
    here = line_accounts.attached(uow, keeper.id)
    for user_id in (*(each for each in wrote if each in here), keeper.line_user_id):
        account = line_accounts.get(uow, user_id) if user_id else None
        if account is not None and not account.blocked:
            return account
    return None


def _said(work: Work, case: Case, text: str, *, asks: bool) -> SayAnswer:
    """What the member reads: the answer, below the beginning of what they wrote last."""
    letters, owner = inbox.of_case(work.uow, *case.name), members.get(work.uow, case.name.member_id)
    return SayAnswer(
        text=text,
        quote=beginning(letters[-1].text) if letters else "",
        asked_on=work.programme.shop.business_date(letters[-1].at if letters else case.opened_at),
        card=owner.number if owner and asks else "",
        case=case.name.number,
    )


def beginning(text: str) -> str:
    """So much of what somebody wrote that they know what is meant."""
    return text if len(text) <= _QUOTE_MAX else f"{text[: _QUOTE_MAX - 1]}…"


def _queue(work: Work, say: SayAnswer, account: LineAccount, name: MessageKey) -> None:
    """Who asked gets the answer on closed days too, and whatever they got before; at night it
    waits."""
    own = members.get(work.uow, name.member_id)
    is_own = own is not None and own.line_user_id == account.user_id
    queued = outbox.queue(
        work.uow,
        name,
        dump(say),
        topic=None,
        now=work.now,
        useful_until=work.now + _USEFUL,
        user_id=None if is_own else account.user_id,
    )
    if not queued:
        raise RuntimeError("an answer is known by a number that nothing had before it")


def period_of(name: CaseName, number: int) -> str:
    """What the outbox knows the answer by that is the member's contact with that `number`."""
    return f"case:{name.member_id}:{number}"


def sort_case(work: Work, name: CaseName, topic: CaseTopic | None) -> Acknowledgement:
    """Notes what the case is about; None: nobody knows. Refused with case_gone."""

    def act() -> Acknowledgement:
        members.lock(work.uow, name.member_id)
        if cases.get(work.uow, name) is None:
            return Acknowledgement("case_gone")
        cases.sort(work.uow, name, topic)
        note(work, "case_sorted", member_id=name.member_id, case=name.number, topic=topic)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"case {name} about {topic}", act)


def assign_case(work: Work, name: CaseName, staff_id: int | None) -> Acknowledgement:
    """Notes who of the staff sees to it; None: whoever reads it. Everybody may take what is
    nobody's and let go of what is theirs; who manages may give it to anybody.

    Refused with case_gone or not_allowed.
    """

    def act() -> Acknowledgement:
        members.lock(work.uow, name.member_id)
        case, me = cases.get(work.uow, name), work.staff.staff_id
        if case is None:
            return Acknowledgement("case_gone")
        is_mine = case.assigned_to in (None, me) and staff_id in (None, me)
        if not is_mine and not work.staff.manages:
            return Acknowledgement("not_allowed")
        cases.change(work.uow, name, assigned_to=staff_id)
        note(work, "case_assigned", member_id=name.member_id, case=name.number, to=staff_id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"case {name} to {staff_id}", act)
