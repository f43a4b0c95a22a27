"""The counter's page, where staff scan, and the way to the QR for the customers' side."""

from flask import Blueprint, Response, redirect
from flask.typing import ResponseReturnValue

from handlers.club import Club
from handlers.pages.counter import Opener, counter_path
from rules.base import Lang

from ..frame import layout
from ..frame.access import access, language, signed, staff_page
from ..frame.shell import files_path
from ..frame.words import texts_of_scripts


def routes(pages: Blueprint, club: Club) -> None:
    """`/staff/`, the same without anybody signed in for the service worker, and `/staff/qr`."""

    @pages.get("/")
    @staff_page
    def home() -> ResponseReturnValue:
        return _page(language(), anonymous=False)

    @pages.get("/shell/<any(ja, en):lang>")
    def shell(lang: Lang) -> ResponseReturnValue:
        """The page as it is shown without network: it names nobody, and asks the device's memory
        who works here."""
        return _page(lang, anonymous=True)

    @pages.get("/qr")
    @staff_page
    def qr() -> ResponseReturnValue:
        """The page for a tablet that faces the customers, of the store one works at."""
        desk = signed().desk
        opener = Opener("staff", desk.staff_id)
        if desk.device_id is not None:
            opener = Opener("device", desk.device_id)
        return redirect(counter_path(club, desk.store, opener), 303)


def _page(lang: Lang, *, anonymous: bool) -> Response:
    programme = access().programme()
    return layout.page(
        "scan",
        anonymous=lang if anonymous else None,
        words=texts_of_scripts(lang),
        points=programme.points.name.in_(lang),
        files=files_path(programme),
    )
