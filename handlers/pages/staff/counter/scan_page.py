"""The counter's page, where staff scan, with what it asks for to work without network; and the way
to the QR for the customers' side."""

import base64

from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from handlers.pages.counter import Opener, open_here
from rules.base import Lang

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, signed, staff_page
from ..frame.blueprint import pages
from ..frame.shell import files_path
from ..frame.words import texts_of_scripts
from .on_today import campaigns_json

layout.link(10, "staff.home", "scan", always=True)
layout.link(40, "staff.qr", "qr", always=True)


@pages.get("/")
@staff_page
def home() -> ResponseReturnValue:
    return _page(language(), anonymous=False)


@pages.get("/shell/<any(ja, en):lang>")
def shell(lang: Lang) -> ResponseReturnValue:
    """The page as it is shown without network: it names nobody, and asks the device's memory
    who works here."""
    return _page(lang, anonymous=True)


@pages.get("/api/session")
@staff_page
def api_session() -> ResponseReturnValue:
    """Who is signed in where, and what checks a card without network."""
    someone, club = signed(), current_club()
    now = club.now()
    version = club.timeline().at(now)
    store = version.programme.store(someone.desk.store)
    device = someone.device
    with club.store.read() as uow:
        campaigns = campaigns_json(
            uow, version.programme, someone.desk.store, someone.language, now=now
        )
    return jsonify(
        csrf=generate_csrf(),
        staff={
            "id": someone.staff_id,
            "name": someone.desk.name,
            "role": someone.desk.role,
            "proof": "pin" if someone.has_pin else "password",
        },
        store=someone.desk.store,
        storeName=store.name.in_(someone.language) if store else someone.desk.store,
        device={"id": device.id, "name": device.name} if device else None,
        language=someone.language,
        publicKeys=[base64.b64encode(key).decode() for key in club.codes.public_keys()],
        programmeVersion=version.number,
        campaigns=campaigns,
        now=now.isoformat(),
    )


@pages.get("/qr")
@staff_page
def qr() -> ResponseReturnValue:
    """The page for a tablet that faces the customers, of the store one works at."""
    desk = signed().desk
    opener = Opener("staff", desk.staff_id)
    if desk.device_id is not None:
        opener = Opener("device", desk.device_id)
    return open_here(desk.store, opener)


def _page(lang: Lang, *, anonymous: bool) -> Response:
    programme = current_programme()
    return layout.page(
        "scan",
        anonymous=lang if anonymous else None,
        words=texts_of_scripts(lang),
        points=programme.points.name.in_(lang),
        files=files_path(programme),
    )
