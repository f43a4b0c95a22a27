"""Words that several staff pages say."""

from datetime import datetime

from rules.base import Lang
from rules.wording.refusals import Circumstances, RefusalText, is_refusal, refusal_text
from rules.wording.words import Words

from ...current import current_club, current_programme
from . import layout
from .access import language

#: What the counter's scripts say no to by themselves, without asking us.
SAID_BY_SCRIPTS = ("broken", "goods", "mistyped", "offline_unkept", "offline_unknown", "signed_out")


def words_now() -> Words:
    return Words(current_programme(), language())


def refusal_here(code: str, *, count: int = 0, again_at: datetime | None = None) -> RefusalText:
    """A refusal's words for whoever reads the page. KeyError for no code of ours."""
    now = current_club().now() if again_at else None
    about = Circumstances(now, again_at=again_at, count=count)
    return refusal_text(words_now(), code, "staff", about)


def refusal_line(code: str, *, count: int = 0, again_at: datetime | None = None) -> str:
    """Both sentences of a refusal; empty for what is none, as of an address that somebody typed."""
    known = is_refusal(code)
    return refusal_here(code, count=count, again_at=again_at).whole if known else ""


def texts_of_scripts(lang: Lang) -> dict[str, str | dict[str, str]]:
    """What the counter's scripts say, by its key, for them to fill in."""
    words = Words(current_programme(), lang)
    texts = words.section("staff.page")
    for code in SAID_BY_SCRIPTS:
        no = refusal_text(words, code, "staff")
        texts |= {f"refusal.{code}.why": no.why, f"refusal.{code}.then": no.then}
    return texts


def sms_wording() -> str:
    """What staff read out to the member, and what is kept of it."""
    shop = current_programme().shop
    return layout.words(
        "staff.members.sms.wording", sender=shop.legal_name, shop=shop.name.in_(language())
    )
