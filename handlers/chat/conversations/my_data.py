"""My data: what we hold and by which consent, and the ways out: leave, or be forgotten."""

from collections.abc import Iterator

from bot.line.messages import Button, Row
from bot.store.heard import reviews, suggestions
from bot.store.heard.suggestions import StoredSuggestion
from bot.store.members import mergers, profiles
from bot.store.messages import inbox
from handlers.actions.members.membership import erase as erase_member
from handlers.actions.members.membership import forget_account
from handlers.showing import held
from handlers.showing.held import HeldFact
from rules.wording.texts import long_date

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number
from . import cards

QUESTION = "erase"
#: So many letters, or so many characters of them, are shown at once: a message holds 5,000.
_LETTERS, _LETTERS_LENGTH = 10, 4_500
#: So much of what was done for them: with the words, as much as a message holds.
_CONTACTS = 20
_BACK = ("my_data", "card")


@conversation("my_data", for_leavers=True)
def my_data(turn: Turn, _params: Params) -> Answer:
    privacy = turn.programme.privacy
    left = turn.facts.membership == "left"
    given = [] if turn.shares else held.agreed(turn, turn.uow)
    others = tuple(other.number for other in cards.of_account(turn)[1:])
    message = parts.listing(
        turn,
        title=turn.say("my_data.title"),
        subtitle="" if given else privacy.purpose.in_(turn.lang),
        rows=(
            *map(_row, held.who(turn, turn.uow, shares=turn.shares)),
            *map(_row, held.membership(turn, turn.uow, other_cards=others)),
            *_words(turn),
            *map(_row, (held.contact(turn), *given)),
        ),
        hint=turn.say("my_data.shared" if turn.shares else "my_data.wrong"),
        buttons=(
            *_membership(turn),
            parts.policy(turn),
            Button(parts.button(turn, "erase", "erase"), "danger"),
        ),
        then=() if left else ("profile", "card") if turn.shares else ("profile", "topics", "card"),
    )
    return parts.answer_of(message)


def _membership(turn: Turn) -> tuple[Button, ...]:
    """The way out, or back in, for whose card it is."""
    if turn.shares:
        return ()
    if turn.facts.membership == "left":
        return (Button(parts.button(turn, "resume", "resume")),)
    return (Button(parts.button(turn, "leave", "leave"), "link"),)


def _row(fact: HeldFact) -> Row:
    return Row(left=fact.name, right=fact.value, note=fact.note)


def _words(turn: Turn) -> Iterator[Row]:
    """What was written: by them, and by staff of them. It is shown when they ask for it."""
    wrote = inbox.count_of(turn.uow, turn.account.user_id)
    yield Row(
        left=turn.say("my_data.letters"),
        right=turn.say("my_data.letters_count", count=wrote),
        action=parts.button(turn, "my_letters", "my_letters") if wrote else None,
    )
    if turn.shares:
        return
    told = reviews.of_cards(turn.uow, mergers.with_absorbed(turn.uow, turn.member.id), limit=1)
    if told:
        yield Row(
            left=turn.say("my_data.reviews"), action=parts.button(turn, "my_reviews", "my_reviews")
        )
    yield Row(left=turn.say("ways.title"), action=parts.button(turn, "ways", "ways"))
    look = parts.button(turn, "my_note", "my_note")
    yield Row(left=turn.say("my_data.note"), action=look)


@conversation("my_letters", for_leavers=True)
def my_letters(turn: Turn, params: Params) -> Answer:
    """What they wrote to the shop, newest first, as much as a message holds."""
    before = whole_number(params, "before")
    found = inbox.of_account(turn.uow, turn.account.user_id, before=before, limit=_LETTERS + 1)
    told: list[str] = []
    became = suggestions.of_letters(turn.uow, [each.id for each in found])
    for letter in found[:_LETTERS]:
        day = long_date(turn.lang, turn.programme.shop.local(letter.at).date())
        words = turn.say("my_data.letter", day=day, words=letter.text)
        if letter.id in became:
            words = f"{words}\n{_became(turn, became[letter.id])}"
        if told and sum(map(len, told)) + len(words) > _LETTERS_LENGTH:
            break
        told.append(words)
    if not told:
        return parts.answer_of(parts.text(turn, turn.say("my_data.no_letters"), then=_BACK))
    older = parts.button(turn, "older", "my_letters", before=found[len(told) - 1].id)
    suggested = (older,) if len(found) > len(told) else ()
    message = parts.text(turn, "\n\n".join(told))
    return parts.answer_of(
        parts.with_quick_replies(message, (*suggested, *parts.quick(turn, *_BACK)))
    )


def _became(turn: Turn, its: StoredSuggestion) -> str:
    """What came of what they suggested."""
    return turn.say(f"idea.state.{its.state}", word=its.word).strip()


@conversation("my_note", for_leavers=True)
def my_note(turn: Turn, _params: Params) -> Answer:
    """What staff noted of them for one another, and with what they did for them."""
    note = "" if turn.shares else "\n".join(_noted(turn))
    said = turn.say("my_data.noted", note=note) if note else turn.say("my_data.not_noted")
    return parts.answer_of(parts.text(turn, said, then=_BACK))


def _noted(turn: Turn) -> Iterator[str]:
    if note := profiles.get(turn.uow, turn.member.id).note:
        yield note
    for done in held.contacts_of(turn, turn.uow, limit=_CONTACTS):
        day = long_date(turn.lang, turn.programme.shop.local(done.at).date())
        kind = turn.words.say(f"staff.contacts.{done.kind}")
        yield turn.say("my_data.contacted", day=day, kind=kind, words=done.text).strip()


@conversation("erase", for_leavers=True)
def erase(turn: Turn, params: Params) -> Answer:
    """Being forgotten, confirmed twice: it can't be undone."""
    step = params.get("step") if turn.was_asked(QUESTION) else None
    # Who shares somebody else's card is forgotten themselves, and the card stays.
    shares = turn.shares
    match step:
        case "2":
            return _forget_account(turn) if shares else _erase(turn)
        case "1":
            return _ask(turn, "erase_really", "erase_for_good", step=2)
        case _:
            first = "erase_shared" if shares else "erase_first"
            return _ask(turn, first, "erase_go_on", step=1)


def _ask(turn: Turn, texts: str, label: str, *, step: int) -> Answer:
    turn.ask(QUESTION)
    question = parts.notice(
        turn,
        title=turn.say(f"my_data.{texts}_title"),
        body=turn.say(f"my_data.{texts}", balance=turn.amount(turn.facts.balance)),
        buttons=(
            Button(parts.button(turn, label, "erase", step=step), "danger"),
            parts.no(turn, "my_data"),
        ),
    )
    return parts.answer_of(question)


def _forget_account(turn: Turn) -> Answer:
    forget_account(turn.work, turn.account.user_id, at=turn.at)
    return Answer((parts.text(turn, turn.say("my_data.erased")),), forget=True)


def _erase(turn: Turn) -> Answer:
    erase_member(turn.under("erase"), turn.member.id, at=turn.at)
    goodbye = parts.text(turn, turn.say("my_data.erased"))
    return Answer((goodbye,), forget=True)
