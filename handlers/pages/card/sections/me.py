"""Who somebody is to the shop, and what they want to be sent: each can be changed here."""

from dataclasses import dataclass
from typing import Final, get_args

from flask import request
from flask.typing import ResponseReturnValue

from handlers.actions.members.profile import (
    ToldBirthday,
    choose_language,
    tell_birthday,
)
from handlers.actions.members.sms_consent import stop_sms
from handlers.actions.newsletter.topics import (
    TopicsChoice,
    choose_topics,
    stop_all,
    subscriptions,
)
from handlers.actions.recording.work import Work
from handlers.showing.birthdays import (
    birthday_refusal,
    birthday_words,
    changes_note,
    guardian_is_asked,
    guardian_wording,
    is_known,
)
from handlers.showing.profile_steps import birthday_why, profile_view
from handlers.showing.viewer import Viewer
from rules.base import LANGS
from rules.characters import spaced_number
from rules.facts import Birthday
from rules.programme.birthdays import AGE_MAX, read_birthday
from rules.sending.policy import TOPICS, Topic
from rules.wording.texts import long_date, month_word, say

from ...current import current_club
from ..frame import page
from ..reader import pages
from ..session import is_shared, member_page
from .forms import act, ends_on, new_key, owner_only, said
from .profile import asks_profile

#: How the record of a consent calls these pages.
CHANNEL: Final = "card"
#: A leap year, so that 29 February can be chosen.
_ANY_YEAR = 2000


@dataclass(frozen=True, slots=True)
class TopicShown:
    id: str
    name: str
    about: str
    is_on: bool


@pages.get("/card/me")
@member_page
def me(viewer: Viewer) -> ResponseReturnValue:
    words, shares = viewer.words, is_shared(viewer)
    with current_club().store.read() as uow:
        sent = subscriptions(uow, viewer.programme, viewer.member)
        steps = profile_view(viewer, uow) if asks_profile(viewer) else None
    return page(
        viewer,
        "sections/me",
        said=said(viewer),
        number=spaced_number(viewer.member.number),
        joined=long_date(viewer.lang, viewer.facts.joined_on),
        birthday=birthday_words(words, viewer.facts.birthday),
        birthday_why=birthday_why(viewer),
        profile=steps,
        shares=shares,
        may_change_birthday=not shares and birthday_refusal(viewer, None) is None,
        languages=[(lang, say(lang, "chat.language.name")) for lang in LANGS],
        topics=[
            TopicShown(
                topic,
                words.say(f"chat.topics.name.{topic}"),
                words.say(f"chat.topics.about.{topic}"),
                is_on,
            )
            for topic, is_on in sent.topics.items()
        ],
        any_on=sent.are_any,
        has_sms=sent.has_sms,
    )


@pages.post("/card/me/language")
@member_page
def set_language(viewer: Viewer) -> ResponseReturnValue:
    chosen = next((lang for lang in LANGS if lang == request.form.get("to")), viewer.lang)
    with current_club().work("member") as work:
        choose_language(work, viewer.member.id, chosen, at=work.now)
    return ends_on("card.me", None, "language")


@pages.post("/card/me/topics")
@member_page
@owner_only("card.me")
def set_topics(viewer: Viewer) -> ResponseReturnValue:
    """The topic that is named, on or off; without one all of them, off with SMS and newsletter
    too."""
    named, wanted = request.form.get("topic"), request.form.get("on") == "1"
    with current_club().work("member", key=f"card:{new_key()}") as work:
        choice = TopicsChoice(wanted, work.now, viewer.lang, CHANNEL)
        if named is None and not wanted:
            stop_all(work, viewer.member, choice)
        else:
            chosen = TOPICS if named is None else [t for t in get_args(Topic) if t == named]
            choose_topics(work, viewer.member.id, chosen, choice)
    return ends_on("card.me", None, "topics")


@pages.post("/card/me/sms")
@member_page
@owner_only("card.me")
def stop_my_sms(viewer: Viewer) -> ResponseReturnValue:
    with current_club().work("member") as work:
        stop_sms(work, viewer.member.id, channel=CHANNEL, at=work.now)
    return ends_on("card.me", None, "sms")


@pages.get("/card/me/birthday")
@member_page
@owner_only("card.me")
def birthday(viewer: Viewer) -> ResponseReturnValue:
    if no := birthday_refusal(viewer, None):
        return ends_on("card.me", no, "")
    year = viewer.day.year
    months = [viewer.day.replace(_ANY_YEAR, month, 1) for month in range(1, 13)]
    return page(
        viewer,
        "sections/birthday",
        said=said(viewer),
        born=viewer.facts.birthday,
        months=[(each.month, month_word(viewer.lang, each)) for each in months],
        years=range(year, year - AGE_MAX - 1, -1),
    )


@pages.post("/card/me/birthday")
@member_page
@owner_only("card.me")
def set_birthday(viewer: Viewer) -> ResponseReturnValue:
    """Shown back once, with what a child's guardian is asked; then kept."""
    born = _chosen()
    if born is None:
        return ends_on("card.birthday", "birthday_unreal", "")
    if no := birthday_refusal(viewer, born):
        return ends_on("card.me", no, "")
    if is_known(viewer.facts, born):
        return ends_on("card.me", None, "birthday_same")
    asks, agreed = guardian_is_asked(viewer, born), "guardian" in request.form
    if "yes" not in request.form or (asks and not agreed):
        return _ask(viewer, born, asks=asks)
    told = ToldBirthday(
        viewer.member.id,
        born,
        current_club().now(),
        guardian_wording=guardian_wording(viewer.words) if asks else None,
        channel=CHANNEL,
    )

    def keep(work: Work) -> str | None:
        return tell_birthday(work, told).refused

    return ends_on("card.me", act(keep), "birthday")


def _ask(viewer: Viewer, born: Birthday, *, asks: bool) -> ResponseReturnValue:
    year = {} if born.year is None else {"year": str(born.year)}
    return page(
        viewer,
        "sections/sure",
        title=viewer.words.say("chat.birthday.confirm"),
        figure=birthday_words(viewer.words, born),
        body=changes_note(viewer),
        check=("guardian", guardian_wording(viewer.words)) if asks else None,
        action="card.set_birthday",
        sent={
            "month": str(born.month), "day": str(born.day), **year, "yes": "1", "key": new_key(),
        },
        button="chat.button.save",
        back="card.birthday",
    )  # fmt: skip


def _chosen() -> Birthday | None:
    """The day that the form says; None for none, or one that there is not."""
    form = request.form
    day = f"{form.get('month', '')}/{form.get('day', '')}"
    given = f"{form['year']}/{day}" if form.get("year") else day
    found = read_birthday(given[:20])
    return Birthday(found[1], found[2], found[0]) if found else None
