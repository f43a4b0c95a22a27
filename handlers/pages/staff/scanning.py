"""The counter's JSON: a scan, what is added to it, and what a device kept while it had no network.

Whatever is understood is answered 200 with a result and a line for staff; a request that is wrong
in itself gets 4xx with `error`. The store and the member of staff are those of the session.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from bot.store import StoreBusy, UnitOfWork
from bot.store.claims import KeyReused
from handlers.actions.add_later import Addition, add_later
from handlers.actions.at_counter import Scan, scan
from handlers.actions.desk import Desk
from handlers.actions.shown import read
from handlers.club import Club
from rules.base import Lang

from .access import signed, staff_page
from .scan_answers import Answer, answer, programme_json
from .scan_requests import BYTES_MAX, SCANS_MAX, AddBody, ScanBody, SyncBody, wrong_fields

Body = TypeVar("Body", bound=BaseModel)


class _Wrong(Exception):
    """The request can't be understood."""

    def __init__(self, error: str, status: int, **more: object) -> None:
        super().__init__(error)
        self.error, self.status, self.more = error, status, more


def routes(pages: Blueprint, club: Club) -> None:
    """`/staff/api/scan`, `add`, `sync` and `programme`."""

    @pages.errorhandler(_Wrong)
    def wrong(problem: _Wrong) -> ResponseReturnValue:
        return jsonify(error=problem.error, **problem.more), problem.status

    @pages.post("/api/scan", endpoint="api_scan")
    @staff_page
    def api_scan() -> ResponseReturnValue:
        body = _body(ScanBody)
        return jsonify(_scan(club, signed().desk, body, signed().language))

    @pages.post("/api/add", endpoint="api_add")
    @staff_page
    def api_add() -> ResponseReturnValue:
        return jsonify(_add(club, signed().desk, _body(AddBody), signed().language))

    @pages.post("/api/sync", endpoint="api_sync")
    @staff_page
    def api_sync() -> ResponseReturnValue:
        return _sync(club, signed().desk, _body(SyncBody), signed().language)

    @pages.get("/api/programme", endpoint="api_programme")
    @staff_page
    def api_programme() -> ResponseReturnValue:
        now = club.now()
        return jsonify(programme_json(club.timeline().at(now), signed().language))


def _body(kind: type[Body]) -> Body:
    try:
        # Of a body without a length no more than this is read.
        request.max_content_length = BYTES_MAX
        return kind.model_validate_json(request.get_data(cache=False))
    except RequestEntityTooLarge:
        raise _Wrong("too_large", 413, most=BYTES_MAX) from None
    except ValidationError as problem:
        raise _Wrong("bad_request", 400, fields=wrong_fields(problem)) from None


@contextmanager
def _once(club: Club) -> Iterator[UnitOfWork]:
    """A transaction, with its troubles as answers."""
    try:
        with club.store.begin() as uow:
            yield uow
    except KeyReused:
        raise _Wrong("key_reused", 409) from None
    except StoreBusy:
        raise _Wrong("busy", 503) from None


def _scan(club: Club, desk: Desk, body: ScanBody, lang: Lang) -> Answer:
    """One scan in a transaction of its own, and its answer as things are after it."""
    now = club.now()
    timeline = club.timeline()
    programme = timeline.at(now).programme
    made_at = body.clocks.happened(now)
    stores = tuple(store.id for store in programme.stores)
    shown = read(club.codes, body.code, stores=stores, now=made_at)
    asked = Scan(body.key, shown, body.code, body.clocks, body.extras)
    with _once(club) as uow:
        scanned = scan(uow, timeline, desk, asked, now=now)
    with club.store.read() as uow:
        return {"scanId": str(body.scan_id)} | answer(uow, timeline, scanned, now=now, lang=lang)


def _add(club: Club, desk: Desk, body: AddBody, lang: Lang) -> Answer:
    if not body.extras.anything:
        raise _Wrong("bad_request", 400, fields=["amount"])
    now, timeline = club.now(), club.timeline()
    scan_key = f"scan:{body.scan_id}" if body.scan_id else None
    addition = Addition(body.key, body.member_number, body.extras, scan_key)
    with _once(club) as uow:
        added = add_later(uow, timeline, desk, addition, now=now)
    with club.store.read() as uow:
        return {"addId": str(body.add_id)} | answer(uow, timeline, added, now=now, lang=lang)


def _sync(club: Club, desk: Desk, body: SyncBody, lang: Lang) -> Response:
    """Each scan by itself: one that is wrong is answered so, and the others go on."""
    if len(body.scans) > SCANS_MAX:
        raise _Wrong("too_many", 413, most=SCANS_MAX)
    return jsonify(answers=[_one_of(club, desk, kept, body.sent_at, lang) for kept in body.scans])


def _one_of(
    club: Club, desk: Desk, kept: dict[str, object], sent_at: datetime | None, lang: Lang
) -> Answer:
    named = kept.get("scanId")
    scan_id = named if isinstance(named, str) and len(named) <= 40 else None
    try:
        body = ScanBody.model_validate_json(json.dumps(kept))
        body = body.model_copy(update={"offline": True, "sent_at": sent_at or body.sent_at})
        return _scan(club, desk, body, lang)
    except ValidationError as problem:
        return {"scanId": scan_id, "error": "bad_request", "fields": wrong_fields(problem)}
    except _Wrong as problem:
        return {"scanId": scan_id, "error": problem.error}
