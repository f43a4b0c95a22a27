"""Letters by post (`/staff/letters`), for owners: when the programme says that it is time, the list
of those to write to, their labels, and a button that notes that the letters are out."""

from dataclasses import dataclass
from datetime import date

from flask import Response, request
from flask.typing import ResponseReturnValue

from bot.store.finding.addressees import PostalAddressee
from handlers.actions.heard.letters import (
    PostedLetters,
    note_posted,
    noted_name,
    round_now,
    still_among,
    to_write_to,
)
from handlers.actions.recording.log import note
from handlers.showing.tables import written
from images.address_labels import AddressLabel, labels_pdf
from rules.explaining.explain_letters import letter_name
from rules.heard.letters import LetterRound
from rules.profile.answers import spaced_postcode
from rules.wording.names import formal
from rules.wording.texts import long_date

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, owner_page, signed_work
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, form_work, new_key, problem_line
from ..frame.words import refusal_here
from ..members.printing import one_at_a_time
from .noted import NotedLetter, noted_letters

#: For what lists are sealed: which round, and who.
_SEALED_FOR = "letters"
#: So many are shown on the page; the files have all of the list.
_SHOWN_MAX = 100

layout.link(73, "staff.letters", "note")


@dataclass(frozen=True, slots=True)
class LettersOnPage:
    """The round as the page shows it. `list`: what forms send along."""

    name: str
    until: str
    count: int
    shown: list[AddressLabel]
    list: str
    #: Whether somebody has had the letter.
    is_done: bool


@pages.get("/letters")
@owner_page
def letters() -> ResponseReturnValue:
    policy = current_programme().letters
    with current_club().reading() as work:
        asks = work.programme.profile.step("address") is not None
        its = round_now(work)
        found = to_write_to(work, its) if its is not None else []
        following = policy.next_after(work.day) if policy else None
        noted = noted_letters(work, of_rounds=True)
    return layout.page(
        "letters",
        asks=asks,
        next=long_date(language(), following) if following else "",
        its=_on_page(its, found, noted) if its else None,
        noted=noted,
        key=new_key(),
        problem=problem_line(),
        done=done_line("staff.letters.done"),
        left_out=request.args.get("out", 0, type=int),
    )


@pages.post("/letters/labels.pdf")
@owner_page
def letters_labels() -> ResponseReturnValue:
    """The labels of just those whom the page had, but for whom has said no since."""
    posted = _sent_along()
    found = _taken(posted, "labels")
    if not found:
        return back_to("staff.letters", "letters_none", "")
    with one_at_a_time() as is_ours:
        if not is_ours:
            return layout.page("refused", status=429, no=refusal_here("printing"))
        drawn = labels_pdf([_label(each) for each in found], noted_name(posted.begins))
    return _file(drawn, "application/pdf", f"letters-{posted.begins.isoformat()}.pdf")


@pages.post("/letters/list.csv")
@owner_page
def letters_list() -> ResponseReturnValue:
    """The same as a table, for a printing house."""
    posted = _sent_along()
    found = _taken(posted, "list")
    if not found:
        return back_to("staff.letters", "letters_none", "")
    # Excel takes a table for UTF-8 only by this mark.
    table = _table(found).encode("utf-8-sig")
    return _file(table, "text/csv; charset=utf-8", f"letters-{posted.begins.isoformat()}.csv")


def _taken(posted: PostedLetters, what: str) -> list[PostalAddressee]:
    with signed_work() as work:
        found = still_among(work, posted)
        if found:
            note(work, "letters_taken", count=len(found), what=what)
    return found


@pages.post("/letters/posted")
@owner_page
def letters_posted() -> ResponseReturnValue:
    """Notes with each of the list that the letter went to them."""
    posted = _sent_along()
    if "sure" not in request.form:
        return back_to("staff.letters", "letters_unsure", "")
    with form_work() as work:
        outcome = note_posted(work, posted)
    more = {"out": outcome.left_out} if outcome.left_out else {}
    return back_to("staff.letters", outcome.refused, "posted", **more)


def _on_page(
    its: LetterRound, found: list[PostalAddressee], noted: list[NotedLetter]
) -> LettersOnPage:
    name = letter_name(language(), its.begins)
    said = " ".join([its.begins.isoformat(), *(str(each.member_id) for each in found)])
    return LettersOnPage(
        name,
        long_date(language(), its.until - its.until.resolution),
        len(found),
        [_label(each) for each in found[:_SHOWN_MAX]],
        current_club().codes.seal(_SEALED_FOR, said),
        any(each.name == name for each in noted),
    )


def _sent_along() -> PostedLetters:
    """The list that the page had; a 404 for what it never had."""
    said = current_club().codes.unseal(_SEALED_FOR, request.form.get("list", ""))
    if said is None:
        layout.not_found()
    begins, *ids = said.split()
    return PostedLetters(date.fromisoformat(begins), tuple(map(int, ids)))


def _label(to: PostalAddressee) -> AddressLabel:
    # Letters within Japan are read by its post.
    return AddressLabel(spaced_postcode(to.postcode), to.address, formal(to.name, "ja"))


def _table(found: list[PostalAddressee]) -> str:
    head = [layout.words(f"staff.letters.{each}") for each in ("postcode", "address", "name")]
    labels = map(_label, found)
    rows = ((each.postcode.removeprefix("〒"), each.address, each.name) for each in labels)
    return "".join(written(head, rows))


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
