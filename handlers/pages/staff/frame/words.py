"""Words that several staff pages say."""

from rules.wording.refusals import no
from rules.wording.texts import keys, say
from rules.wording.words import Words

from . import layout
from .access import access, language


def words_now() -> Words:
    return Words(access().programme(), language())


def refused(code: str, *, count: int = 0) -> str:
    """The sentence of a refusal's code; empty for what is none."""
    lang, words = language(), words_now()
    known = keys(lang)
    if f"no.{code}.why" in known:
        told = no(lang, code, points=words.points, count=count)
        return f"{told.why} {told.then}"
    if f"refusal.{code}" in known:
        again = layout.words("staff.members.later")
        visit = words.programme.shop.visit_word
        return say(lang, f"refusal.{code}", visit=visit, points=words.points, again=again)
    own = f"staff.members.no.{code}"
    return layout.words(own) if own in known else ""


def sms_wording() -> str:
    """What staff read out to the member, and what is kept of it."""
    shop = access().programme().shop
    return layout.words(
        "staff.members.sms.wording", sender=shop.legal_name, shop=shop.name.in_(language())
    )
