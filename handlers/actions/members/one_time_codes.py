"""One-time codes that people read, type and send: how they look, and how often one may guess."""

import secrets
from datetime import date

from bot.store import UnitOfWork
from bot.store.history import claims
from handlers.actions.recording.work import Work
from rules.characters import as_typed, without_marks

#: Without 0/O and 1/I/L, and without vowels, so that no word comes out.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
#: Nine of 27 letters: 42 bits. With a thousand codes open, a guess hits once in seven billions.
LENGTH = 9
#: So many wrong codes a member may send on a business day, then none is looked at any more.
WRONG_MAX = 10
#: So many times a business day a member may ask for codes by SMS, and may they go to one telephone.
ASKED_MAX = 3


def new_code() -> str:
    """A code nobody can guess. It holds a letter: digits alone are a card number cut short."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not code.isdigit():
            return code


def readable(code: str) -> str:
    """A code in groups that can be read out: "7K2-M9Q-XDF"."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def plain(text: str) -> str:
    """What was typed as a code may be written in the store; "" for what can't be one."""
    letters = without_marks(as_typed(text)).upper()
    is_one = len(letters) == LENGTH and set(letters) <= set(ALPHABET) and not letters.isdigit()
    return letters if is_one else ""


def may_try(uow: UnitOfWork, member_id: int, day: date) -> bool:
    """Whether the member may send another code on business day `day`."""
    return not claims.is_claimed(uow, _guess(member_id, day, WRONG_MAX - 1))


def note_wrong(work: Work, member_id: int, day: date) -> None:
    """Counts a wrong code."""
    for n in range(WRONG_MAX):
        if claims.claim(work.uow, _guess(member_id, day, n), "", at=work.now) is None:
            return


def may_ask(work: Work, who: str) -> bool:
    """Counts that `who` (a member, a telephone) is asked for or to; False where that was too often
    today already."""
    keys = (f"guess:sms:{who}:{work.day.isoformat()}:{n}" for n in range(ASKED_MAX))
    return any(claims.claim(work.uow, key, "", at=work.now) is None for key in keys)


def _guess(member_id: int, day: date, n: int) -> str:
    return f"guess:{member_id}:{day.isoformat()}:{n}"
