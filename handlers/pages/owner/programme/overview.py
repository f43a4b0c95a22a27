"""The programme in sentences, as it would be with the draft, each with its form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue

from rules.editing.labels import name_of
from rules.editing.parts import LISTS, OPTIONAL, OWN_WORDS, SECTIONS, Part, id_of
from rules.explaining.differences import SectionChange
from rules.explaining.explain import explain
from rules.wording.texts import has_text
from rules.wording.words import Words

from ...staff.frame.access import owner_page
from ...staff.frame.forms import done_line, new_key
from ..frame import layout
from ..frame.blueprint import pages
from .drafted import Drafted, drafted_now
from .next_rule import offer_now
from .order import ORDERED

layout.place(10, "owner.programme")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the programme says in one sentence, and the part whose form changes it: None where it
    is the section's."""

    text: str
    part: Part | None
    #: Which of its list's entries it is, from 0; None where their order is of no matter.
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the programme: what is said of it, and what can be done to it."""

    section: str
    title: str
    help: str
    sentences: tuple[Sentence, ...]
    #: Entries of which no sentence speaks.
    unsaid: tuple[Sentence, ...]
    is_list: bool
    #: How many entries can be put into another order; 0 where that says nothing to anybody.
    in_order: int
    #: Whether the programme does without it by now.
    is_off: bool


#: The chapters in the order in which an owner thinks of them.
ORDER = (
    "earning", "campaigns", "rewards", "ranks", "subscriptions", "badges", "streaks", "points",
    "stamp_cards", "purchase", "visits", "journeys", "surveys", "sending", "fan_steps",
    "newsletter", "circle", "profile", "referral", "shop", "stores", "voice", "theme", "card",
    "counter", "limits", "cases", "letters", "privacy",
)  # fmt: skip


@pages.get("/programme")
@owner_page
def programme() -> ResponseReturnValue:
    now = drafted_now()
    done = done_line("owner.done")
    return layout.page(
        "programme",
        chapters=list(_chapters(now)),
        drafted=now,
        done=done,
        offer=offer_now(),
        ordering=request.args.get("order", ""),
        moved=request.args.get("moved", ""),
        key=new_key(),
    )


def _chapters(now: Drafted) -> Iterator[Chapter]:
    names = now.words.segment_names
    sections = explain(now.programme, now.words.lang, hidden=True, segment_names=names)
    said = {each.name: each for each in sections}
    known = [*ORDER, *(each for each in (*SECTIONS, *LISTS) if each not in (*ORDER, OWN_WORDS))]
    for section in known:
        told = said.get(section)
        lines = zip(told.sentences, told.entries, strict=True) if told else ()
        is_list = section in LISTS
        places = _places(now, section)
        sentences = tuple(
            Sentence(text, Part(section, entry), places.get(entry))
            if is_list and entry
            else Sentence(text, None)
            for text, entry in lines
        )
        yield Chapter(
            section,
            title(now.words, section),
            _help(now.words, section),
            sentences,
            tuple(_unsaid(now, section, sentences)),
            is_list,
            len(places),
            is_off=section in OPTIONAL and section not in now.data,
        )


def _places(now: Drafted, section: str) -> dict[str, int]:
    """The entries of a list whose order members see, each with its place in the file."""
    entries = now.data.get(section, []) if section in ORDERED else []
    return {id_of(entry): place for place, entry in enumerate(entries)}


def _unsaid(now: Drafted, section: str, said: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The entries of a list that have no sentence of their own, by name."""
    spoken = {each.part.id for each in said if each.part}
    for entry in getattr(now.programme, section) if section in LISTS else ():
        if entry.id not in spoken:
            is_journey = section == "journeys"
            text = (
                now.words.say(f"journey.kind.{entry.kind}")
                if is_journey
                else name_of(now.words, entry)
            )
            yield Sentence(text, Part(section, entry.id), _places(now, section).get(entry.id))


def title(words: Words, section: str) -> str:
    """What a section is called."""
    own = f"owner.section.{section}"
    return words.say(own if has_text(words.lang, own) else f"explain.title.{section}")


def titled(words: Words, changes: Iterable[SectionChange]) -> tuple[SectionChange, ...]:
    """What only the file has a name for, by the name that the console has for it."""
    return tuple(_titled(words, each) for each in changes)


def _titled(words: Words, change: SectionChange) -> SectionChange:
    key = change.title.removeprefix("[").removesuffix("]")
    known = (f"owner.section.{key}", f"explain.title.{key}")
    if key == change.title or not any(has_text(words.lang, each) for each in known):
        return change
    return replace(change, title=title(words, key))


def _help(words: Words, section: str) -> str:
    key = f"owner.section_help.{section}"
    return words.say(key) if has_text(words.lang, key) else ""
