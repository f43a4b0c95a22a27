"""Where one can go from the counter, and what a page that works without network asks for."""

import base64

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from handlers.club import Club
from handlers.showing.call_list import waiting_for_a_call

from . import layout
from .access import signed, staff_page


def routes(pages: Blueprint, club: Club) -> None:
    """`/staff/more` and `/staff/api/session`."""

    @pages.get("/more")
    @staff_page
    def more() -> ResponseReturnValue:
        # The list costs more than a figure: it is counted where it is shown, for who sees to it.
        count = len(waiting_for_a_call(club)) if signed().desk.manages else 0
        return layout.page("more", call_count=count)

    @pages.get("/api/session", endpoint="api_session")
    @staff_page
    def api_session() -> ResponseReturnValue:
        """Who is signed in where, and what checks a card without network."""
        someone, now = signed(), club.now()
        version = club.timeline().at(now)
        store = version.programme.store(someone.desk.store)
        device = someone.device
        return jsonify(
            csrf=generate_csrf(),
            staff={
                "id": someone.staff_id,
                "name": someone.desk.name,
                "role": someone.desk.role,
            },
            store=someone.desk.store,
            storeName=store.name.in_(someone.language) if store else someone.desk.store,
            device={"id": device.id, "name": device.name} if device else None,
            language=someone.language,
            publicKey=base64.b64encode(club.codes.public_key()).decode(),
            programmeVersion=version.number,
            now=now.isoformat(),
        )
