"""The rich menus under the chat: one that everybody sees, and one for each rank and language.

LINE never replaces a menu's picture. So each menu is named after its contents: what looks the same
is kept, anything else is made anew, and our older ones are removed. A menu of a rank is known at
LINE by an alias, and its members are linked to it by `relink`, whenever rank or language change.
None of this costs a message.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import structlog

from bot.line.errors import LineError, LineRejected
from bot.line.messages import PostbackAction, RichMenuArea, rich_menu
from bot.store.members import menus
from handlers.club import Club
from handlers.showing.views import Scene, fingerprint
from images.icons import Icon
from images.rich_menu import HEIGHT, WIDTH, MenuPicture, Tile, areas, draw_rich_menu
from rules.base import LANGS, Lang
from rules.programme.programme import Programme
from rules.programme.ranks import Rank
from rules.wording.words import Words

#: Menus whose names begin so are ours to remove; any other was made by somebody else.
PREFIX = "kayoi "
#: Aliases that are ours, likewise.
ALIAS_PREFIX = "kayoi-"
#: LINE links so many members in one call ("Link rich menu to multiple users").
LINKED_AT_ONCE = 500
_TILES = 6
_NOT_FOUND = 404

log = structlog.get_logger("rich menu")


@dataclass(frozen=True, slots=True)
class _MenuDesign:
    """A menu as it is wanted."""

    #: For whom: a key of `menus`, or None for everybody else.
    key: str | None
    #: LINE's object without its name.
    body: dict[str, Any]
    #: The picture's view.
    picture: MenuPicture
    scene: Scene

    @property
    def name(self) -> str:
        contents = json.dumps(self.body, sort_keys=True, ensure_ascii=False)
        seen = fingerprint((contents, self.picture), self.scene.look)
        return f"{PREFIX}{self.key or 'default'} {seen}"


def deploy(club: Club) -> str:
    """Makes the programme's menus those that are seen; gives the id of everybody's.

    Makes what is missing, shows it, gives each rank's an alias, has members linked again where
    their menu is another now, and removes what nobody sees any more. Changes nothing when all is
    as it should be, and may be repeated after a failure. Raises LineError.
    """
    version = club.timeline().at(club.now())
    ours = {m.name: m.id for m in club.line.list_rich_menus() if m.name.startswith(PREFIX)}
    seen = club.line.default_rich_menu_id()
    with club.store.read() as uow:
        complete = {seen, *menus.menu_ids(uow).values()}
    by_key: dict[str, str] = {}
    default = ""
    for menu in menu_designs(club, version.programme):
        existing = ours.get(menu.name)
        menu_id = existing if existing and existing in complete else _ready(club, menu, existing)
        if menu.key is None:
            default = menu_id
            if menu_id != seen:
                club.line.set_default_rich_menu(menu_id)
        else:
            by_key[menu.key] = menu_id
    _name_by_aliases(club, by_key)
    with club.store.begin() as uow:
        menus.set_menu_ids(uow, by_key)
        menus.note_made_for(uow, version.number)
    # Whoever still has an old menu is linked to the new one before the old one goes.
    relink(club)
    used = {default, *by_key.values()}
    for menu_id in ours.values():
        if menu_id not in used:
            club.line.delete_rich_menu(menu_id)
    return default


def follow(club: Club) -> bool:
    """Deploys the menus anew where another version of the programme is in force than they were
    made for; those of a club that never deployed any stay away. False where LINE refused."""
    with club.store.read() as uow:
        made_for = menus.made_for(uow)
    if made_for in (None, club.timeline().at(club.now()).number):
        return True
    try:
        deploy(club)
    except LineError as problem:
        log.warning("rich_menu_not_deployed", kind=type(problem).__name__)
        return False
    return True


def _ready(club: Club, menu: _MenuDesign, existing: str | None) -> str:
    """The id of the menu, made with its picture unless LINE has it."""
    if existing is not None:
        if club.line.has_rich_menu_image(existing):
            return existing
        # Left without its picture by a deployment that failed.
        club.line.delete_rich_menu(existing)
    menu_id = club.line.create_rich_menu({**menu.body, "name": menu.name})
    picture = draw_rich_menu(menu.picture, menu.scene.look)
    club.line.upload_rich_menu_image(menu_id, picture, "image/jpeg")
    log.info("rich_menu_made", menu=menu.name)
    return menu_id


def _name_by_aliases(club: Club, by_key: dict[str, str]) -> None:
    """Gives every rank's menu its alias, and takes away those of ranks that are gone."""
    aliases = club.line.rich_menu_aliases()
    wanted_aliases = {alias(key): menu_id for key, menu_id in by_key.items()}
    for name, menu_id in wanted_aliases.items():
        if name not in aliases:
            club.line.create_rich_menu_alias(name, menu_id)
        elif aliases[name] != menu_id:
            club.line.update_rich_menu_alias(name, menu_id)
    for name in aliases:
        if name.startswith(ALIAS_PREFIX) and name not in wanted_aliases:
            club.line.delete_rich_menu_alias(name)


def alias(key: str) -> str:
    """The alias of a menu (LINE: a–z, 0–9, _ and -, at most 32): "kayoi-ja-gold"."""
    lang, _, rank = key.partition(":")
    plain = f"{ALIAS_PREFIX}{lang}-{rank or 'none'}"
    if len(plain) <= 32:
        return plain
    return f"{ALIAS_PREFIX}{lang}-{hashlib.sha256(rank.encode()).hexdigest()[:16]}"


def relink(club: Club) -> int:
    """Links members to the menu of their rank and language where that is another now; gives how
    many. What fails is left for the next time, since it is still another then.

    LINE is asked outside of transactions, and what was linked is noted after it.
    """
    menus.forget_changed(club.store)
    with club.store.read() as uow:
        deployed = menus.menu_ids(uow)
    if not deployed:
        return 0
    count, last = 0, 0
    while True:
        with club.store.read() as uow:
            due = menus.due(uow, limit=LINKED_AT_ONCE, after=last)
        if not due:
            return count
        last = max(link.member_id for link in due)
        for key in sorted({link.key for link in due}):
            group = [link for link in due if link.key == key]
            if not _link(club, deployed, key, group):
                return count
            with club.store.begin() as uow:
                menus.note_linked(uow, group)
            count += len(group)


def _link(club: Club, deployed: dict[str, str], key: str, group: list[menus.MenuChange]) -> bool:
    """Links a group of members; False when it is to be tried again later."""
    lang = key.partition(":")[0]
    menu_id = deployed.get(key) or deployed.get(f"{lang}:")
    users = sorted({link.user_id for link in group if link.is_shown})
    if menu_id is None or not users:
        return True
    try:
        club.line.link_rich_menu(users, menu_id)
    except LineRejected as refusal:
        log.warning("rich_menu_not_linked", menu=key, members=len(users), status=refusal.status)
        if refusal.status == _NOT_FOUND:
            # Removed by hand: there is nothing to link to until the next deployment.
            with club.store.begin() as uow:
                menus.set_menu_ids(uow, {})
            return False
        # Somebody among them can't be linked: one at a time, so that the others are.
        return len(users) == 1 or all(_link(club, deployed, key, [link]) for link in group)
    except LineError as problem:
        log.warning("rich_menu_not_linked", menu=key, kind=type(problem).__name__)
        return False
    return True


def menu_designs(club: Club, programme: Programme) -> Iterator[_MenuDesign]:
    """Everybody's menu, in both languages at once; then, in each, those without and with a rank."""
    yield _MenuDesign(None, *_both_languages(Scene(programme, club.art, "ja")))
    for lang in LANGS:
        scene = Scene(programme, club.art, lang)
        for rank in (None, *(programme.ranks.steps if programme.ranks else ())):
            yield _MenuDesign(menus.key(lang, rank.id if rank else None), *_for_rank(scene, rank))


def menu_pictures(scenes: Iterable[Scene]) -> Iterator[tuple[Scene, MenuPicture]]:
    """Everybody's menu and those of all ranks, to be looked at."""
    for place, scene in enumerate(scenes):
        if place == 0:
            yield scene, _both_languages(scene)[1]
        ladder = scene.programme.ranks
        for rank in (None, *(ladder.steps if ladder else ())):
            yield scene, _for_rank(scene, rank)[1]


def _both_languages(scene: Scene) -> tuple[dict[str, Any], MenuPicture, Scene]:
    return menu_object(scene.programme, "ja"), MenuPicture(tuple(tiles(scene.programme))), scene


def _for_rank(scene: Scene, rank: Rank | None) -> tuple[dict[str, Any], MenuPicture, Scene]:
    programme, lang = scene.programme, scene.lang
    tier, tiers = scene.tier(rank.id if rank else None)
    caption = rank.name.in_(lang) if rank else scene.say("card.no_rank")
    shown = tuple(
        Tile(intent, _title(programme, intent, lang), caption if intent == "card" else "")
        for intent in intents(programme)
    )
    colours = rank.colours if rank else None
    return menu_object(programme, lang), MenuPicture(shown, colours, tier, tiers), scene


def intents(programme: Programme) -> list[Icon]:
    """What the six tiles ask for: the card first, help last, nothing this club does without."""
    has: dict[Icon, bool] = {
        "card": True,
        "points": True,
        "rewards": bool(programme.rewards),
        "rank": programme.ranks is not None,
        "badges": bool(programme.badges),
        "history": True,
        "earn": True,
        "profile": True,
    }
    return [*[intent for intent, there in has.items() if there][: _TILES - 1], "help"]


def tiles(programme: Programme) -> list[Tile]:
    """The tiles in Japanese with English below, for those of whom no language is known."""
    return [
        Tile(intent, _title(programme, intent, "ja"), _title(programme, intent, "en"))
        for intent in intents(programme)
    ]


def menu_object(programme: Programme, lang: Lang) -> dict[str, Any]:
    """LINE's rich menu object, as yet without a name of its own."""
    chosen = intents(programme)
    places = zip(chosen, areas(len(chosen)), strict=True)
    return rich_menu(
        size=(WIDTH, HEIGHT),
        areas=[
            RichMenuArea(**asdict(area), action=_action(programme, intent, lang))
            for intent, area in places
        ],
        name=PREFIX,
        chat_bar_text=Words(programme, lang).say("menu.bar"),
    )


def _action(programme: Programme, intent: Icon, lang: Lang) -> PostbackAction:
    title = _title(programme, intent, lang)
    return PostbackAction(title, urlencode({"do": intent}), title)


def _title(programme: Programme, intent: Icon, lang: Lang) -> str:
    return Words(programme, lang).say(f"menu.{intent}")
