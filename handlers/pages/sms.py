"""Where the link in each SMS leads (`/s/<code>`): one tap stops them.

The tap is on the page, not the link itself: telephones and mail scanners open links to look at
them, and that must not stop anything.
"""

from flask import Blueprint, Response, make_response, render_template

from bot.store import consents, members
from handlers.actions.sms_consent import stop_sms
from handlers.club import Club
from rules.base import Lang
from rules.texts import say

_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def sms_blueprint(club: Club) -> Blueprint:
    """`/s/<code>`: GET asks, POST stops."""
    pages = Blueprint(
        "sms",
        __name__,
        template_folder="templates",
        static_folder="static/sms",
        static_url_path="/s/static",
    )

    @pages.get("/s/<code>")
    def ask(code: str) -> Response:
        member = _member(club, code)
        if member is None:
            return _page(club, "ja", "unknown", 404)
        with club.store.read() as uow:
            agreed = consents.sms_agreed_at(uow, member.id) is not None
        return _page(club, member.language, "ask" if agreed else "stopped")

    @pages.post("/s/<code>")
    def stop(code: str) -> Response:
        member = _member(club, code)
        if member is None:
            return _page(club, "ja", "unknown", 404)
        with club.store.begin() as uow:
            stop_sms(uow, member.id, channel="sms", now=club.now())
        return _page(club, member.language, "stopped")

    return pages


def _member(club: Club, code: str) -> members.Member | None:
    number = club.codes.read_sms_stop(code)
    if number is None:
        return None
    with club.store.read() as uow:
        member_id = members.by_code(uow, "number", number)
        return members.get(uow, member_id) if member_id is not None else None


def _page(club: Club, lang: Lang, state: str, status: int = 200) -> Response:
    programme = club.timeline().at(club.now()).programme
    shop, contact = programme.shop, programme.privacy.contact.in_(lang)
    html = render_template(
        "sms/page.html",
        lang=lang,
        shop=shop.name.in_(lang),
        title=say(lang, f"sms.{state}.title"),
        body=say(lang, f"sms.{state}.body", shop=shop.name.in_(lang), contact=contact),
        button=say(lang, "sms.button") if state == "ask" else "",
        sender=shop.legal_name,
    )
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
