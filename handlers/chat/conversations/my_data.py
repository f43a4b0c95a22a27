"""My data: what we hold and by which consent, and the ways out: leave, or be forgotten."""

from bot.line.messages import Button, Row, UriAction
from bot.store.members import consents
from handlers.actions.members.membership import erase as erase_member
from handlers.actions.members.membership import forget_account
from rules.characters import spaced_number
from rules.wording.texts import long_date

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from . import birthday

QUESTION = "erase"


@conversation("my_data", for_leavers=True)
def my_data(turn: Turn, _params: Params) -> Answer:
    privacy = turn.programme.privacy
    left = turn.facts.membership == "left"
    known = turn.facts.birthday
    told = birthday.date_in_words(turn, known.year, known.month, known.day) if known else ""
    given = consents.of(turn.uow, turn.member.id)
    held = parts.listing(
        turn,
        title=turn.say("my_data.title"),
        subtitle="" if given else privacy.purpose.in_(turn.lang),
        rows=(
            Row(left=turn.say("profile.number"), right=spaced_number(turn.member.number)),
            Row(
                left=turn.say("my_data.line_name"),
                right=turn.account.display_name or turn.say("profile.unknown"),
            ),
            Row(left=turn.say("profile.birthday"), right=told or turn.say("profile.unknown")),
            Row(
                left=turn.say("my_data.records"),
                right=turn.say("my_data.visits", count=turn.facts.visits),
                note=turn.say("my_data.records_note"),
            ),
            *(_consent_row(turn, consent) for consent in given),
            Row(
                left=turn.say("my_data.contact"),
                note=privacy.contact.in_(turn.lang),
            ),
        ),
        buttons=(
            Button(parts.button(turn, "resume", "resume"))
            if left
            else Button(parts.button(turn, "leave", "leave"), "link"),
            Button(UriAction(turn.say("button.policy"), privacy.policy_url), "link"),
            Button(parts.button(turn, "erase", "erase"), "danger"),
        ),
        then=() if left else ("profile", "topics", "card"),
    )
    return parts.answer_of(held)


def _consent_row(turn: Turn, consent: consents.Consent) -> Row:
    day = turn.programme.shop.local(consent.at).date()
    return Row(
        left=turn.say(f"my_data.consent.{consent.kind}"),
        right=long_date(turn.lang, day),
        note=consent.wording,
    )


@conversation("erase", for_leavers=True)
def erase(turn: Turn, params: Params) -> Answer:
    """Being forgotten, confirmed twice: it can't be undone."""
    step = params.get("step") if turn.was_asked(QUESTION) else None
    # Who shares somebody else's card is forgotten themselves, and the card stays.
    shares = turn.member.line_user_id != turn.account.user_id
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
