"""Unusual patterns at the counter (`/staff/flags`), for those who manage to look at."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.staff import devices, flags, staff
from bot.store.staff.flags import StoredFlag
from handlers.actions.recording.log import note
from rules.characters import whole_number
from rules.explaining.explain_journeys import journey_name
from rules.wording.texts import show
from rules.wording.words import Words

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, manager_page, signed, signed_work
from ..frame.blueprint import pages

SHOWN_MAX, ALARMS_MAX = 50, 5


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag as it is read: what was seen, when and where, whose card (None: nobody's, empty: of
    somebody who was erased), what to make of it, and who has looked at it, or that it is over
    (empty: it waits)."""

    id: int
    what: str
    advice: str
    when: str
    where: str
    card: str | None
    seen: str


layout.link(100, "staff.flags", "alert")


@pages.get("/flags", endpoint="flags")
@manager_page
def listed() -> ResponseReturnValue:
    before = _page_before()
    with current_club().store.read() as uow:
        found = flags.page(uow, store=_store(), limit=SHOWN_MAX + 1, before=before)
        people, known = staff.names(uow), devices.names(uow)
        told = [_flag_view(uow, flag, people, known) for flag in found[:SHOWN_MAX]]
    older = told[-1].id if len(found) > SHOWN_MAX and told[-1].seen else None
    return layout.page("flags", flags=told, older=older)


@pages.post("/flags/<int:flag_id>/seen")
@manager_page
def flag_seen(flag_id: int) -> ResponseReturnValue:
    by = signed().staff_id
    with signed_work() as work:
        flag = flags.mark_seen(work.uow, flag_id, store=_store(), by=by, at=work.now)
        if flag is not None:
            note(work, "flag_seen", member_id=flag.member_id, kind=flag.kind)
    return redirect(url_for("staff.flags"), 303)


def alarms(uow: UnitOfWork) -> list[FlagView]:
    """What concerns the whole club and nobody has looked at, for those who manage."""
    if not signed().desk.manages:
        return []
    people, known = staff.names(uow), devices.names(uow)
    return [
        _flag_view(uow, flag, people, known) for flag in flags.of_the_club(uow, limit=ALARMS_MAX)
    ]


def _journey_names(ids: str) -> str:
    words = Words(current_programme(), language())
    return words.listed(journey_name(words, journey) for journey in ids.split())


def _page_before() -> int | None:
    """Below which number the page begins; None for the newest, and for what is no number."""
    return whole_number(request.args.get("before", ""), 18)


def _store() -> str | None:
    """Whose flags are seen: those of one's own store, or of all."""
    someone = signed()
    return None if someone.everywhere else someone.desk.store


def _flag_view(
    uow: UnitOfWork, flag: StoredFlag, people: dict[int, str], known: dict[int, str]
) -> FlagView:
    lang, place = language(), flag.place
    details = {
        name: layout.store_name(value) if name == "other" else value
        for name, value in flag.details.items()
    }
    if "minutes" in details:
        details["minutes"] = abs(int(details["minutes"]))
    if "journeys" in details:
        details["journeys"] = _journey_names(str(details["journeys"]))
    if "reward" in details:
        reward = current_programme().reward(str(details["reward"]))
        details["reward"] = reward.name.in_(lang) if reward else details["reward"]
    member = members.get(uow, flag.member_id) if flag.member_id is not None else None
    who = people.get(place.staff_id or 0, "")
    device = known.get(place.device_id or 0, "")
    store = layout.store_name(place.store) if place.store else ""
    return FlagView(
        id=flag.id,
        what=layout.words(f"staff.flags.what.{flag.kind}", **details),
        advice=layout.words(f"staff.flags.advice.{flag.kind}"),
        when=show(lang, current_programme().shop.local(place.at)),
        where=" · ".join(part for part in (store, who, device) if part),
        card=None if flag.member_id is None else member.number if member else "",
        seen=_seen(flag, people),
    )


def _seen(flag: StoredFlag, people: dict[int, str]) -> str:
    if flag.seen_at is None:
        return ""
    if flag.seen_by is None:
        return layout.words("staff.flags.solved")
    return layout.words("staff.flags.seen_by", name=people.get(flag.seen_by, f"#{flag.seen_by}"))
