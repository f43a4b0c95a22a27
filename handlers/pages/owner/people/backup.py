"""Back-ups: when the last one was made, one more by a tap, and a copy to take away; and all of the
club, to leave with. Whoever takes one gives their password again, and the code of their app where
they have one: everybody's personal data is in it."""

from flask import Response, current_app, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from bot.archives import DAYS_KEPT, WEEKS_KEPT, Archives
from bot.leaving.export import Leaving, export_stream
from bot.store.engine.dump import DumpFailed
from bot.store.staff import staff
from handlers.actions.recording.log import note
from rules.base import Refusal

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page, signed, signed_work
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line
from ...staff.team.two_steps import prove
from ..frame import layout
from ..frame.blueprint import pages

layout.place(85, "owner.backup")
#: What is asked for where it is no back-up.
ALL = "all"


@pages.get("/backup", endpoint="backup")
@owner_page
def show_backups() -> ResponseReturnValue:
    return _page()


@pages.post("/backup", endpoint="make_backup")
@owner_page
def make_backup() -> ResponseReturnValue:
    """At once. No transaction is open meanwhile."""
    try:
        made = _archives().make(current_club().wall.now())
    except (DumpFailed, OSError) as problem:
        return _page(f"{refusal_line('backup_failed')} ({problem})", 503)
    with signed_work() as work:
        note(work, "backup_made", bytes=made.size)
    return redirect(url_for("owner.backup", done="made"), 303)


@pages.post("/backup/<name>", endpoint="take_backup")
@owner_page
def take_backup(name: str) -> ResponseReturnValue:
    archive = _archives().find(name)
    if archive is None:
        not_found()
    me = prove()
    if isinstance(me, Refusal):
        return _page(refusal_line(me.code), 422, asked=name)
    with signed_work() as work:
        note(work, "backup_taken", bytes=archive.size)
    answer: Response = send_file(
        archive.file, "application/gzip", as_attachment=True, download_name=archive.name
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/backup/all", endpoint="take_all")
@owner_page
def take_all() -> ResponseReturnValue:
    """All that the club has (docs/leaving.md), as it is at this moment. It leaves while it is
    written; who breaks off has a zip that is none."""
    me = prove()
    if isinstance(me, Refusal):
        return _page(refusal_line(me.code), 422, asked=ALL)
    with signed_work() as work:
        note(work, "all_taken")
    club = current_club()
    leaving = Leaving(club.store, club.art.folder, club.codes.key_marks()[0])
    now = club.wall.now()
    answer = Response(export_stream(leaving, now), mimetype="application/zip")
    name = f"kayoi-all-{now:%Y%m%d-%H%M}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _archives() -> Archives:
    archives: Archives = current_app.extensions["kayoi.archives"]
    return archives


def _page(problem: str = "", status: int = 200, *, asked: str = "") -> ResponseReturnValue:
    archives = _archives()
    with current_club().store.read() as uow:
        me = staff.get(uow, signed().staff_id)
    return layout.page(
        "backup",
        status=status,
        archives=archives.everything(),
        folder=archives.folder,
        is_nightly=current_app.extensions["kayoi.patient"].simulator is None,
        days=DAYS_KEPT,
        weeks=WEEKS_KEPT,
        me=me,
        asked=asked or request.args.get("take", ""),
        problem=problem,
        done=forms.done_line("owner.backup.done"),
    )
