"""What members write to the staff: one message of LINE's, edited or taken back in whichever order
the news of it comes."""

from typing import get_args

from bot.store.members import changes
from bot.store.messages import inbox
from bot.store.messages.inbox import InboxKind, Letter
from handlers.actions.recording.work import Work

from .context import Turn

#: What is remembered of a message: that it was taken back, and when its words were written.
UNSENT, WRITTEN = "unsent", "written"


def letter_key(message_id: str, kind: str) -> str:
    """A letter's outside key: by LINE's message id, which is what an unsend names."""
    return f"line:{message_id}:{kind}"


def subject(work: Work, message_id: str) -> tuple[str, ...]:
    """What is remembered of a message is remembered under this."""
    return work.codes.marks("message", message_id)


def known(turn: Turn) -> Letter | None:
    """The letter that the message had become."""
    if turn.message_id is None:
        return None
    keys = [letter_key(turn.message_id, kind) for kind in get_args(InboxKind)]
    return inbox.under_one_of(turn.uow, keys)


def was_unsent(turn: Turn) -> bool:
    """Whether the member has taken the message back, of which we heard before it."""
    if turn.message_id is None:
        return False
    return changes.last(turn.uow, subject(turn.work, turn.message_id), UNSENT) is not None


def is_newest(turn: Turn) -> bool:
    """Whether no later wording of this message is known."""
    if turn.message_id is None:
        return True
    return changes.newest(turn.uow, subject(turn.work, turn.message_id), WRITTEN, at=turn.at)
