"""The programme in plain sentences, for anybody: what `program explain` prints, as a page."""

from flask import Blueprint, Response, make_response, render_template

from handlers.showing.charity import all_causes
from rules.base import Lang
from rules.explaining.explain import Section, explain
from rules.outlook.campaign_days import season
from rules.programme.programme import Programme
from rules.wording.explain_earning import campaign_sentence
from rules.wording.words import Words

from .current import current_club, current_programme
from .headers import safe
from .language import page_language

#: What members need not know: the shop's own sending rules.
_OWNERS = ("sending",)
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
        sections=[*_news(programme, lang), *_rules(programme, lang)],
        privacy=words.say("programme.privacy"),
        purpose=programme.privacy.purpose.in_(lang),
        policy_url=programme.privacy.policy_url,
        policy=words.say("programme.policy"),
        contact=programme.privacy.contact.in_(lang),
    )
    return safe(make_response(page), "programme")


def _rules(programme: Programme, lang: Lang) -> list[Section]:
    return [part for part in explain(programme, lang) if part.name not in _OWNERS]


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
