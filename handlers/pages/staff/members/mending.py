"""Putting right what is known of a member: name, reading, telephone, note, birthday.

A page may be a day old: what nobody touched on it stays as it is by now.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from handlers.actions.members.profile import (
    NOTE_MAX,
    ProfileEdit,
    ToldBirthday,
    mend_birthday,
    set_profile,
)
from handlers.actions.recording.outcome import Acknowledgement, Outcome, outcome_of_refusal
from handlers.actions.recording.work import Work
from handlers.showing.birthdays import guardian_wording
from handlers.showing.viewer import viewer_as_known
from rules.base import Refusal
from rules.facts import Birthday
from rules.programme.birthdays import read_birthday

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import staff_page
from ..frame.blueprint import pages
from ..frame.forms import form_work
from ..frame.words import words_now
from .member_acts import back
from .member_views import by_number


@dataclass(frozen=True, slots=True)
class Mending:
    """What stands beside the forms: the guardian's words (empty where nobody is asked), and what
    changing a birthday does."""

    guardian: str
    reminders: tuple[str, ...]


def mending_of(who: Member) -> Mending:
    viewer = viewer_as_known(current_club(), who)
    born, asks = viewer.facts.birthday, current_programme().profile.guardian_age
    told = [] if born is None else ["kept"]
    if viewer.facts.counts.get(f"birthday:{viewer.day.year}"):
        told = ["given"]
    if born is not None and born.year is not None:
        told.append("year")
    lines = (layout.words(f"staff.members.mend.{each}") for each in told)
    return Mending(guardian_wording(words_now()) if asks else "", tuple(lines))


@pages.post("/members/<card:number>/profile")
@staff_page
def member_profile(number: str) -> ResponseReturnValue:
    return _mended(number, "profile", lambda work, who: set_profile(work, who.id, _edit()))


def _edit() -> ProfileEdit:
    typed = typed_profile()
    keeps_phone = not typed.phone.strip() and not request.form.get("phone_gone")
    return ProfileEdit(
        typed, typed_profile("was_") if "was_name" in request.form else None, keeps_phone
    )


@pages.post("/members/<card:number>/birthday")
@staff_page
def member_birthday(number: str) -> ResponseReturnValue:
    return _mended(number, "birthday", _mend_birthday)


def _mended(
    number: str, done: str, what: Callable[[Work, Member], Outcome | Acknowledgement]
) -> ResponseReturnValue:
    """Does `what` to whose card it is, unless another card stands for it since: nobody has seen
    what is known by that."""
    with form_work() as work:
        who = by_number(work.uow, number)
        refused = what(work, who).refused if who.number == number else "profile_changed"
    return back(who, refused, done)


def _mend_birthday(work: Work, who: Member) -> Outcome:
    born = read_birthday(forms.field("birthday", 40))
    if born is None:
        return outcome_of_refusal(who.id, Refusal("birthday_unread"))
    year, month, day = born
    agreed = guardian_wording(words_now()) if request.form.get("guardian") else None
    told = ToldBirthday(who.id, Birthday(month, day, year), work.now, agreed, "counter")
    return mend_birthday(work, told)


def typed_profile(prefix: str = "") -> Profile:
    """The fields of the profile as they were typed, or as the page had shown them; what is too long
    the action refuses."""
    form = request.form
    names = ("name", "kana", "phone", "note")
    typed = (form.get(f"{prefix}{name}", "").replace("\0", "") for name in names)
    return Profile(*(text.replace("\r\n", "\n")[: NOTE_MAX + 1] for text in typed))
