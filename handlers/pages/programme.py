"""The programme in plain sentences, for anybody: what `program explain` prints, as a page. And the
privacy policy, for a shop that has no page of its own for it: all of that follows from the
programme and from what this club does; nobody writes it by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from handlers.club import Club
from handlers.showing.charity import all_causes
from rules.base import Lang
from rules.explaining.explain import Section, told_to_members
from rules.outlook.campaign_days import season
from rules.programme.programme import Programme
from rules.wording.explain_earning import campaign_sentence
from rules.wording.words import Words

from .current import current_club, current_programme
from .headers import safe
from .language import page_language

#: How long before it begins a campaign is named.
_SOON_DAYS = 31

pages = Blueprint(
    "programme",
    __name__,
    template_folder="templates",
    static_folder="static/programme",
    static_url_path="/programme/static",
)


@pages.get("/programme")
def show() -> Response:
    """In Japanese, or with `?lang=en`."""
    language = page_language()
    lang = language.lang
    programme = current_programme()
    words = Words(programme, lang)
    page = render_template(
        "programme/page.html",
        lang=lang,
        language=language,
        title=words.say("programme.title", shop=programme.shop.name.in_(lang)),
        sections=[*_news(programme, lang), *told_to_members(programme, lang)],
        privacy=words.say("programme.privacy"),
        purpose=programme.privacy.purpose.in_(lang),
        policy_url=current_club().policy_link(programme.privacy, lang),
        policy=words.say("programme.policy"),
        contact=programme.privacy.contact.in_(lang),
    )
    return safe(make_response(page), "programme")


def _news(programme: Programme, lang: Lang) -> list[Section]:
    """What is on now or begins soon, by its name; and what became of what was given away."""
    words = Words(programme, lang)
    day = programme.shop.business_date(current_club().now())
    told = tuple(
        words.say("programme.named", name=words.name(c.name), says=campaign_sentence(words, c))
        for c in season(programme, day, within_days=_SOON_DAYS)
    )
    with current_club().store.read() as uow:
        good = all_causes(uow, current_club().timeline(), programme)
    gifts = tuple(
        words.say("programme.named", name=words.name(cause.reward.name), says=line)
        for cause in good
        for line in cause.told(words)
    )
    found = (("season", told), ("charity", gifts))
    return [Section(name, words.say(f"programme.{name}"), lines) for name, lines in found if lines]


@dataclass(frozen=True, slots=True)
class PolicyChapter:
    """A heading with what stands below it: a sentence each."""

    title: str
    sentences: tuple[str, ...]


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    """In Japanese, or with `?lang=en`; where the shop has a page of its own, on to that."""
    language = page_language()
    club, programme = current_club(), current_programme()
    if programme.privacy.policy_url:
        return redirect(programme.privacy.policy_url, 302)
    words = Words(programme, language.lang)
    page = render_template(
        "programme/privacy.html",
        lang=language.lang,
        language=language,
        title=words.say("privacy.title", shop=words.name(programme.shop.name)),
        chapters=list(_chapters(club, programme, words)),
        back=club.programme_link(language.lang),
        back_words=words.say("programme.title", shop=words.name(programme.shop.name)),
    )
    return safe(make_response(page), "programme")


def _chapters(club: Club, programme: Programme, words: Words) -> Iterator[PolicyChapter]:
    told, shop = programme.privacy, programme.shop
    who = words.say("privacy.who.text", sender=shop.legal_name, shop=words.name(shop.name))
    yield PolicyChapter(words.say("privacy.who.title"), (who,))
    yield PolicyChapter(words.say("privacy.purpose.title"), (words.name(told.purpose),))
    yield PolicyChapter(words.say("privacy.kept.title"), tuple(_kept(programme, words)))
    long = (
        words.say("privacy.long.member"),
        words.say("privacy.long.erased"),
        words.say("privacy.long.mark"),
        words.say("privacy.long.copies"),
    )
    yield PolicyChapter(words.say("privacy.long.title"), long)
    abroad = (words.say("profile.abroad"),) if club.sms is not None else ()
    others = (words.say("privacy.others.line"), *abroad, words.say("privacy.others.nobody"))
    yield PolicyChapter(words.say("privacy.others.title"), others)
    yours = (
        words.say("privacy.yours.see"),
        words.say("privacy.yours.mend"),
        words.say("privacy.yours.take"),
        words.say("privacy.yours.stop"),
        words.say("privacy.yours.erase"),
    )
    yield PolicyChapter(words.say("privacy.yours.title"), yours)
    yield PolicyChapter(words.say("privacy.contact.title"), (words.name(told.contact),))


def _kept(programme: Programme, words: Words) -> Iterator[str]:
    """What may be kept of a member, as far as this programme asks for it."""
    yield words.say("privacy.kept.line")
    asked = [words.say(f"profile.title.{step.id}") for step in programme.profile.steps]
    if asked:
        yield words.say("privacy.kept.told", asked=words.listed(asked))
    else:
        yield words.say("privacy.kept.birthday")
    yield words.say("privacy.kept.visits")
    if programme.purchase is not None:
        yield words.say("privacy.kept.purchases")
    yield words.say("privacy.kept.letters")
    yield words.say("privacy.kept.staff")
