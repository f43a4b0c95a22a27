"""Birthday: picked or typed, shown back once, then kept. The year is theirs to leave out."""

from dataclasses import replace
from datetime import date

from bot.line.messages import Button, DatePickerAction, PostbackAction, Row
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.showing.birthdays import (
    birthday_refusal,
    birthday_words,
    changes_note,
    guardian_is_asked,
    guardian_wording,
    is_known,
)
from rules.facts import Birthday
from rules.programme.birthdays import AGE_MAX, looks_like_a_date, read_birthday

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

QUESTION = "birthday"
#: Where the picker opens: most members were born around then.
LIKELY_AGE = 30


@conversation("birthday", of_owner=True, takes_text=looks_like_a_date)
def birthday(turn: Turn, params: Params) -> Answer:
    """`date` is picked, `text` typed, `save` confirmed; without any of them we ask."""
    if "save" in params:
        return _save(turn, params)
    given = params.get("date") or params.get("text")
    if given is None:
        return _ask(turn)
    born = _read(given)
    return _confirm(turn, born) if born else _unread(turn)


def _read(text: str) -> Birthday | None:
    found = read_birthday(text)
    if found is None:
        return None
    year, month, day = found
    return Birthday(month, day, year)


def picker(turn: Turn, label: str) -> DatePickerAction:
    """LINE's date picker, opening near a likely year and ending today."""
    return DatePickerAction(
        turn.say(f"button.{label}"),
        postbacks.data("birthday"),
        initial=date(turn.day.year - LIKELY_AGE, 1, 1),
        first=date(turn.day.year - AGE_MAX, 1, 1),
        last=turn.day,
    )


def may_change(turn: Turn) -> bool:
    """Whether one more birthday would be taken from them."""
    return not turn.shares and birthday_refusal(turn, None) is None


def _ask(turn: Turn) -> Answer:
    if no := birthday_refusal(turn, None):
        return _no(turn, no)
    turn.ask(QUESTION)
    question = parts.notice(
        turn,
        title=turn.say("birthday.title"),
        body=turn.say("birthday.ask"),
        buttons=(Button(picker(turn, "pick")), parts.cancel(turn)),
    )
    return parts.answer_of(question)


def _unread(turn: Turn) -> Answer:
    turn.ask(QUESTION)
    question = parts.notice(
        turn,
        title=turn.say("birthday.title"),
        body=parts.refusal(turn, "birthday_unread"),
        buttons=(Button(picker(turn, "pick")), parts.cancel(turn)),
    )
    return parts.answer_of(question)


def _no(turn: Turn, code: str) -> Answer:
    return parts.answer_of(parts.text(turn, parts.refusal(turn, code), then=("profile", "card")))


def _confirm(turn: Turn, born: Birthday) -> Answer:
    """Shows the day back, once, with the ways to go on."""
    if no := birthday_refusal(turn, born):
        return _no(turn, no)
    if is_known(turn.facts, born):
        return parts.answer_of(
            parts.text(turn, turn.say("birthday.same"), then=("profile", "card"))
        )
    child = guardian_is_asked(turn, born)
    buttons = [Button(_save_button(turn, "guardian_yes" if child else "save", born, child))]
    if born.year is not None:
        label = "guardian_no_year" if child else "no_year"
        yearless = _save_button(turn, label, replace(born, year=None), child)
        buttons.append(Button(yearless, "secondary"))
    question = parts.notice(
        turn,
        title=turn.say("birthday.confirm"),
        body=guardian_wording(turn.words) if child else "",
        rows=(Row(left=turn.say("profile.birthday"), right=birthday_words(turn.words, born)),),
        note=changes_note(turn),
        buttons=(*buttons, Button(picker(turn, "pick_again"), "link")),
    )
    return parts.answer_of(question)


def _save_button(turn: Turn, label: str, born: Birthday, child: bool) -> PostbackAction:
    guardian = {"guardian": 1} if child else {}
    return parts.button(turn, label, "birthday", save=_date_on_button(born), **guardian)


def _save(turn: Turn, params: Params) -> Answer:
    born = _read(params["save"])
    if born is None:
        return _ask(turn)
    agreed = params.get("guardian") == "1"
    if guardian_is_asked(turn, born) and not agreed:
        return _confirm(turn, born)
    if no := birthday_refusal(turn, born):
        return _no(turn, no)
    if is_known(turn.facts, born):
        return parts.answer_of(
            parts.text(turn, turn.say("birthday.same"), then=("profile", "card"))
        )
    return _keep(turn, born, agreed=agreed)


def _keep(turn: Turn, born: Birthday, *, agreed: bool) -> Answer:
    turn.ask(None)
    told_birthday = ToldBirthday(
        turn.member.id,
        born,
        turn.at,
        guardian_wording=guardian_wording(turn.words) if agreed else None,
    )
    outcome = tell_birthday(turn.under("birthday"), told_birthday)
    if outcome.refused:
        return _no(turn, outcome.refused)
    done = parts.notice(
        turn,
        title=turn.say("birthday.thanks"),
        body=turn.say("birthday.kept", day=birthday_words(turn.words, born)),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=turn.say("total", total=turn.amount(outcome.balance)) if outcome.points else "",
        then=("profile", "card", "points"),
    )
    return parts.answer_of(done, must_reach=True)


def _date_on_button(born: Birthday) -> str:
    """A date as our own buttons carry it: 1983-05-12, or 5/12."""
    month, day = born.month, born.day
    return f"{month}/{day}" if born.year is None else f"{born.year:04}-{month:02}-{day:02}"


def _guardian(turn: Turn) -> str:
    """What a child's guardian is asked; kept word for word when they agree."""
    return turn.say("birthday.guardian", age=turn.programme.profile.guardian_age)
