"""My data as files: all of it as JSON, for other programs, and as one table, for people. LINE's own
browser can keep no file: there the page leads to the telephone's."""

import json

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from handlers.showing import exported
from handlers.showing.viewer import Viewer

from ...current import current_club
from ..reader import pages
from ..session import is_shared, member_page
from ..shell import is_in_line
from .data import account_here, named_by_line


@pages.get("/card/data/my-data.json")
@member_page
def data_json(viewer: Viewer) -> ResponseReturnValue:
    if is_in_line():
        return redirect(url_for("card.data"), 303)
    whole = json.dumps(_export(viewer).data, ensure_ascii=False, indent=2)
    return _file(viewer, whole.encode(), "json", "application/json")


@pages.get("/card/data/my-data.csv")
@member_page
def data_csv(viewer: Viewer) -> ResponseReturnValue:
    if is_in_line():
        return redirect(url_for("card.data"), 303)
    # Excel takes a table for UTF-8 only by this mark.
    table = exported.table(_export(viewer)).encode("utf-8-sig")
    return _file(viewer, table, "csv", "text/csv")


def _export(viewer: Viewer) -> exported.Export:
    with current_club().store.read() as uow:
        who = named_by_line(viewer, uow)
        return exported.export(uow, who, account=account_here(viewer), shares=is_shared(viewer))


def _file(viewer: Viewer, content: bytes, ending: str, kind: str) -> Response:
    name = f"my-data-{viewer.day.isoformat()}.{ending}"
    answer = Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
