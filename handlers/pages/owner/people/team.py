"""The team at a glance: who may what and where, who was there when, and what still waits. What is
done about anybody is done on the staff's own pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.staff import devices, invitations, staff_sessions
from bot.store.staff.invitations import Invitation
from bot.store.staff.staff import StaffMember
from rules.editing.labels import label
from rules.editing.parts import controls
from rules.wording.texts import show

from ...current import current_club, current_programme
from ...staff.frame import layout as desk_layout
from ...staff.frame.access import manager_page, signed
from ...staff.frame.words import words_now
from ...staff.team.team import managed_people
from ..frame import layout
from ..frame.blueprint import pages

layout.place(70, "owner.team")

#: Who wasn't there for so long may have left without anybody saying so.
AWAY_LONG = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One of the team, with what stands beside their name."""

    person: StaffMember
    seen_at: datetime | None
    #: Their invitation, if it waits.
    invited: Invitation | None
    is_away_long: bool

    @property
    def needs_second_step(self) -> bool:
        """Whether they may do much with a password alone."""
        return self.person.manages and not self.person.has_two_steps


@pages.get("/team", endpoint="team")
@manager_page
def show_team() -> ResponseReturnValue:
    club, someone = current_club(), signed()
    now = club.wall.now()
    with club.store.read() as uow:
        people, waiting = _team(uow, now)
        registered = [each for each in devices.everything(uow) if someone.may_act_at(each.store)]
    names = {each.person.id: each.person.name for each in people}
    return layout.page(
        "team",
        people=[each for each in people if each.person.disabled_at is None],
        gone=[each.person for each in people if each.person.disabled_at is not None],
        devices=registered,
        waiting=[each for each in waiting if each.store and someone.may_act_at(each.store)],
        names=names,
        limits=_limits() if someone.desk.role == "owner" else (),
        role=desk_layout.role,
        store_name=desk_layout.store_name,
    )


def _team(uow: UnitOfWork, now: datetime) -> tuple[list[TeamMember], list[Invitation]]:
    """Those the reader manages, and all invitations that wait."""
    seen, waiting = staff_sessions.last_seen(uow), invitations.waiting(uow, at=now)
    invited = {each.staff_id: each for each in waiting if each.kind == "password"}
    people = [
        TeamMember(
            person,
            seen.get(person.id),
            invited.get(person.id),
            person.password_hash is not None
            and now - seen.get(person.id, person.created_at) > AWAY_LONG,
        )
        for person in managed_people(uow)
    ]
    return people, waiting


def _limits() -> list[tuple[str, str]]:
    """What staff may enter by themselves, and how much."""
    words, limits = words_now(), current_programme().limits
    values = ((each, getattr(limits, each.key)) for each in controls("limits"))
    return [(label(words, each), show(words.lang, value)) for each, value in values if value]
