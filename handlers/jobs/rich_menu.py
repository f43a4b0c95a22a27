"""The rich menus under the chat: one that everybody sees, and one for each rank and language.

LINE never replaces a menu's picture. So each menu is named after its contents: what looks the same
is kept, anything else is made anew, and our older ones are removed. A menu of a rank is known at
LINE by an alias, and its members are linked to it by `relink`, whenever rank or language change.
None of this costs a message.
"""

import hashlib

import structlog

from bot.line.errors import LineError, LineRejected
from bot.store.members import menus
from handlers.club import Club
from handlers.showing.menus import PREFIX, MenuDesign, menu_designs
from images.rich_menu import draw_rich_menu

#: Aliases that are ours, likewise.
ALIAS_PREFIX = "kayoi-"
#: LINE links so many members in one call ("Link rich menu to multiple users").
LINKED_AT_ONCE = 500
_NOT_FOUND = 404

log = structlog.get_logger("rich menu")


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
    for menu in menu_designs(club.art, version.programme):
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


def _ready(club: Club, menu: MenuDesign, existing: str | None) -> str:
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
