"""Where the link in each SMS leads (`/s/<code>`): one tap stops them.

The tap is on the page, not the link itself: telephones and mail scanners open links to look at
them, and that must not stop anything.
"""

from dataclasses import dataclass
from typing import Literal

from flask import Blueprint, Response, make_response, render_template

from bot.codes import sms_stop_name
from bot.store.members import consents, members, profiles
from handlers.actions.members.sms_consent import stop_sms_to
from rules.base import Lang
from rules.wording.refusals import refusal_text
from rules.wording.words import Words

from .current import current_club, current_programme
from .headers import safe

pages = Blueprint(
    "sms",
    __name__,
    template_folder="templates",
    static_folder="static/sms",
    static_url_path="/s/static",
)


@pages.get("/s/<code>")
def ask(code: str) -> Response:
    recipient = _recipient(code)
    if recipient is None:
        return _unknown()
    with current_club().store.read() as uow:
        agreed = consents.sms_agreed(uow, profiles.with_phone(uow, recipient.phone))
    return _page(recipient.language, "ask" if agreed else "stopped")


@pages.post("/s/<code>")
def stop(code: str) -> Response:
    recipient = _recipient(code)
    if recipient is None:
        return _unknown()
    with current_club().work() as work:
        stop_sms_to(work, recipient.phone, channel="sms")
    return _page(recipient.language, "stopped")


@dataclass(frozen=True, slots=True)
class _LinkRecipient:
    """Whoever was sent the link: their telephone (E.164) and language."""

    phone: str
    language: Lang


def _recipient(code: str) -> _LinkRecipient | None:
    """None where no such link goes to the member's telephone of today."""
    name = sms_stop_name(code)
    if name is None:
        return None
    club = current_club()
    with club.store.read() as uow:
        # In SMS of before it was the card's number.
        named = members.by_code(uow, "number" if name.isdigit() else "stop", name)
        holder = members.keeper(uow, named) if named is not None else None
        member = members.get(uow, holder) if holder is not None else None
        phone = profiles.get(uow, member.id).phone if member is not None else ""
    if member is None or not phone or not club.codes.is_sms_stop(code, phone):
        return None
    return _LinkRecipient(phone, member.language)


def _unknown() -> Response:
    no = refusal_text(Words(current_programme(), "ja"), "sms_link_unknown", "member")
    return _answer("ja", no.why, no.then, status=404)


def _page(lang: Lang, state: Literal["ask", "stopped"]) -> Response:
    programme = current_programme()
    words = Words(programme, lang)
    shop, contact = programme.shop.name.in_(lang), programme.privacy.contact.in_(lang)
    return _answer(
        lang,
        words.say(f"sms.{state}.title"),
        words.say(f"sms.{state}.body", shop=shop, contact=contact),
        button=words.say("sms.button") if state == "ask" else "",
    )


def _answer(lang: Lang, title: str, body: str, *, button: str = "", status: int = 200) -> Response:
    shop = current_programme().shop
    html = render_template(
        "sms/page.html",
        lang=lang,
        shop=shop.name.in_(lang),
        title=title,
        body=body,
        button=button,
        sender=shop.legal_name,
    )
    return safe(make_response(html, status), "sms")
