"""Badges: those earned, how far the others are, and what earns the next."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue

from handlers.actions.profile.fan_steps import FanAnswer, answer_fan_steps
from handlers.actions.recording.work import Work
from handlers.showing import addresses
from handlers.showing.viewer import Viewer
from rules.explaining.fan_words import fan_view
from rules.wording.card import BadgeView, badge_views, nearest_badge
from rules.wording.texts import day_since

from ..frame import page
from ..reader import pages
from ..session import is_shared, member_page
from .forms import act, ends_on, new_key, owner_only, said


@dataclass(frozen=True, slots=True)
class BadgeOnPage:
    view: BadgeView
    on: str


@pages.get("/card/badges")
@member_page
def badges(viewer: Viewer) -> ResponseReturnValue:
    programme, facts, day = viewer.programme, viewer.facts, viewer.day
    views = badge_views(programme, facts, day=day, lang=viewer.lang)
    shelf = addresses.shelf(viewer.club, viewer.scene, viewer.member, day) if views else None
    earned = [
        BadgeOnPage(view, day_since(viewer.lang, view.earned_on, day))
        for view in views
        if view.earned_on is not None
    ]
    return page(
        viewer,
        "sections/badges",
        said=said(viewer),
        fan=fan_view(viewer.words, facts, day),
        shares=is_shared(viewer),
        key=new_key(),
        count=len(views),
        shelf=shelf,
        # Whatever name the browser asks by, the picture comes from where the page does.
        shelf_path=urlsplit(shelf.url).path if shelf else "",
        earned=earned,
        nearest=nearest_badge(views),
        locked=[view for view in views if view.earned_on is None],
        has_secrets=any(b.hidden and b.id not in facts.badges for b in programme.badges),
    )


@pages.post("/card/badges/fan-steps")
@member_page
@owner_only("card.badges")
def answer_fan(viewer: Viewer) -> ResponseReturnValue:
    """A yes or a no to the fan steps."""
    accepted = request.form.get("begin") == "1"

    def do(work: Work) -> str | None:
        return answer_fan_steps(work, FanAnswer(viewer.member.id, accepted, work.now)).refused

    return ends_on("card.badges", act(do), "fan_begun" if accepted else "fan_declined")
