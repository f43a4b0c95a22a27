"""The counter's poster: what one gets for adding the shop on LINE, in the programme's own words."""

from dataclasses import replace

from handlers.club import Club
from images.poster import GIFTS_MAX, Gift, PosterPicture
from rules.programme.earning import EarningRule

from .views import Scene


def poster_picture(scene: Scene, link: str) -> PosterPicture:
    """The poster whose QR leads to `link`, which adds the account."""
    return PosterPicture(
        shop=scene.shop,
        headline=scene.say("picture.poster.headline"),
        invitation=scene.say("picture.poster.invitation"),
        link=link,
        gifts=_gifts(scene),
        steps=tuple(scene.say(f"picture.poster.{step}") for step in ("scan", "add", "card")),
        foot=scene.programme.shop.legal_name,
    )


def source_poster(club: Club, scene: Scene, code: str) -> PosterPicture:
    """The poster of a source: its QR says by what somebody came, and its foot which one it is, so
    that whoever prints it again takes the same."""
    picture = poster_picture(scene, club.source_link(code))
    return replace(picture, foot=f"{picture.foot}   {code}")


def _gifts(scene: Scene) -> tuple[Gift, ...]:
    """The three best things to say of this programme; there is always something."""
    found = (_joining(scene), _rank(scene), _rewards(scene), _badges(scene), _free(scene))
    return tuple(gift for gift in found if gift is not None)[:GIFTS_MAX]


def _joining(scene: Scene) -> Gift | None:
    """Points for joining, or for each visit."""
    joining, visit = _given(scene, "registration"), _given(scene, "visit")
    for_visit = scene.say("picture.poster.visit", amount=visit) if visit else ""
    if joining:
        return Gift("points", scene.say("picture.poster.joining", amount=joining), for_visit)
    return Gift("points", for_visit, "") if visit else None


def _given(scene: Scene, on: str) -> str:
    """The points of the first rule on `on` that everybody gets, in words; empty without one."""
    rules = (rule for rule in scene.programme.earning if rule.on == on)
    points = next((_points(rule) for rule in rules if _points(rule)), 0)
    return scene.words.amount(points) if points else ""


def _points(rule: EarningRule) -> int:
    plain = rule.award.kind in ("fixed", "first") and not rule.needs_staff
    return int(getattr(rule.award, "points", 0)) if plain else 0


def _rank(scene: Scene) -> Gift | None:
    ladder = scene.programme.ranks
    if ladder is None:
        return None
    return Gift(
        "rank", scene.say("picture.poster.rank"), scene.words.ranks(s.id for s in ladder.steps)
    )


def _rewards(scene: Scene) -> Gift | None:
    # What is given away to a charity is no reason to join.
    own = [r for r in scene.programme.rewards if not r.is_for_others and not r.ranks]
    for_points = [(reward.cost, reward) for reward in own if reward.cost]
    if not for_points:
        return None
    cost, first = min(for_points, key=lambda pair: pair[0])
    return Gift(
        "rewards",
        scene.say("picture.poster.rewards", amount=scene.words.amount(cost)),
        scene.say("picture.poster.rewards_note", reward=first.name.in_(scene.lang)),
    )


def _badges(scene: Scene) -> Gift | None:
    badges = scene.programme.badges
    if not badges:
        return None
    hidden = any(badge.hidden for badge in badges)
    note = scene.say("picture.poster.badges_note") if hidden else ""
    return Gift("badges", scene.say("picture.poster.badges", count=len(badges)), note)


def _free(scene: Scene) -> Gift:
    return Gift("card", scene.say("picture.poster.free"), scene.say("picture.poster.free_note"))
