"""What makes the counter's page an app: its files by version, a service worker that keeps them, a
manifest and an icon. None of it says anything of anybody, so nobody needs to be signed in."""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Response, send_from_directory
from flask.typing import ResponseReturnValue

from handlers.pages.counter import colours_css
from rules.base import LANGS
from rules.programme.programme import Programme
from rules.wording.texts import keys

from ...current import current_programme
from ...home_screen import icon_of, manifest_of
from .access import language
from .blueprint import pages

_PAGES = Path(__file__).resolve().parents[2]
_STATIC = _PAGES / "static" / "staff"
_TEMPLATES = _PAGES / "templates" / "staff"
_YEAR = 365 * 24 * 3600
_SCRIPT = "text/javascript; charset=utf-8"


@pages.get("/v/<version>/<path:name>")
def file(version: str, name: str) -> ResponseReturnValue:
    """A file of the page. Its address changes with its contents, so it is kept for ever."""
    answer = send_from_directory(_STATIC, name)
    # A page that was open through an update still gets what there is, but nobody keeps it.
    is_current = version == _version(current_programme())
    keep = f"public, max-age={_YEAR}, immutable" if is_current else "no-store"
    answer.headers["Cache-Control"] = keep
    return answer


@pages.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    programme = current_programme()
    told = {
        "VERSION": _version(programme),
        "FILES": kept_files(programme),
        "SHELLS": {lang: f"/staff/shell/{lang}" for lang in LANGS},
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    text = (_STATIC / "sw.js").read_text(encoding="utf-8")
    return Response(head + text, content_type=_SCRIPT)


@pages.get("/sw-sync.js")
def sending_service_worker() -> ResponseReturnValue:
    """The same for browsers that let it send what waits after the page was closed."""
    files = files_path(current_programme())
    lines = (
        'import "/staff/sw.js";',
        f'import {{ answerSync }} from "{files}js/sw-sync.js";',
        "answerSync();",
    )
    return Response("\n".join(lines) + "\n", content_type=_SCRIPT)


@pages.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    return manifest_of("/staff/", language(), lambda size: f"/staff/icon-{size}.png")


@pages.get("/icon-<int:size>.png")
def icon(size: int) -> ResponseReturnValue:
    return icon_of(size)


@pages.get("/colours.css")
def colours() -> ResponseReturnValue:
    css = colours_css(current_programme().shop.accent)
    answer = Response(css, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def files_path(programme: Programme) -> str:
    """Where the page's files are, as long as nothing of them changes."""
    return f"/staff/v/{_version(programme)}/"


#: Files that are asked for elsewhere, or only by pages that need the network anyway.
_NOT_KEPT = ("sw.js", "js/sw-sync.js", "staff.css", "accounts.css", "pin.js", "js/read-card.js")


def kept_files(programme: Programme) -> list[str]:
    """The paths of all that the page needs without network, the page itself left out."""
    base = files_path(programme)
    names = [_name(path) for path in _files() if path.suffix in (".js", ".css", ".wasm")]
    own = [base + name for name in names if name not in _NOT_KEPT]
    around = ["/staff/static/staff.css", "/staff/colours.css", "/staff/icon-192.png"]
    return own + around


def _version(programme: Programme) -> str:
    """Another one whenever the page would look or work differently."""
    shop = programme.shop
    said = (_digest(), shop.accent, shop.name.ja, shop.name.in_("en"), programme.points.name.ja)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:12]


@cache
def _digest() -> str:
    """A digest of the page's files, templates and words, as they were when it was first asked."""
    digest = hashlib.sha256()
    for path in [*_files(), *sorted(_TEMPLATES.glob("*.html"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for lang in LANGS:
        digest.update(repr(keys(lang)).encode())
    return digest.hexdigest()


def _files() -> list[Path]:
    return sorted(path for path in _STATIC.rglob("*") if path.is_file())


def _name(path: Path) -> str:
    return path.relative_to(_STATIC).as_posix()
