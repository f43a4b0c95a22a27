"""Labels for letters by post (`/staff/labels`), for owners: whoever may be written to, twelve a
sheet of A4."""

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.finding.addressees import PostalAddressee
from handlers.actions.heard.labelling import (
    LABELS_MAX,
    NAME_MAX,
    Mailing,
    may_be_written_to,
    write_to,
)
from rules.characters import whole_number
from rules.profile.answers import spaced_postcode
from rules.wording.names import formal

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, owner_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, field, form_work, new_key, number, problem_line
from .noted import noted_letters

#: Labels of 86.4 × 42.3 mm, two by six in the middle of A4 (エーワン 12面 and its like).
PER_SHEET = 12
#: From so many characters on an address is set smaller, and smaller still, to fit.
_LONG, _VERY_LONG = 40, 90

layout.link(72, "staff.labels", "note")


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it is printed. `size` is empty, "long" or "very-long"."""

    postcode: str
    address: str
    name: str
    size: str


@pages.get("/labels")
@owner_page
def labels() -> ResponseReturnValue:
    ranks = current_programme().ranks
    with current_club().reading() as work:
        count = len(may_be_written_to(work, Mailing("")))
        asks = work.programme.profile.step("address") is not None
        noted = noted_letters(work, of_rounds=False)
    return layout.page(
        "labels",
        count=count,
        asks=asks,
        ranks=[(rank.id, rank.name.in_(language())) for rank in ranks.steps] if ranks else [],
        most={"name": NAME_MAX, "labels": LABELS_MAX},
        key=new_key(),
        noted=noted,
        problem=problem_line(),
        done=done_line("staff.letters.done"),
    )


@pages.post("/labels")
@owner_page
def labels_printed() -> ResponseReturnValue:
    """The sheets, and a note with each member that they were written to. A form that is sent twice
    shows the same sheets, but for whom has said no meanwhile."""
    mailing = Mailing(
        field("name", NAME_MAX),
        tuple(request.form.getlist("rank")),
        number("visits") or 0,
        bulk=whole_number(request.form.get("bulk", ""), 9),
    )
    with form_work() as work:
        printed = write_to(work, mailing)
        may = {each.member_id: each for each in may_be_written_to(work, mailing)}
    if printed.refused:
        return back_to("staff.labels", printed.refused, "")
    shown = [_label(may[each]) for each in printed.member_ids if each in may]
    sheets = [shown[start : start + PER_SHEET] for start in range(0, len(shown), PER_SHEET)]
    return layout.page("label_sheets", sheets=sheets, count=len(shown), name=mailing.name)


def _label(to: PostalAddressee) -> Label:
    length = len(to.address)
    size = "very-long" if length > _VERY_LONG else "long" if length > _LONG else ""
    # Letters within Japan are read by its post.
    return Label(spaced_postcode(to.postcode), to.address, formal(to.name, "ja"), size)
