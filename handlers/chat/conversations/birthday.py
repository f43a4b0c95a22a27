"""Birthday: picked or typed, shown back once, then kept. The year is theirs to leave out."""

from datetime import date

from bot.line.messages import Button, DatePickerAction, PostbackAction, Row
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from rules.facts import Birthday
from rules.programme.birthdays import (
    AGE_MAX,
    check_birthday,
    looks_like_a_date,
    needs_guardian,
    read_birthday,
)
from rules.wording.texts import long_date

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

QUESTION = "birthday"
#: Where the picker opens: most members were born around then.
LIKELY_AGE = 30
#: A leap year, so that 29 February can be said without a year.
_ANY_YEAR = 2000

BirthdayParts = tuple[int | None, int, int]


@conversation("birthday", takes_text=looks_like_a_date)
def birthday(turn: Turn, params: Params) -> Answer:
    """`date` is picked, `text` typed, `save` confirmed; without any of them we ask."""
    if "save" in params:
        return _save(turn, params)
    given = params.get("date") or params.get("text")
    if given is None:
        return _ask(turn)
    born = read_birthday(given)
    return _confirm(turn, born) if born else _unread(turn)


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
    """Whether one more birthday would be taken."""
    return _refused(turn, None) is None


def _refused(turn: Turn, year: int | None) -> str | None:
    no = check_birthday(turn.programme.profile, turn.facts.birthday, year, turn.day)
    return no.code if no else None


def _ask(turn: Turn) -> Answer:
    if no := _refused(turn, None):
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


def _confirm(turn: Turn, born: BirthdayParts) -> Answer:
    """Shows the day back, once, with the ways to go on."""
    year, month, day = born
    if no := _wrong(turn, born):
        return _no(turn, no)
    if _is_known(turn, born):
        return parts.answer_of(
            parts.text(turn, turn.say("birthday.same"), then=("profile", "card"))
        )
    child = _needs_guardian(turn, born)
    buttons = [Button(_save_button(turn, "guardian_yes" if child else "save", born, child))]
    if year is not None:
        label = "guardian_no_year" if child else "no_year"
        yearless = _save_button(turn, label, (None, month, day), child)
        buttons.append(Button(yearless, "secondary"))
    question = parts.notice(
        turn,
        title=turn.say("birthday.confirm"),
        body=_guardian(turn) if child else "",
        rows=(Row(left=turn.say("profile.birthday"), right=date_in_words(turn, year, month, day)),),
        note=_changes_note(turn),
        buttons=(*buttons, Button(picker(turn, "pick_again"), "link")),
    )
    return parts.answer_of(question)


def _save_button(turn: Turn, label: str, born: BirthdayParts, child: bool) -> PostbackAction:
    guardian = {"guardian": 1} if child else {}
    return parts.button(turn, label, "birthday", save=_date_on_button(born), **guardian)


def _changes_note(turn: Turn) -> str:
    most = turn.programme.profile.birthday_changes_max
    used = turn.facts.birthday.changes + 1 if turn.facts.birthday else 0
    return (
        turn.say("birthday.changes", count=most - used)
        if most > used
        else (turn.say("birthday.last_change"))
    )


def _wrong(turn: Turn, born: BirthdayParts) -> str | None:
    year, month, day = born
    if no := _refused(turn, year):
        return no
    if year is not None and date(year, month, day) > turn.day:
        return "birthday_year"
    return None


def _is_known(turn: Turn, born: BirthdayParts) -> bool:
    on_record = turn.facts.birthday
    return on_record is not None and (on_record.year, on_record.month, on_record.day) == born


def _needs_guardian(turn: Turn, born: BirthdayParts) -> bool:
    year, month, day = born
    return needs_guardian(turn.programme.profile, Birthday(month, day, year), turn.day)


def _save(turn: Turn, params: Params) -> Answer:
    born = read_birthday(params["save"])
    if born is None:
        return _ask(turn)
    agreed = params.get("guardian") == "1"
    if _needs_guardian(turn, born) and not agreed:
        return _confirm(turn, born)
    if no := _wrong(turn, born):
        return _no(turn, no)
    if _is_known(turn, born):
        return parts.answer_of(
            parts.text(turn, turn.say("birthday.same"), then=("profile", "card"))
        )
    return _keep(turn, born, agreed=agreed)


def _keep(turn: Turn, born: BirthdayParts, *, agreed: bool) -> Answer:
    year, month, day = born
    turn.ask(None)
    told_birthday = ToldBirthday(
        turn.member.id,
        Birthday(month, day, year),
        turn.at,
        guardian_wording=_guardian(turn) if agreed else None,
    )
    outcome = tell_birthday(turn.under("birthday"), told_birthday)
    if outcome.refused:
        return _no(turn, outcome.refused)
    done = parts.notice(
        turn,
        title=turn.say("birthday.thanks"),
        body=turn.say("birthday.kept", day=date_in_words(turn, year, month, day)),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=turn.say("total", total=turn.amount(outcome.balance)) if outcome.points else "",
        then=("profile", "card", "points"),
    )
    return parts.answer_of(done, must_reach=True)


def date_in_words(turn: Turn, year: int | None, month: int, day: int) -> str:
    """A date as people read it, with its year if they gave one."""
    if year is None:
        return turn.say("birthday.month_day", day=date(_ANY_YEAR, month, day))
    return long_date(turn.lang, date(year, month, day))


def _date_on_button(born: BirthdayParts) -> str:
    """A date as our own buttons carry it: 1983-05-12, or 5/12."""
    year, month, day = born
    return f"{month}/{day}" if year is None else f"{year:04}-{month:02}-{day:02}"


def _guardian(turn: Turn) -> str:
    """What a child's guardian is asked; kept word for word when they agree."""
    return turn.say("birthday.guardian", age=turn.programme.profile.guardian_age)
