"""The phone beside an event's form: the invitation as LINE shows it, of what is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from handlers.actions.events.making import WrittenEvent
from handlers.showing.photos import photo_path
from rules.explaining.event_words import facts_lines, when_line, whom_line
from rules.journeys.programme import whole

from ...current import current_club, current_programme
from ...staff.frame.access import language, manager_page
from ...staff.frame.blueprint import takes_pictures
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..programme.handed_in import art_address, handed_in
from ..programme.preview import Speaker, speaker_of
from . import typed as form_of
from .managed import word
from .typed import TypedEvent

#: What isn't there yet isn't wrong while somebody is typing.
_NOT_YET = ("missing", "moment", "sitting", "places", "first_who")
#: Texts in whose place their field's name stands until then.
_TEXTS = ("title_ja", "about_ja")
#: No sitting of a form has such a number.
_NEW = 10_000


@dataclass(frozen=True, slots=True)
class SentEvent:
    """A form that was sent, its photographs kept: which could be taken, and which can't be used and
    why, by field."""

    typed: TypedEvent
    taken: tuple[str, ...]
    unusable: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EventInvitation:
    """What members read who are told of the event."""

    title: str
    body: str
    #: Its dates, then where it is and what it costs.
    rows: tuple[tuple[str, str], ...]
    #: Whom it is for; empty where that is everybody.
    note: str
    button: str
    #: Where its photograph is; empty for none.
    picture: str
    #: Who says it; None for the account itself.
    speaker: Speaker | None


@pages.post("/events/look", endpoint="look_event")
@manager_page
@takes_pictures
def look_event() -> ResponseReturnValue:
    """The phone, and what is wrong. For the page's script."""
    said = sent_event()
    written = form_of.written(said.typed, current_programme().shop, next_n=_NEW)
    wrong = written.wrong if isinstance(written, TypedEvent) else {}
    told = {name: code for name, code in wrong.items() if code not in _NOT_YET}
    return layout.page(
        "event_look",
        word=word,
        typed=replace(said.typed, wrong=told),
        fields=(*form_of.TEXTS, "segments", "first_ranks"),
        unusable=said.unusable,
        taken=said.taken,
        art=art_address,
        invitation=invitation(said.typed),
    )


def sent_event() -> SentEvent:
    art = handed_in()
    typed = form_of.read(MultiDict({name: list(said) for name, said in art.form.items()}))
    return SentEvent(typed, art.taken, art.unusable)


def invitation(typed: TypedEvent) -> EventInvitation | None:
    """As it stands, in the language of who looks; None where it can't be so."""
    values = dict.fromkeys(form_of.TEXTS, "") | dict(typed.values)
    for name in _TEXTS:
        values[name] = values[name] or word(f"field.{name}")
    if not values["place_ja"]:
        values["place_en"] = ""
    dates = tuple(row for row in typed.rows if row.starts and row.ends and row.places)
    shown = replace(typed, values=values, rows=dates, wrong={})
    for each in (shown, shown.without_first()) if dates else ():
        written = form_of.written(each, current_programme().shop, next_n=_NEW)
        if isinstance(written, WrittenEvent):
            return _of(written)
    return None


def _of(written: WrittenEvent) -> EventInvitation:
    words, event, lang = words_now(), written.event, language()
    dates = tuple((when_line(words, each), "") for each in written.sittings)
    return EventInvitation(
        title=words.say("push.events.invite.title", event=event.title.in_(lang)),
        body=words.name(event.about),
        rows=(*dates, *facts_lines(words, event)),
        note=whom_line(words, event, current_club().now()),
        button=words.say("chat.button.event_join"),
        picture=photo_path(event.picture) if event.picture else "",
        speaker=speaker_of(whole(current_programme()), lang),
    )
