"""Telling that a card was moved, or that it is back, to every account that had one of the cards."""

from bot.store.messages import outbox, outbox_by_member
from bot.store.messages.outbox import MessageKey
from rules.judging.replay import RecordedActivity

from ..recording.merged_state import StateBeforeMerge, back_until, last_day_back, state_before
from ..recording.work import Recording, Work
from .messages import SayCardMoved, dump

#: What the token in the button is sealed for.
_PURPOSE = "card move"


def back_token(work: Work, other_id: int, seq: int) -> str:
    """What the button that takes a merging back says: whose closing activity it is."""
    return work.codes.seal(_PURPOSE, f"{other_id} {seq}")


def read_token(work: Work, token: str) -> tuple[int, int] | None:
    """The merged card's id, and its closing activity's number; None for no token of ours."""
    other_id, _, seq = (work.codes.unseal(_PURPOSE, token) or "").partition(" ")
    return (int(other_id), int(seq)) if other_id else None


def tell_moves(work: Work) -> None:
    """Queues what each account is told of the mergings that were recorded in this work."""
    for each in work.recorded:
        before = state_before(each.what)
        if before is not None:
            _tell(work, each, before)


def _tell(work: Work, merging: Recording, before: StateBeforeMerge) -> None:
    other_id, seq = merging.before.id, merging.outcome.seq
    say = SayCardMoved(
        how="joined",
        on=work.day,
        store=work.actor.store if work.actor else None,
        back=back_token(work, other_id, seq),
        until=last_day_back(work.programme.shop, work.now),
    )
    for user_id, card in before.told.items():
        if user_id == before.asked_by:
            continue
        how = "moved" if user_id == before.lost else "joined"
        said = say.model_copy(update={"how": how})
        _queue(work, said, card, f"{other_id}:{seq}", user_id)


def tell_back(work: Work, merged: RecordedActivity, *, other_id: int, by: str = "") -> None:
    """Tells those who had one of the cards of a merging that was undone that both are as they were,
    and drops what they were still to hear of it; `by`: who took it back, and knows."""
    before = state_before(merged.activity.what)
    period = f"{other_id}:{merged.seq}"
    say = SayCardMoved(how="back", on=work.day)
    for user_id, card in before.told.items() if before else ():
        outbox_by_member.retract(work.uow, card, [say.journey()], [period])
        if user_id != by:
            _queue(work, say, card, f"{period}:back", user_id)


def _queue(work: Work, say: SayCardMoved, card: int, period: str, user_id: str) -> None:
    # By the account's own mark, so that several of one card are told.
    mark = work.codes.marks("told", user_id)[0][:12]
    outbox.queue(
        work.uow,
        MessageKey(card, say.journey(), f"{period}:{mark}"),
        dump(say),
        topic=None,
        now=work.now,
        useful_until=back_until(work.programme.shop, work.now),
        user_id=user_id,
    )
