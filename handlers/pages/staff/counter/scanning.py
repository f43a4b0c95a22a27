"""The counter's JSON: a scan, what is added to it, and what a device kept while it had no network.

Whatever is understood is answered 200 with a result and a line for staff; a request that is wrong
in itself gets 4xx with `error`. The store and the member of staff are those of the session.
"""

import json
from datetime import datetime, timedelta

import structlog
from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from bot.store.staff import devices
from handlers.actions.counter.add_later import Addition, add_later
from handlers.actions.counter.scan import Scan, scan
from handlers.actions.counter.scanned_code import read

from ...current import current_club
from ..frame.access import SignedInStaff, signed, staff_page
from ..frame.blueprint import pages
from .json_answers import InvalidRequest, body, unreadable, writing
from .scan_answers import JsonAnswer, answer, programme_json
from .scan_requests import SCANS_MAX, AddBody, ScanBody, SyncBody

#: So soon after each other nobody leaves and comes back.
_MOMENT = timedelta(seconds=10)

log = structlog.get_logger(__name__)


@pages.post("/api/scan")
@staff_page
def api_scan() -> ResponseReturnValue:
    return jsonify(_scan(signed(), body(ScanBody)))


@pages.post("/api/add")
@staff_page
def api_add() -> ResponseReturnValue:
    return jsonify(_add(signed(), body(AddBody)))


@pages.post("/api/sync")
@staff_page
def api_sync() -> ResponseReturnValue:
    return _sync(signed(), body(SyncBody))


@pages.get("/api/programme")
@staff_page
def api_programme() -> ResponseReturnValue:
    club = current_club()
    timeline = club.timeline()
    version = timeline.at(club.now())
    barcodes = {"barcodes": timeline.has_barcodes, "prefixes": timeline.barcode_prefixes}
    return jsonify(programme_json(version, signed().language) | barcodes)


def _scan(who: SignedInStaff, asked: ScanBody) -> JsonAnswer:
    """One scan in a transaction of its own, and its answer as things are after it."""
    club = current_club()
    now = club.now()
    timeline = club.timeline()
    stores = tuple(store.id for store in timeline.at(now).programme.stores)
    clocks = asked.clocks.travelled(club.clock.travelled())
    shown = read(
        club.codes,
        asked.code,
        stores=stores,
        now=clocks.happened(now),
        prefixes=timeline.barcode_prefixes,
    )
    what = Scan(shown, asked.code, clocks, asked.extras, asked.via, _MOMENT)
    with writing(who.desk, asked.key) as work:
        scanned = scan(work, what)
        ahead = clocks.ahead(now)
        if who.device is not None and ahead is not None:
            devices.note_clock(work.uow, who.device, round(ahead.total_seconds()))
        told = answer(work, scanned, asked, who.language)
    return {"scanId": str(asked.scan_id)} | told


def _add(who: SignedInStaff, asked: AddBody) -> JsonAnswer:
    if not asked.extras.anything:
        raise InvalidRequest("bad_request", 400, fields=["amount"])
    scan_key = f"scan:{asked.scan_id}" if asked.scan_id else None
    addition = Addition(asked.member_number, asked.extras, scan_key)
    with writing(who.desk, asked.key) as work:
        added = add_later(work, addition)
        told = answer(work, added, asked, who.language)
    return {"addId": str(asked.add_id)} | told


def _sync(who: SignedInStaff, asked: SyncBody) -> Response:
    """Each scan by itself: one that is wrong is answered so, and the others go on."""
    if len(asked.scans) > SCANS_MAX:
        raise InvalidRequest("too_many", 413, most=SCANS_MAX)
    return jsonify(answers=[_one_of(who, kept, asked.sent_at) for kept in asked.scans])


def _one_of(who: SignedInStaff, kept: dict[str, object], sent_at: datetime | None) -> JsonAnswer:
    named = kept.get("scanId")
    scan_id = named if isinstance(named, str) and len(named) <= 40 else None
    try:
        asked = ScanBody.model_validate_json(json.dumps(kept))
        clocks = {"offline": True, "sent_at": sent_at or asked.sent_at}
        return _scan(who, asked.model_copy(update=clocks))
    except ValidationError as problem:
        wrong = unreadable(problem)
    except InvalidRequest as problem:
        wrong = problem
    except Exception:
        # Trouble of ours: it stays with the device, and holds up none of those behind it.
        log.exception("kept_scan_failed")
        wrong = InvalidRequest("busy", 503)
    return {"scanId": scan_id} | wrong.as_json()
