"""What members agreed to or were told: when, by which channel, in which words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, delete, or_, select, update

from rules.activity import StepId

from ..engine.db import UnitOfWork
from ..engine.statements import insert_new_statement, of_many
from ..tables import consents

#: Each has its words where a member reads what is held (`chat.my_data.consent.<kind>`).
ConsentKind = Literal[
    "purpose", "guardian", "sms", "sms_stopped", "review", "survey",
    "newsletter", "newsletter_stopped",
    "step_name", "step_kana", "step_age_band", "step_gender", "step_area", "step_interests",
    "step_phone", "step_address",
    "over_name", "over_kana", "over_age_band", "over_gender", "over_area", "over_interests",
    "over_phone", "over_address",
]  # fmt: skip
#: Agreeing to what a step of the profile is used for; and how it is kept once it is taken back.
OF_STEPS: Final[Mapping[StepId, tuple[ConsentKind, ConsentKind]]] = {
    "name": ("step_name", "over_name"),
    "kana": ("step_kana", "over_kana"),
    "age_band": ("step_age_band", "over_age_band"),
    "gender": ("step_gender", "over_gender"),
    "area": ("step_area", "over_area"),
    "interests": ("step_interests", "over_interests"),
    "phone": ("step_phone", "over_phone"),
    "address": ("step_address", "over_address"),
}
#: Agreeing to SMS, and taking that back: the later one counts.
SMS: Final = "sms"
SMS_STOPPED: Final = "sms_stopped"
#: Asking for the newsletter, and taking that back: the later one counts.
NEWSLETTER: Final = "newsletter"
NEWSLETTER_STOPPED: Final = "newsletter_stopped"


@dataclass(frozen=True, slots=True)
class Consent:
    kind: ConsentKind
    at: datetime
    channel: str
    wording: str


_NOTE = insert_new_statement(consents, "member_id", "kind", "at", "channel", "wording")


def note(
    uow: UnitOfWork, member_id: int, kind: ConsentKind, *, channel: str, wording: str, at: datetime
) -> None:
    row = {"member_id": member_id, "kind": kind, "at": at, "channel": channel, "wording": wording}
    uow.write(_NOTE, [row])


def take_back(uow: UnitOfWork, member_id: int, kind: ConsentKind, at: datetime) -> None:
    """Removes what was noted for the member and was never theirs."""
    its = (consents.c.member_id == member_id) & (consents.c.kind == kind) & (consents.c.at == at)
    uow.run(delete(consents).where(its))


def of(uow: UnitOfWork, member_id: int) -> list[Consent]:
    rows = uow.run(
        select(consents).where(consents.c.member_id == member_id).order_by(consents.c.at)
    )
    return [Consent(row.kind, row.at, row.channel, row.wording) for row in rows]


def agreed_to_step(uow: UnitOfWork, member_id: int, step: StepId) -> bool:
    """Whether a consent for that step of the profile stands."""
    return OF_STEPS[step][0] in {consent.kind for consent in of(uow, member_id)}


def agreed_to_survey(uow: UnitOfWork, member_id: int, wordings: Collection[str]) -> bool:
    """Whether the member agreed to a question, in one of those words."""
    given = of(uow, member_id)
    return any(each.kind == "survey" and each.wording in wordings for each in given)


def end_step(uow: UnitOfWork, member_id: int, step: StepId) -> None:
    """Takes the consents for that step back: what was agreed to, and when, stays on record."""
    stands, over = OF_STEPS[step]
    mine = (consents.c.member_id == member_id) & (consents.c.kind == stands)
    uow.run(update(consents).where(mine).values(kind=over))


def sms_agreed_at(uow: UnitOfWork, member_id: int) -> datetime | None:
    """Since when the member agrees to SMS; None if they never did or have stopped them since."""
    latest = _latest_on_sms(uow, member_id)
    return latest.at if latest is not None and latest.kind == SMS else None


def stopped_sms(uow: UnitOfWork, member_id: int) -> bool:
    """Whether the member wants no SMS, whatever they say."""
    latest = _latest_on_sms(uow, member_id)
    return latest is not None and latest.kind == SMS_STOPPED


def latest_on_newsletter(uow: UnitOfWork, member_id: int) -> Consent | None:
    """What the member said last of the newsletter; of two words at one moment the no."""
    row = uow.run(
        select(consents)
        .where(
            consents.c.member_id == member_id,
            consents.c.kind.in_((NEWSLETTER, NEWSLETTER_STOPPED)),
        )
        .order_by(consents.c.at.desc(), consents.c.kind.desc())
        .limit(1)
    ).first()
    return Consent(row.kind, row.at, row.channel, row.wording) if row else None


def wants_newsletter(uow: UnitOfWork, member_id: int) -> bool:
    """Whether the member asked for the newsletter, and hasn't stopped it since."""
    latest = latest_on_newsletter(uow, member_id)
    return latest is not None and latest.kind == NEWSLETTER


def _latest_on_sms(uow: UnitOfWork, member_id: int) -> Row[Any] | None:
    return uow.run(
        select(consents.c.kind, consents.c.at)
        .where(consents.c.member_id == member_id, consents.c.kind.in_((SMS, SMS_STOPPED)))
        .order_by(consents.c.at.desc(), consents.c.kind.desc())
        .limit(1)
    ).first()


_ON_SMS = of_many(
    select(consents.c.member_id, consents.c.kind)
    .where(or_(consents.c.kind == SMS, consents.c.kind == SMS_STOPPED))
    .order_by(consents.c.at, consents.c.kind),
    consents.c.member_id,
    "ids",
)


def sms_agreed(uow: UnitOfWork, member_ids: Sequence[int]) -> set[int]:
    """Those of the members who agree to SMS now."""
    rows = uow.ask(_ON_SMS, {"ids": member_ids}) if member_ids else []
    latest = {row.member_id: row.kind for row in rows}
    return {member_id for member_id, kind in latest.items() if kind == SMS}
