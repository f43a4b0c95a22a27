"""A card that goes to another LINE account, or is put together with another card.

It takes effect at once. For a week no reward of much worth is handed out on it, since whoever had
it may take it back; and what is unusual about it is flagged.
"""

from bot.store.members import members
from bot.store.members.members import Member
from bot.store.staff import audit, flags
from bot.store.staff.flags import Sighting
from handlers.actions.recording.work import Work
from rules.programme.counter import CardMove, move_flags
from rules.programme.rewards import worth_yen

from ..recording.merged_state import back_until

#: How the log names it.
_MOVES = ("merge", "transfer")


def hold(work: Work, member_id: int) -> None:
    """From now on the card is held for a week."""
    members.set_held_until(work.uow, member_id, back_until(work.programme.shop, work.now))


def note_unusual(work: Work, card: Member) -> None:
    """Flags what is unusual about a move of the card by somebody of the staff, which is in the log
    by now: that they make so many in a day, how much the card is worth, or the hour."""
    programme, desk = work.programme, work.staff
    since = programme.shop.opens(work.day)
    move = CardMove(
        at=work.now,
        store=desk.store,
        staff_id=desk.staff_id,
        member_id=card.id,
        worth_yen=worth_yen(programme.rewards, work.settled(card).balance),
        of_the_day=sum(
            len(audit.details_of(work.uow, move, staff_id=desk.staff_id, since=since))
            for move in _MOVES
        ),
    )
    found = move_flags(programme.counter, programme.shop, programme.hours_of(desk.store), move)
    place = Sighting(work.now, work.day, desk.store, desk.staff_id, desk.device_id)
    flags.add(work.uow, found, place)
