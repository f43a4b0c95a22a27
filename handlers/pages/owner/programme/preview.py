"""The phone beside a form: what members will see of a part, as it stands in the form now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from handlers.showing import views
from handlers.showing.menus import menu_pictures
from handlers.showing.views import Scene
from images.address_labels import AddressLabel
from images.badge import draw_badge
from images.banner import draw_banner
from images.calendar import draw_calendar
from images.card import draw_card
from images.greeting import draw_greeting
from images.icon import draw_icon
from images.new_year import draw_new_year
from images.rich_menu import menu_preview
from rules.base import Lang
from rules.checking.reading import InvalidProgramme
from rules.editing.parts import Part
from rules.editing.sample import SampleMessage, sample_message
from rules.editing.taps import journey_known
from rules.explaining.explain import Section, explain, told_to_members
from rules.facts import RankState, changed, newcomer
from rules.journeys.programme import WholeProgramme, whole
from rules.programme.rewards import NOTHING_WITHHELD
from rules.wording.card import CardHolder, card_view
from rules.wording.reward_views import reward_views
from rules.wording.texts import say
from rules.wording.words import Words

from ...current import current_club
from ..frame.held import held, held_drawing
from ..frame.segment_names import SegmentNames

#: Whose card is shown: nobody's. The number has the check digit of no member's.
_NUMBER = "0000000000"
_POINTS = 240
#: What is seen on the card.
_ON_THE_CARD = {"shop", "theme", "card", "points", "ranks"}
#: What is seen on the menu as well.
_ON_THE_MENU = {"shop", "theme"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks beside a message: as LINE writes the name, and the icon as an address that holds
    it ("" for the account's own)."""

    name: str
    icon: str


@dataclass(frozen=True, slots=True)
class RewardCard:
    """A reward among the rewards of the chat, as who can have it sees it."""

    #: Whether it can be had, or how it is come by.
    state: str
    name: str
    what: str
    #: What it costs; empty where that is no points.
    cost: str
    terms: tuple[str, ...]
    #: Empty where it is nothing to tap yet.
    button: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What is seen of a part: sentences, pictures (as addresses that hold them), a message; and
    what only the shop reads of it."""

    sentences: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    message: SampleMessage | None = None
    #: Who says it; None for the account itself.
    speaker: Speaker | None = None
    reward: RewardCard | None = None
    told: tuple[str, ...] = ()
    #: What is seen of it is no phone's: the front of an envelope.
    envelope: AddressLabel | None = None
    #: Whether what stands in the form can't be so as it is.
    is_broken: bool = False

    @property
    def has_phone(self) -> bool:
        """Whether a phone shows any of it, or says that there is nothing to see."""
        on_phone = self.reward or self.message or self.pictures or self.sentences
        return not self.envelope and (self.is_broken or bool(on_phone) or not self.told)


def preview(read: WholeProgramme | InvalidProgramme, part: Part, lang: Lang) -> Preview:
    """What members will see of `part` in the programme that was read."""
    if isinstance(read, InvalidProgramme):
        return Preview(envelope=_envelope(part, lang), is_broken=True)
    if part.section == "voice":
        return voice_preview(read, lang)
    if part.section == "rewards" and (card := _reward_card(read, part.id, lang)):
        return Preview(reward=card)
    journey = journey_known(read, part.id) if part.section == "journeys" else None
    read_by_members = _sentences(told_to_members(read, lang), part)
    told, named = (
        _sentences(explain(read, lang, hidden=True, segment_names=names), part)
        for names in (None, SegmentNames())
    )
    return Preview(
        tuple(read_by_members),
        tuple(_pictures(Scene(read, current_club().art, lang), part)),
        sample_message(read, journey, say(lang, "owner.look.name"), lang) if journey else None,
        speaker_of(read, lang) if journey else None,
        told=tuple(
            own for own, each in zip(named, told, strict=True) if each not in read_by_members
        ),
        envelope=_envelope(part, lang),
    )


def voice_preview(programme: WholeProgramme, lang: Lang) -> Preview:
    """Two messages as the shop says them: the welcome, and who the shop is."""
    words, voice = Words(programme, lang), programme.voice
    shop = words.name(programme.shop.name)
    title = words.say("chat.welcome.title", name=say(lang, "owner.look.name"))
    opening = voice.story.opening(lang) if voice.story else ""
    body = "\n\n".join(filter(None, (opening, words.say("chat.welcome.body", shop=shop))))
    story = (voice.story.in_(lang),) if voice.story else ()
    welcome = SampleMessage(title, body, "", (words.say("chat.button.open_card"),))
    return Preview(story, (), welcome, speaker_of(programme, lang))


def speaker_of(programme: WholeProgramme, lang: Lang) -> Speaker | None:
    """Who speaks in its messages, as the chat shows it; None for the account itself."""
    voice = programme.voice
    icon = current_club().art.get(voice.icon)
    if voice.sender is None and icon is None:
        return None
    account = programme.shop.name.in_(lang)
    name = f"{voice.sender.in_(lang)} from {account}" if voice.sender else account
    return Speaker(name, held(draw_icon(icon)) if icon else "")


def _reward_card(programme: WholeProgramme, reward_id: str, lang: Lang) -> RewardCard | None:
    """As who has the points and the highest rank finds it; None for what no list shows."""
    reward, now, words = programme.reward(reward_id), current_club().now(), Words(programme, lang)
    day, ladder = programme.shop.business_date(now), programme.ranks
    if reward is None:
        return None
    rank = RankState(ladder.steps[-1].id) if ladder else RankState()
    facts = changed(newcomer(day, now), balance=reward.cost or 0, rank=rank)
    views = reward_views(programme, facts, day=day, lang=lang, withheld=NOTHING_WITHHELD)
    view = next((each for each in views if each.id == reward_id), None)
    if view is None:
        return None
    kind = "give" if view.is_for_others else "code" if view.has_code else "use"
    ready = words.say("chat.rewards.give_now" if view.is_for_others else "chat.rewards.ready")
    return RewardCard(
        state=ready if view.ready else view.missing,
        name=view.name,
        what=view.what,
        cost=words.amount(view.cost) if view.cost else "",
        terms=view.terms,
        button=words.say(f"chat.button.{kind}") if view.ready else "",
    )


def _envelope(part: Part, lang: Lang) -> AddressLabel | None:
    """A letter to nobody, as its label has it; None for what comes by no post."""
    if part.section != "letters":
        return None
    return AddressLabel(
        say(lang, "owner.look.envelope.postcode"),
        say(lang, "owner.look.envelope.address"),
        say(lang, "owner.look.envelope.name"),
    )


def _sentences(sections: Iterable[Section], part: Part) -> list[str]:
    for section in sections:
        if section.name == part.section:
            pairs = zip(section.sentences, section.entries, strict=True)
            return [text for text, entry in pairs if not part.id or entry == part.id]
    return []


def _pictures(scene: Scene, part: Part) -> list[str]:
    programme = scene.programme
    if part.section in _ON_THE_CARD:
        pictures = [card_of(scene)]
        ranks = programme.ranks.steps if programme.ranks else ()
        # Beside the colours one of them is enough; the mascot stands on it.
        ranks = {"ranks": ranks, "theme": ranks[-1:], "shop": ranks[-1:]}.get(part.section, ())
        for rank in ranks:
            banner = views.banner_picture(scene, rank.id, reason="reached", name=_name(scene))
            pictures += [held_drawing(draw_banner, banner, scene.look)] if banner else []
        if part.section in _ON_THE_MENU:
            _, menu = next(menu_pictures([scene]))
            pictures.append(held_drawing(menu_preview, menu, scene.look))
        return pictures
    seen: dict[str, Callable[[], list[str]]] = {
        "badges": lambda: _badge(scene, part.id),
        "campaigns": lambda: [_calendar(scene)],
        "journeys": lambda: _greeting(scene, part.id),
    }
    return seen.get(part.section, list)()


def _name(scene: Scene) -> str:
    return say(scene.lang, "owner.look.name")


def card_of(scene: Scene, *, ranked: bool = True) -> str:
    """The card of nobody; `ranked`: who holds the first rank."""
    programme, day = scene.programme, _today(scene)
    ladder = programme.ranks
    rank = RankState(ladder.steps[0].id) if ladder and ranked else RankState()
    facts = changed(newcomer(day, current_club().now()), balance=_POINTS, rank=rank)
    holder = CardHolder(_NUMBER, _name(scene))
    view = card_view(programme, facts, holder, (), day=day, lang=scene.lang)
    picture = views.card_picture(scene, view, facts, code=say(scene.lang, "owner.look.code"))
    return held_drawing(draw_card, picture, scene.look)


def _badge(scene: Scene, badge_id: str) -> list[str]:
    badge = scene.programme.badge(badge_id)
    if badge is None:
        return []
    pictures = [views.badge_picture(scene, badge, state="new", on=_today(scene))]
    if not badge.hidden:
        pictures.append(views.badge_picture(scene, badge, state="locked", had=0, needed=1))
    return [held_drawing(draw_badge, picture, scene.look) for picture in pictures]


def _calendar(scene: Scene) -> str:
    day = _today(scene)
    month = views.calendar_picture(scene, day.replace(day=1), {}, today=day, facts=None)
    return held_drawing(draw_calendar, month, scene.look)


def _greeting(scene: Scene, journey: str) -> list[str]:
    named = journey_known(whole(scene.programme), journey)
    match named.picture if named else "none":
        case "card":
            return [card_of(scene)]
        case "calendar":
            return [_calendar(scene)]
        case "birthday" | "comeback" as occasion:
            picture = views.greeting_picture(scene, occasion, _name(scene))
            return [held_drawing(draw_greeting, picture, scene.look)]
        case "new_year":
            year = _today(scene).year + 1
            wishes = views.new_year_picture(scene, year, _name(scene))
            return [held_drawing(draw_new_year, wishes, scene.look)]
        case _:
            return []


def _today(scene: Scene) -> date:
    return scene.programme.shop.business_date(current_club().now())
