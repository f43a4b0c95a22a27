"""Handling the events that wait, one after another, without threads of workers."""

from handlers.chat.claims import Shares, claim_next
from handlers.chat.replies import Replies
from handlers.chat.worker import handle
from handlers.club import Club


def handle_next(club: Club, limit: int = 50) -> int:
    """Handles the events that are open now, at most `limit`, one after another, each until LINE has
    answered; gives how many it took up."""
    replies, shares, handled = Replies(club), Shares(), 0
    try:
        while handled < limit and (claims := claim_next(club, shares=shares)):
            handled += 1
            for claim in claims:
                handle(club, claim, replies)
            replies.wait()
            while claim_again := replies.introduced():
                handle(club, claim_again, replies)
                replies.wait()
    finally:
        replies.stop()
    return handled
