"""The programme in plain sentences, for anybody: what `program explain` prints, as a page."""

from flask import Blueprint, Response, make_response, render_template, request

from rules.base import LANGS, Lang
from rules.explaining.explain import explain
from rules.wording.texts import say

from .current import current_programme
from .headers import safe

#: What members need not know: the shop's own sending rules.
_OWNERS = ("sending",)

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
    lang = _language(request.args.get("lang", ""))
    programme = current_programme()
    page = render_template(
        "programme/page.html",
        lang=lang,
        other=next(one for one in LANGS if one != lang),
        title=say(lang, "programme.title", shop=programme.shop.name.in_(lang)),
        switch=say(lang, "programme.switch"),
        sections=[part for part in explain(programme, lang) if part.name not in _OWNERS],
        privacy=say(lang, "programme.privacy"),
        purpose=programme.privacy.purpose.in_(lang),
        policy_url=programme.privacy.policy_url,
        policy=say(lang, "programme.policy"),
        contact=programme.privacy.contact.in_(lang),
    )
    return safe(make_response(page), "programme")


def _language(asked: str) -> Lang:
    return "en" if asked == "en" else "ja"
