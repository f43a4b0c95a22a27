"""The club itself: its database with the programme, its owner and LINE's channel in it, and then,
in one stroke, the choice of it for the next start."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from bot.choice import ClubFolder, choose, chosen, write_programme
from bot.codes import Codes
from bot.store import Store, UnitOfWork
from bot.store.engine.migrate import upgrade
from bot.store.finding.due_members import count_members
from bot.store.history import arts, programs
from bot.store.messages import line_channel
from bot.store.messages.line_channel import SealedChannel
from bot.store.staff import first_steps, staff
from bot.store.staff.first_steps import FirstSteps
from rules.base import Lang, Refusal

from ..recording.work import Work
from ..staff.staffing import Assignment, hire

#: What has to be told before a club can begin.
NEEDED = ("template", "shop", "owner")
#: Tapped twice, it is begun once.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class ClubBeginning:
    """A club about to begin: of what was told, at that moment of the wall's clock, by an owner who
    reads that language."""

    steps: FirstSteps
    codes: Codes
    now: datetime
    lang: Lang
    #: The art that the programme names.
    art: tuple[bytes, ...] = ()


def missing(steps: FirstSteps) -> tuple[str, ...]:
    """The steps that have to be told yet."""
    return tuple(step for step in NEEDED if step not in steps.done)


def is_taken(uow: UnitOfWork) -> bool:
    """Whether somebody has joined or works in this database: no other club begins in it."""
    return count_members(uow) > 0 or not staff.is_empty(uow)


def may_begin(uow: UnitOfWork, *, is_live: bool) -> bool:
    """Whether the first steps may be taken here: not in a club that was begun by them, nor where
    real members, or those who work for them, are."""
    steps = first_steps.find(uow)
    is_begun = steps is not None and steps.begun_at is not None
    return not is_begun and not (is_live and is_taken(uow))


def begin_apart(clubs: Path, beginning: ClubBeginning) -> ClubFolder | Refusal:
    """Begins it in a new database, in a folder of its own among `clubs`, and chooses it.

    1. What an earlier try left half made goes.
    2. In a folder that nobody takes for a club, a new database is brought up to date, and
       everything is written into it; the programme is kept as a file beside it.
    3. The folder gets its name, one that none had: a club that was ever begun is nobody's to clear
       away, also where the demo was chosen again since.
    4. It is chosen, which is the one moment from which on it runs.

    Whoever dies before the last leaves the club that runs as it is, and this can be done again.
    """
    with _ONE_AT_A_TIME:
        name = f"club-{(beginning.steps.session or '')[:12]}"
        now_chosen = chosen(clubs)
        if now_chosen is not None and now_chosen.path.name in _names(clubs, name):
            return now_chosen
        made = ClubFolder(clubs / f"making-{name}")
        shutil.rmtree(made.path, ignore_errors=True)
        made.path.mkdir(parents=True, mode=0o700)
        url = f"sqlite:///{made.database}"
        upgrade(url)
        store = Store(url)
        try:
            with store.begin() as uow:
                refusal = begin_in(uow, beginning)
        finally:
            store.close()
        if refusal is not None:
            return refusal
        write_programme(made, beginning.steps.text)
        folder = ClubFolder(made.path.rename(clubs / _names(clubs, name)[-1]))
        choose(folder)
        return folder


def _names(clubs: Path, name: str) -> list[str]:
    """What clubs of that name are called: those that there are, and then the next one."""
    names = [name]
    while (clubs / names[-1]).exists():
        names.append(f"{name}-{len(names) + 1}")
    return names


def begin_here(store: Store, beginning: ClubBeginning) -> Refusal | None:
    """Begins it in the database that there is, as long as nobody is in it."""
    with store.begin() as uow:
        there = first_steps.find(uow, locked=True)
        if there is not None and there.begun_at is not None:
            return None
        if is_taken(uow):
            return Refusal("setup_taken")
        return begin_in(uow, beginning)


def begin_in(uow: UnitOfWork, beginning: ClubBeginning) -> Refusal | None:
    """Writes all of it into a database without a club."""
    steps, now = beginning.steps, beginning.now
    if missing(steps) or steps.login is None or steps.name is None:
        return Refusal("setup_unfinished")
    programs.publish(uow, steps.text, since=now)
    work = Work(uow, programs.load(uow), now, now, beginning.codes)
    stores = [branch.id for branch in work.programme.stores]
    owner = hire(
        work,
        login=steps.login,
        name=steps.name,
        place=Assignment("owner", None),
        stores=stores,
        language=beginning.lang,
    )
    if isinstance(owner, Refusal):
        return owner
    staff.change(uow, owner.id, password_hash=steps.password_hash)
    for picture in beginning.art:
        arts.add(uow, picture, at=now)
    if steps.channel_secret is not None and steps.channel_token is not None:
        account = steps.channel_account or ""
        channel = SealedChannel(steps.channel_secret, steps.channel_token, account)
        line_channel.put(uow, channel, at=now)
    # What is no more of use here is kept no longer: the owner's hash is the staff's now.
    begun = replace(
        steps, begun_at=now, password_hash=None, channel_secret=None, channel_token=None
    )
    first_steps.put(uow, begun, at=now)
    return None
