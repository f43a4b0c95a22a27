"""What the card's pages share: who looks at one, and what stands there when a link is over."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from flask import Blueprint, Response, make_response, render_template, request

from bot.line.mini_app import MiniApp
from bot.store import UnitOfWork
from bot.store.members import line_accounts, members, profiles
from bot.store.members.members import Member
from handlers.showing.viewer import Viewer, viewer_of
from rules.base import LANGS, Lang
from rules.wording.refusals import RefusalText, refusal_text
from rules.wording.words import Words

from ..counter import colours_css
from ..current import current_club, current_programme
from ..headers import safe

STATIC = Path(__file__).resolve().parents[1] / "static" / "card"
_FILES = ("card.static", "card.colours")
_YEAR = 365 * 24 * 3600

pages = Blueprint(
    "card",
    "handlers.pages",
    template_folder="templates",
    static_folder="static/card",
    static_url_path="/card/static",
)


@pages.get("/card/colours.css")
def colours() -> Response:
    css = colours_css(current_programme().shop.accent)
    return Response(css, content_type="text/css; charset=utf-8")


@pages.url_defaults
def _by_version(endpoint: str, values: dict[str, object]) -> None:
    """The addresses of files change with what is in them."""
    if endpoint in _FILES:
        values.setdefault("v", files_version())


@pages.after_request
def _kept_for_ever(answer: Response) -> Response:
    """LINE's browser has no service worker: it keeps the files, at least. A page that was open
    through an update still gets what there is, but nobody keeps that."""
    if request.endpoint in _FILES:
        is_current = request.args.get("v") == files_version()
        keep = f"public, max-age={_YEAR}, immutable" if is_current else "no-cache"
        answer.headers["Cache-Control"] = keep
    return answer


def files_version() -> str:
    """Another one whenever a file would be another."""
    said = f"{_digest()} {current_programme().shop.accent}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@cache
def _digest() -> str:
    """A digest of the files, as they were when it was first asked."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def reader_of(uow: UnitOfWork, number: str, issue: int) -> Viewer | None:
    """The member with that card; None when there is none, or it was replaced."""
    member_id = members.by_code(uow, "number", number)
    member = members.get(uow, member_id) if member_id is not None else None
    if member is None or member.issue != issue or not stands(member):
        return None
    account = line_accounts.get(uow, member.line_user_id or "")
    known = profiles.get(uow, member.id).name or (account.display_name if account else "")
    return viewer_of(current_club(), member, display_name=known)


def stands(member: Member) -> bool:
    """Whether the card still stands for somebody by itself."""
    return member.merged_into is None and member.erased_at is None


def mini_app_here() -> MiniApp | None:
    """The MINI App, where the browser that asks may be LINE's."""
    app = current_club().mini_app
    return app if app and app.browsers.search(request.user_agent.string) else None


@dataclass(frozen=True, slots=True)
class EnterText:
    """What the page that asks LINE says in one language: at first, and if nothing comes of it."""

    lang: Lang
    title: str
    body: str
    no_card: RefusalText
    away: RefusalText


def enter_page() -> Response | None:
    """The page that asks LINE who opened it; None where LINE can't be asked."""
    app, programme = mini_app_here(), current_programme()
    if app is None:
        return None

    def texts(lang: Lang) -> EnterText:
        words = Words(programme, lang)
        known, none, away = (
            refusal_text(words, code, "member")
            for code in ("card_signed_out", "card_none", "card_line_away")
        )
        return EnterText(lang, known.why, known.then, none, away)

    html = render_template(
        "card/enter.html",
        lang="ja",
        shop=programme.shop.name.ja,
        said=[texts(lang) for lang in LANGS],
        sdk=app.script,
        liff_id=app.liff_id,
        friend_link=_friend_link(),
        add_friend=" / ".join(Words(programme, lang).say("card_page.friend") for lang in LANGS),
    )
    return safe(make_response(html), "mini_app")


def _friend_link() -> str:
    """To the shop's chat; by what they came goes along, where the MINI App's link says it: in its
    own query, or in what LINE hands on of it (LIFF documentation, "liff.state")."""
    handed = parse_qs(request.args.get("liff.state", "").lstrip("/?"))
    code = request.args.get("from") or next(iter(handed.get("from", ())), "")
    known = code.isascii() and code.isalnum()
    return current_club().source_link(code) if known else current_club().add_friend_link()


def end_page(code: str) -> Response:
    """The page behind a link that is no longer good, or where there is no card to show, by its
    refusal's code. Nobody knows who reads it: in both languages."""
    programme = current_programme()
    texts = {lang: refusal_text(Words(programme, lang), code, "member") for lang in LANGS}
    html = render_template(
        "card/ended.html",
        lang="ja",
        shop=programme.shop.name.ja,
        said=[(lang, text.why, text.then) for lang, text in texts.items()],
    )
    return safe(make_response(html, 404), "secret")
