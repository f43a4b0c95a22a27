"""By what members are asked for: what a form or an address says, a filter with a name, and whose
members the reader may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from bot.store import UnitOfWork
from bot.store.messages import segments
from bot.store.messages.crowds import CrowdAsked, asked_for
from bot.store.messages.segments import Segment
from rules.broadcasts.broadcast import Whom
from rules.broadcasts.life import unfit_filter
from rules.characters import whole_number
from rules.editing.broadcasts import FILTER, by_field, read_whom, values_of, whom_in_words
from rules.editing.fields import Filled, FormField
from rules.editing.typed import Form, read

from ...current import current_club, current_programme
from ...staff.frame.access import signed
from ...staff.frame.words import refusal_line, words_now
from ..frame.choices import is_only_store

SEGMENT = "segment"


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What somebody asks for."""

    values: Mapping[str, Any]
    #: What it comes to; None while it can't be so.
    whom: Whom | None
    segment: Segment | None = None
    #: What is wrong, by the field ("" for the whole).
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> CrowdAsked | None:
        """Whom it asks for; None where that is nobody."""
        return self._asked(self.whom) if self.whom and not self.problems else None

    def _asked(self, whom: Whom) -> CrowdAsked:
        programme = current_programme()
        day = programme.shop.business_date(current_club().now())
        named = (self.segment.whom,) if self.segment else ()
        return asked_for(programme, whom, day, (*named, *own_store()))

    @property
    def fields(self) -> tuple[FormField, ...]:
        return Filled(self.values, self.problems).fields(FILTER)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What a form or an address says of it."""
        return list(_pairs(self.values, self.segment))

    @property
    def address(self) -> dict[str, list[str]]:
        """The same by name."""
        found: dict[str, list[str]] = {}
        for name, value in self.pairs:
            found.setdefault(name, []).append(value)
        return found

    @property
    def said(self) -> list[str]:
        """What it asks, in words."""
        return list(whom_in_words(words_now(), self.whom)) if self.whom else []


def _pairs(values: Mapping[str, Any], segment: Segment | None) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for each in value if isinstance(value, list | tuple) else (value,):
            yield name, str(each)
    if segment is not None:
        yield SEGMENT, str(segment.id)


def own_store() -> tuple[Whom, ...]:
    """What holds besides for whoever reads: a manager has the members of their store, which are all
    where there is no other."""
    someone = signed()
    if someone.everywhere or is_only_store(someone.desk.store):
        return ()
    return (Whom(stores=(someone.desk.store,)),)


def filter_of(uow: UnitOfWork, given: Form) -> MemberFilter:
    """What a form or an address says."""
    values = read(FILTER, given)
    whom = read_whom(values)
    chosen = whole_number("".join(given.get(SEGMENT, ())[-1:]), 9)
    segment = segments.get(uow, chosen) if chosen else None
    if not isinstance(whom, Whom):
        return MemberFilter(values, None, segment, by_field(words_now(), whom))
    if chosen and segment is None:
        return MemberFilter(values, whom, problems={"": refusal_line("segment_gone")})
    for each in (whom, *((segment.whom,) if segment else ())):
        if no := unfit_filter(each, current_programme()):
            return MemberFilter(values, whom, segment, {"": refusal_line(no.code)})
    return MemberFilter(values, whom, segment)


def filter_of_segment(segment: Segment) -> MemberFilter:
    """What the filter with a name says, to be changed."""
    no = unfit_filter(segment.whom, current_programme())
    problems = {"": refusal_line(no.code)} if no else {}
    return MemberFilter(values_of(segment.whom), segment.whom, problems=problems)


def asked_by_address() -> Form:
    return dict(request.args.lists())


def asked_by_form() -> Form:
    return dict(request.form.lists())
