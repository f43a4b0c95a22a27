"""Monday's five lines as they are sent: in the language that the owners read, or in both."""

from dataclasses import dataclass

from bot.store import UnitOfWork
from bot.store.staff import staff
from handlers.club import Club
from rules.base import LANGS, Lang
from rules.monday.matters import matters
from rules.monday.words import five_lines, note_text, note_title
from rules.wording.words import Words

from .monday import asked_now, gathered


@dataclass(frozen=True, slots=True)
class MondayNote:
    """What is sent."""

    title: str
    text: str


def monday_note(club: Club, langs: tuple[Lang, ...] = ()) -> MondayNote | None:
    """The note of this moment in those languages, else in the owners' own; None while there are no
    members."""
    asked = asked_now(club)
    week = gathered(asked)
    if not week.has_members:
        return None
    if not langs:
        with club.store.read() as uow:
            langs = owners_languages(uow)
    found, texts = matters(week.stakes), []
    address = f"{club.base_url}/owner/"
    for lang in langs:
        words = Words(asked.programme, lang)
        texts.append(note_text(words, five_lines(words, week, found), address))
    return MondayNote(note_title(Words(asked.programme, langs[0])), "\n\n".join(texts))


def owners_languages(uow: UnitOfWork) -> tuple[Lang, ...]:
    """The languages that the owners of today have chosen; both while there is no owner."""
    people = staff.everybody(uow)
    read = {each.language for each in people if each.role == "owner" and each.disabled_at is None}
    return tuple(lang for lang in LANGS if lang in read) or LANGS
