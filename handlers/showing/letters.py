"""What somebody wrote to the shop, and what came of what they suggested, to take along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store import UnitOfWork
from bot.store.heard import suggestions
from bot.store.messages import inbox

#: More than anybody writes.
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """One thing that they wrote, or said to the staff."""

    at: datetime
    text: str
    data: dict[str, Any]


def letters_of(uow: UnitOfWork, account: str, cards: Sequence[int]) -> list[WrittenLetter]:
    """What was written in that chat, and what was heard of these cards elsewhere; in order."""
    found = inbox.of_account(uow, account, limit=_ALL) if account else []
    found = sorted([*found, *inbox.heard_of(uow, cards)], key=lambda each: (each.at, each.id))
    became = suggestions.of_letters(uow, [each.id for each in found])
    told = []
    for each in found:
        data: dict[str, Any] = {"at": each.at.isoformat(), "kind": each.kind, "text": each.text}
        if its := became.get(each.id):
            data["suggestion"] = {"state": its.state, "word": its.word}
        told.append(WrittenLetter(each.at, each.text, data))
    return told
