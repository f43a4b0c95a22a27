"""What the owner, or the night, decides of a journey's test."""

from bot.store.messages import decisions
from bot.store.staff import audit
from rules.journeys.deciding import JourneyDecision

from ..recording.work import Work


def note_decision(work: Work, decision: JourneyDecision) -> bool:
    """Puts it into force for whatever is drawn from now on; False where somebody else decided
    meanwhile. What waits to be sent keeps its arm."""
    if not decisions.add(work.uow, decision):
        return False
    actor = work.actor
    audit.add(
        work.uow,
        f"journey_{decision.step}",
        at=work.now,
        staff_id=actor.staff_id if actor else None,
        journey=decision.journey,
        version=decision.version,
        arm=decision.arm,
        by=decision.by,
    )
    return True
