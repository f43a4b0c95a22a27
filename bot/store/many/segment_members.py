"""In which saved segments members are now: two statements, however many are asked about."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import case, select

from rules.broadcasts.broadcast import Whom
from rules.programme.programme import Programme

from ..engine.db import UnitOfWork
from ..messages import segments
from ..messages.crowds import asked_for, is_among_them
from ..tables import members
from ..tables.club import STANDS


def held_by(
    uow: UnitOfWork,
    programme: Programme,
    day: date,
    *,
    wanted: Collection[str],
    ids: Iterable[int],
) -> dict[int, tuple[str, ...]]:
    """Of the segments `wanted`, by what the file calls them, those that each of these members is in
    on business day `day`. Who is in none, or no member any more, is left out; a segment that there
    isn't, nobody is in."""
    asked_about = sorted(set(ids))
    known = segments.by_slug(uow, wanted) if asked_about else {}
    if not known:
        return {}
    asked, slugs = asked_for(programme, Whom(), day), list(known)
    columns = [case((is_among_them(asked, known[slug].whom), 1), else_=0) for slug in slugs]
    query = select(members.c.id, *columns).where(STANDS, members.c.id.in_(asked_about))
    found = {}
    for member_id, *is_in in uow.run(query):
        held = tuple(slug for slug, yes in zip(slugs, is_in, strict=True) if yes)
        if held:
            found[member_id] = held
    return found
