"""Labels for letters by post: whoever gets one has been written to, and gets no second one for the
same letter."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.store.finding import addressees
from bot.store.finding.addressees import PostalAddressee, PostalAudience
from bot.store.heard import contacts
from bot.store.heard.contacts import NotedContact
from bot.store.members import members
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note

#: What a letter is called, as each member's contacts have it.
NAME_MAX = 40
#: Twenty sheets of twelve. What is left comes with the next print.
LABELS_MAX = 240
#: So many visits nobody has, and a database holds them.
_VISITS_MAX = 1_000_000
#: A letter of the same name is another one by then: next year's season's greetings.
_SAME_LETTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Mailing:
    """One letter to many members."""

    name: str
    ranks: tuple[str, ...] = ()
    visits_min: int = 0
    #: Only who came within so many days; only who has stayed away for so many.
    within_days: int | None = None
    away_days: int | None = None
    #: Only to those for whom this was chosen (`handlers.actions.many.bulk`).
    bulk: int | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """Whose labels were printed; `refused` is the code where none were."""

    member_ids: tuple[int, ...] = ()
    refused: str | None = None


_LABELLED: TypeAdapter[Labelled] = TypeAdapter(Labelled)


def write_to(work: Work, mailing: Mailing) -> Labelled:
    """Notes among each member's contacts that the letter went to them, LABELS_MAX at the most.

    Refused with labels_nameless, or labels_none where it has gone to everybody it may go to.
    """
    name = " ".join(mailing.name.split())[:NAME_MAX]

    def act() -> Labelled:
        if not name:
            return Labelled(refused="labels_nameless")
        left = _theirs_alone(work, mailing)
        for member_id in sorted(each.member_id for each in left):
            sent = NotedContact(work.now, "mailed", name, work.staff.staff_id, None)
            contacts.add(work.uow, member_id, sent)
            note(work, "mailed", member_id=member_id)
        ids = tuple(each.member_id for each in left)
        return Labelled(ids) if ids else Labelled(refused="labels_none")

    return once_for(_LABELLED, work, f"labels {mailing}", act)


def _theirs_alone(work: Work, mailing: Mailing) -> list[PostalAddressee]:
    """The next of those who wait, locked: nobody whom another print has written to meanwhile."""
    some = waiting(work, mailing)[:LABELS_MAX]
    for member_id in sorted(each.member_id for each in some):
        members.lock(work.uow, member_id)
    still = {each.member_id for each in waiting(work, mailing)} if some else set()
    return [each for each in some if each.member_id in still]


def may_be_written_to(work: Work, mailing: Mailing) -> list[PostalAddressee]:
    """Whom such a letter may go to, by postcode: nobody where the programme doesn't ask where
    people live, and hence says nothing of what for."""
    step = work.programme.profile.step("address")
    if step is None:
        return []
    steps = work.programme.ranks.steps if work.programme.ranks else ()
    ranks = tuple(rank.id for rank in steps if rank.id in mailing.ranks)
    if mailing.ranks and not ranks:
        return []
    agreed = step.consent is not None
    audience = PostalAudience(
        agreed,
        ranks,
        min(mailing.visits_min, _VISITS_MAX),
        came_since=_days_ago(work, mailing.within_days),
        away_since=_days_ago(work, mailing.away_days),
        bulk=mailing.bulk,
    )
    return addressees.addressees(work.uow, audience)


def _days_ago(work: Work, days: int | None) -> datetime | None:
    """When the business day so many days ago began."""
    return work.programme.shop.opens(work.day - timedelta(days=days)) if days is not None else None


def waiting(work: Work, mailing: Mailing) -> list[PostalAddressee]:
    """Those of them to whom it hasn't gone yet."""
    name = " ".join(mailing.name.split())[:NAME_MAX]
    found, since = may_be_written_to(work, mailing), work.now - _SAME_LETTER
    return addressees.without(work.uow, found, name, since=since)
