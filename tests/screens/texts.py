"""A sheet of every text, as it reads with what typically stands in it: members' as bubbles and
buttons, the staff's as lines. To be looked at, not to be kept."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from rules.base import LANGS, Lang
from rules.programme.programme import Programme
from tests.rules.examples import CAFE, GYM, programme
from tests.rules.wording.rendered import Rendering, rendered

WIDTH = 1760
#: So many texts are still read on one page.
PER_PAGE = 150
#: Where a text is a button's label, or a line of its own, and no bubble.
_LABELS = ("chat.button.", "menu.", "staff.nav.", "card_page.", "counter.", "picture.", "paper.")
_LINES = ("staff.", "scan.", "refused.", "explain.", "activity.", "given.", "voucher.", "sms.")
_STYLE = """
body { margin: 0; padding: 12px; background: #8fa5c4; columns: 5; column-gap: 12px;
  font: 13px/1.45 "Noto Sans CJK JP", sans-serif; }
h1 { column-span: all; margin: 0 0 10px; font-size: 16px; color: #fff; }
div { break-inside: avoid; margin: 0 0 8px; }
small { display: block; font-size: 9px; color: #23364f; overflow-wrap: anywhere; }
p { margin: 1px 0 3px; padding: 5px 9px; border-radius: 10px; background: #fff; width: fit-content;
  max-width: 300px; white-space: pre-wrap; overflow-wrap: anywhere; }
.label p { border-radius: 6px; background: #e9eef5; font-weight: 700; }
.line p { border-radius: 2px; background: #fbf7ee; }
"""


def save_texts(browser: Browser, out: Path) -> Iterator[Path]:
    """Writes the pages of the café in both languages, and of the gym what reads otherwise there."""
    out.mkdir(parents=True, exist_ok=True)
    cafe, gym = programme(CAFE), programme(GYM)
    for lang in LANGS:
        yield from _save(browser, out / f"cafe-{lang}", list(rendered(cafe, lang)))
        yield from _save(browser, out / f"gym-{lang}", list(_otherwise(gym, cafe, lang)))


def _otherwise(one: Programme, other: Programme, lang: Lang) -> Iterator[Rendering]:
    known = set(rendered(other, lang))
    yield from (each for each in rendered(one, lang) if each not in known)


def _save(browser: Browser, path: Path, texts: list[Rendering]) -> Iterator[Path]:
    page = browser.new_page(viewport={"width": WIDTH, "height": 800})
    try:
        for number, first in enumerate(range(0, len(texts), PER_PAGE), start=1):
            part = texts[first : first + PER_PAGE]
            title = f"{path.name} · {part[0].key} – {part[-1].key}"
            head = f"<!doctype html><style>{_STYLE}</style><h1>{title}</h1>"
            page.set_content(head + "".join(map(_item, part)))
            to = path.with_name(f"{path.name}-{number:02}.png")
            page.screenshot(path=to, full_page=True)
            yield to
    finally:
        page.close()


def _item(text: Rendering) -> str:
    kind = (
        "label" if text.key.startswith(_LABELS) else "line" if text.key.startswith(_LINES) else ""
    )
    said = "".join(f"<p>{escape(each)}</p>" for each in text.said)
    return f'<div class="{kind}"><small>{text.key}</small>{said}</div>'
