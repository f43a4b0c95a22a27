"""Codes for a web shop: how many are left of each reward, and a file that brings more in. What it
would come to is shown before anything is kept."""

from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from bot.store.history import reward_codes
from bot.store.history.reward_codes import SEALED_FOR, CodeCount
from handlers.actions.programme.reward_codes import add_codes
from rules.editing.code_list import CODES_MAX, CodeList, read_codes
from rules.programme.rewards import Reward

from ...current import current_club, current_programme
from ...staff.frame.access import language, owner_page
from ...staff.frame.forms import back_to, done_line, form_work, new_key, problem_line
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages

layout.place(35, "owner.codes")

#: Of what can't be read so many rows are named.
_NAMED_MAX = 10


@dataclass(frozen=True, slots=True)
class CodeShelf:
    """A reward of codes, and how many there are."""

    id: str
    name: str
    low: int
    count: CodeCount

    @property
    def is_low(self) -> bool:
        return self.count.left <= self.low


@dataclass(frozen=True, slots=True)
class CodesReport:
    """What a file would bring in."""

    read: CodeList
    new: tuple[str, ...]
    #: How many are there already.
    known: int

    @property
    def unread(self) -> str:
        rows = ", ".join(map(str, self.read.unread[:_NAMED_MAX]))
        return f"{rows} …" if len(self.read.unread) > _NAMED_MAX else rows

    @property
    def text(self) -> str:
        """What is sent along to be kept."""
        return " ".join(self.new)


@pages.get("/codes", endpoint="codes")
@owner_page
def shelves() -> ResponseReturnValue:
    return layout.page("codes", shelves=_shelves())


@pages.get("/codes/<reward>", endpoint="codes_of")
@owner_page
def shelf(reward: str) -> ResponseReturnValue:
    return _page(reward)


@pages.post("/codes/<reward>", endpoint="codes_read")
@owner_page
def read_file(reward: str) -> ResponseReturnValue:
    """Tells what the file would come to; nothing is kept."""
    sent = request.files.get("file")
    data = sent.read() if sent else b""
    typed = request.form.get("codes", "").encode()
    read = read_codes(data or typed)
    if read.is_broken or not (read.codes or read.unread):
        return _page(reward, problem="codes_broken", status=400)
    return _page(reward, report=_report(reward, read))


@pages.post("/codes/<reward>/add", endpoint="codes_add")
@owner_page
def keep(reward: str) -> ResponseReturnValue:
    read = read_codes("\n".join(request.form.get("codes", "").split()).encode())
    if read.is_broken or not read.codes:
        return back_to("owner.codes_of", "codes_broken", "", reward=reward)
    with form_work() as work:
        added = add_codes(work, reward, _sealed(read.codes))
    return back_to("owner.codes_of", added.refused, "added", reward=reward)


def _sealed(codes: tuple[str, ...]) -> list[str]:
    club = current_club()
    return [club.codes.seal(SEALED_FOR, code) for code in codes]


def _report(reward: str, read: CodeList) -> CodesReport:
    sealed = dict(zip(_sealed(read.codes), read.codes, strict=True))
    with current_club().store.read() as uow:
        there = reward_codes.known(uow, reward, list(sealed))
    new = tuple(code for each, code in sealed.items() if each not in there)
    return CodesReport(read, new, len(there))


def _shelves() -> list[CodeShelf]:
    with current_club().store.read() as uow:
        counts = reward_codes.counts(uow)
    rewards = [reward for reward in current_programme().rewards if reward.codes]
    return [_shelf(reward, counts.get(reward.id, CodeCount())) for reward in rewards]


def _shelf(reward: Reward, count: CodeCount) -> CodeShelf:
    low = reward.codes.low if reward.codes else 0
    return CodeShelf(reward.id, reward.name.in_(language()), low, count)


def _page(
    reward: str, *, report: CodesReport | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    found = next((each for each in _shelves() if each.id == reward), None)
    if found is None:
        not_found()
    return layout.page(
        "codes_of",
        status=status,
        shelf=found,
        report=report,
        most=CODES_MAX,
        key=new_key(),
        back=url_for("owner.codes"),
        done=done_line("owner.codes.done"),
        problem=refusal_line(problem) or problem_line(),
    )
