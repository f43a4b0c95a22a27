"""What staff do with reviews: they confirm that one was told, and take one off the public page for
what it does to somebody, never for its stars or for what it says of the shop."""

from dataclasses import replace

from bot.store.heard import reviews
from bot.store.heard.reviews import Reason, Review
from bot.store.members import members, mergers
from handlers.actions.recording.work import Work
from rules.activity import Occasion
from rules.base import Refusal

from ..recording.idempotency import once, once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement, Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out
from .reviewing import note_counted


def confirm_review(work: Work, member_id: int, n: int) -> Outcome:
    """Records the review that waited, for whoever stands for its writer now.

    Refused with review_gone where it doesn't wait any more, or as recording it is.
    """

    def act() -> Outcome:
        keeper = members.lock(work.uow, members.keeper(work.uow, member_id))
        waiting = reviews.get(work.uow, member_id, n)
        if waiting is None or waiting.status != "waiting" or waiting.taken_down:
            return outcome_of_refusal(keeper.id, Refusal("review_gone"))
        asked = Request(keeper.id, Occasion("review"), work.now, work.staff.store)
        outcome = carry_out(work, asked)
        if outcome.done:
            note_counted(work, waiting, outcome)
            note(work, "review_confirmed", member_id=keeper.id)
        return outcome

    return once(work, f"confirm review {member_id} {n}", act)


def count_waiting(work: Work, member_id: int, outcome: Outcome) -> None:
    """Takes a review that staff have vouched for elsewhere, with that `outcome`, for the one that
    waits, on whichever of the member's cards: it earns once."""
    waiting = reviews.waiting_of(work.uow, mergers.with_absorbed(work.uow, member_id))
    if waiting is not None and outcome.done:
        note_counted(work, waiting, outcome)


def take_down(work: Work, review: Review, reason: Reason) -> Acknowledgement:
    """Takes a review off the page, for a reason that is noted for everybody of the staff to read;
    its writer reads it too."""

    def act() -> Acknowledgement:
        members.lock(work.uow, review.member_id)
        now = reviews.get(work.uow, review.member_id, review.n)
        if now is None or not now.is_told or now.taken_down is not None:
            return Acknowledgement("review_gone")
        down = replace(now, taken_down=reason, taken_down_at=work.now)
        reviews.put(work.uow, replace(down, taken_down_by=work.staff.staff_id))
        note(work, "review_taken_down", member_id=review.member_id, why=reason)
        return Acknowledgement()

    asked = f"take down {review.member_id} {review.n} {reason}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def put_back(work: Work, review: Review) -> Acknowledgement:
    """Lets a review be shown again as its writer wishes."""

    def act() -> Acknowledgement:
        members.lock(work.uow, review.member_id)
        now = reviews.get(work.uow, review.member_id, review.n)
        if now is None or now.taken_down is None:
            return Acknowledgement("review_gone")
        back = replace(now, taken_down=None, taken_down_at=None, taken_down_by=None)
        reviews.put(work.uow, back)
        note(work, "review_put_back", member_id=review.member_id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"put back {review.member_id} {review.n}", act)
