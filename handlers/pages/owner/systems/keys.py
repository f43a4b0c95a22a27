"""The keys by which other systems ask us: made here, shown once, and stopped. Whoever makes one
gives their password again, as it lets somebody to every member's data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff import api_keys, staff
from bot.store.staff.api_keys import ApiKey
from handlers.actions.staff.api_keys import (
    DAYS_MAX,
    NAME_MAX,
    KeyAsked,
    MadeKey,
    end_key,
    make_key,
    was_made,
)
from rules.base import Refusal
from rules.characters import whole_number
from rules.scopes import SCOPES, TILL, known_scopes
from rules.wording.texts import long_date

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page, signed, signed_work
from ...staff.frame.layout import store_name, stores
from ...staff.frame.words import refusal_line
from ...staff.team.two_steps import prove
from ..frame import layout
from ..frame.blueprint import pages

layout.place(78, "owner.keys")

#: Nobody looks through more than these.
_SHOWN_MAX = 200
#: How long a key works where nobody says otherwise.
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the page shows it."""

    id: int
    name: str
    begins: str
    #: The texts of what it may do.
    may: tuple[str, ...]
    where: str
    used: str
    until: str
    #: The end of a text's key: works, over or ended.
    state: str


@pages.get("/keys", endpoint="keys")
@owner_page
def show_keys() -> ResponseReturnValue:
    return _page(sure=whole_number(request.args.get("stop", ""), 9))


@pages.post("/keys", endpoint="make_key")
@owner_page
def make() -> ResponseReturnValue:
    key = forms.form_key()
    with current_club().store.read() as uow:
        is_repeat = was_made(uow, key)
    # Before the password: a code of theirs counts once.
    me = Refusal("key_made") if is_repeat else prove()
    if isinstance(me, Refusal):
        return _page(me)
    with signed_work(key) as work:
        made = make_key(work, _asked(), stores=[each.id for each in work.programme.stores])
    if isinstance(made, Refusal):
        return _page(made)
    return _shown(made)


@pages.post("/keys/<int:key_id>/end", endpoint="end_key")
@owner_page
def end(key_id: int) -> ResponseReturnValue:
    with signed_work() as work:
        no = end_key(work, key_id)
    if isinstance(no, Refusal):
        return _page(no)
    return redirect(url_for("owner.keys", done="ended"), 303)


def scope_text(scope: str) -> str:
    """The text that says what a scope allows."""
    return f"owner.keys.scope.{scope.replace(':', '_')}"


def _asked() -> KeyAsked:
    try:
        last_day = date.fromisoformat(forms.field("last_day", 10))
    except ValueError:
        last_day = date.min
    return KeyAsked(
        name=forms.field("name", NAME_MAX),
        scopes=known_scopes(request.form.getlist("scopes")),
        store=forms.field("store", 40) or None,
        last_day=last_day,
        follows=whole_number(forms.field("follows", 9), 9),
    )


def _shown(made: MadeKey) -> ResponseReturnValue:
    """The key itself, on a page that no browser keeps and no address leads to."""
    return layout.page("key_made", name=made.key.name, token=made.token)


def _page(no: Refusal | None = None, *, sure: int | None = None) -> ResponseReturnValue:
    club = current_club()
    now = club.wall.now()
    today = current_programme().shop.local(now).date()
    with club.store.read() as uow:
        kept = api_keys.newest(uow, limit=_SHOWN_MAX)
        me = staff.get(uow, signed().staff_id)
    typed = request.form
    return layout.page(
        "keys",
        status=422 if no else 200,
        lines=list(_lines(kept, now)),
        sure=next((each for each in kept if each.id == sure and each.is_good(now)), None),
        systems=_systems(kept),
        scopes=[(scope, scope_text(scope)) for scope in SCOPES],
        ticked=typed.getlist("scopes") if typed else list(TILL),
        stores=stores(),
        typed=typed,
        me=me,
        today=today.isoformat(),
        last=(today + timedelta(days=DAYS_MAX)).isoformat(),
        in_a_year=(today + _YEAR).isoformat(),
        name_max=NAME_MAX,
        new_key=forms.new_key,
        problem=refusal_line(no.code) if no else "",
        done=forms.done_line("owner.keys.done"),
    )


def _systems(kept: list[ApiKey]) -> list[tuple[int, str]]:
    """The systems that have or had a key: by their newest, how they are called."""
    newest = {key.client: key for key in sorted(kept, key=lambda key: key.id)}
    return [(key.id, f"{key.name} ({key.prefix}…)") for key in newest.values()]


def _lines(kept: list[ApiKey], now: datetime) -> Iterator[KeyLine]:
    lang, local = language(), current_programme().shop.local
    for key in kept:
        # It ends with the day before.
        last = local(key.expires_at) - timedelta(seconds=1)
        state = "ended" if key.ended_at else "works" if key.is_good(now) else "over"
        yield KeyLine(
            key.id,
            key.name,
            key.prefix,
            tuple(scope_text(scope) for scope in key.scopes),
            store_name(key.store),
            long_date(lang, key.used_on) if key.used_on else "",
            long_date(lang, last.date()),
            state,
        )
