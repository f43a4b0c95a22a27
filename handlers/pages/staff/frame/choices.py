"""What a reader chooses for themselves on any page: their language, and the store they are at."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from handlers.actions.staff.staffing import choose_language
from handlers.club import Club
from rules.base import Lang

from . import layout
from .access import (
    access,
    choose_language_here,
    choose_store,
    signed,
    signed_or_none,
    staff_page,
)


def routes(pages: Blueprint, club: Club) -> None:
    """`/staff/language` and `/staff/store`."""

    @pages.post("/language", endpoint="choose_language")
    def change_language() -> ResponseReturnValue:
        chosen: Lang = "en" if request.form.get("language") == "en" else "ja"
        someone = signed_or_none()
        if someone is not None:
            with club.store.begin() as uow:
                choose_language(uow, someone.staff_id, chosen)
        choose_language_here(chosen)
        return redirect(layout.after(request.form.get("next")), 303)

    @pages.post("/store", endpoint="choose_store")
    @staff_page
    def change_store() -> ResponseReturnValue:
        store = request.form.get("store", "")
        if signed().chooses_store and access().programme().store(store) is not None:
            choose_store(store)
        return redirect(layout.after(request.form.get("next")), 303)
