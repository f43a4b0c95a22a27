"""What members wrote and nobody has dealt with yet (`/staff/inbox`), and answering it.

LINE's own chat is free and linked; an answer from here is a message of the month's plan.
"""

from dataclasses import dataclass
from uuid import uuid4

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import line_accounts, members, profiles
from bot.store.messages import inbox
from bot.store.staff import staff
from handlers.actions.telling.adopt import adopt_letter
from handlers.actions.telling.answer import ANSWER_LENGTH_MAX, answer_letter
from rules.characters import whole_number
from rules.shop import Shop
from rules.wording.names import formal
from rules.wording.texts import show

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, form_work, problem_line
from ..frame.looks import note_look
from .member_views import member_row

#: Where staff answer by hand (LINE Official Account Manager, chats).
LINE_CHAT = "https://chat.line.biz/"
SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as the page shows it. `number` is None where no member wrote it, `reachable` whether
    an answer from here would arrive, `complaint` whether it is to be read before others, `rank` and
    `last` (the day of the last visit) are empty where there are none, `done` says who dealt with it
    and when."""

    id: int
    kind: str
    name: str
    number: str | None
    when: str
    text: str
    reachable: bool
    key: str
    adopt_key: str
    complaint: bool
    rank: str
    last: str
    done: str
    #: What it changed; empty where it was not adopted.
    adopted: str


layout.link(60, "staff.letters", "talk")


@pages.get("/inbox")
@staff_page
def letters() -> ResponseReturnValue:
    note_look(signed().desk, "letters_seen")
    shop, is_done = current_programme().shop, bool(request.args.get("answered"))
    before = whole_number(request.args.get("before", ""), 18)
    with current_club().store.read() as uow:
        people = staff.names(uow)
        found = (
            inbox.answered_letters(uow, limit=SHOWN_MAX + 1, before=before)
            if is_done
            else inbox.open_letters(uow, limit=SHOWN_MAX)
        )
        shown = [_letter_view(uow, shop, letter, people) for letter in found[:SHOWN_MAX]]
    return layout.page(
        "letters",
        letters=shown,
        is_done=is_done,
        older=shown[-1].id if len(found) > SHOWN_MAX else None,
        line_chat=LINE_CHAT,
        done=done_line("staff.letters.done"),
        problem=problem_line(),
    )


@pages.post("/inbox/<int:letter_id>")
@staff_page
def letter_answer(letter_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "").replace("\0", "")[: ANSWER_LENGTH_MAX + 1]
    if request.form.get("how") == "send" and not text.strip():
        return back_to("staff.letters", "answer_empty", "")
    if request.form.get("how") != "send":
        text = ""
    with form_work() as work:
        outcome = answer_letter(work, letter_id=letter_id, text=text)
    return back_to("staff.letters", outcome.refused, "answered" if text else "closed")


@pages.post("/inbox/<int:letter_id>/adopt")
@staff_page
def letter_adopt(letter_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "").replace("\0", "")[: ANSWER_LENGTH_MAX + 1]
    with form_work() as work:
        outcome = adopt_letter(work, letter_id=letter_id, text=text)
    return back_to("staff.letters", outcome.refused, "adopted")


def _letter_view(
    uow: UnitOfWork, shop: Shop, letter: inbox.Letter, people: dict[int, str]
) -> LetterView:
    lang = language()
    member = members.get(uow, letter.member_id) if letter.member_id is not None else None
    account = line_accounts.get(uow, letter.user_id or "")
    known = profiles.get(uow, member.id).name if member else ""
    name = formal(known or (account.display_name if account else ""), lang)
    row = member_row(uow, member) if member is not None and member.erased_at is None else None
    return LetterView(
        id=letter.id,
        kind=layout.words(f"staff.letters.kind.{letter.kind}"),
        name=name or layout.words("staff.today.nameless"),
        number=member.number if member else None,
        when=show(lang, shop.local(letter.at)),
        text=letter.text,
        reachable=member is not None and account is not None and not account.blocked,
        key=str(uuid4()),
        adopt_key=str(uuid4()),
        complaint=letter.complaint,
        rank=row.rank if row else "",
        last=row.last if row else "",
        done=_done(shop, letter, people),
        adopted=_adopted(uow, letter),
    )


def _adopted(uow: UnitOfWork, letter: inbox.Letter) -> str:
    adopted = letter.adoption
    if adopted is None or history.one(uow, adopted.member_id, adopted.seq) is None:
        return ""
    return layout.words("staff.letters.adopted", text=adopted.text)


def _done(shop: Shop, letter: inbox.Letter, people: dict[int, str]) -> str:
    if letter.answered_at is None:
        return ""
    on = show(language(), shop.local(letter.answered_at))
    name = people.get(letter.answered_by or 0, "")
    return layout.words("staff.letters.done_by", name=name, on=on) if name else on
