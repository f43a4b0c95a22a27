"""The commands about staff: `flask --app app staff …`. The first owner is made here."""

from typing import TypeVar

import click
from flask.cli import AppGroup

from bot.store import UnitOfWork
from bot.store.staff import staff
from bot.store.staff.staff import ROLES, Role, StaffMember
from handlers.actions.staff.inviting import PASSWORD_FOR, invite_person
from handlers.actions.staff.staffing import (
    Assignment,
    disable,
    hire,
    password_to_keep,
    plain,
    set_password,
)
from handlers.actions.staff.two_steps import switch_off
from handlers.club import Club
from handlers.pages.staff.team.join import join_path
from rules.base import Lang, Refusal
from rules.wording.refusals import refusal_text
from rules.wording.words import Words

from .errors import command_errors
from .installation import Installed

T = TypeVar("T", StaffMember, str)

#: What stands for every store.
_ALL = "all"


def staff_commands(installed: Installed) -> AppGroup:
    """The group `staff`."""
    group = AppGroup("staff", help="Who works here and may sign in at /staff.")
    group.add_command(_list(installed))
    group.add_command(_reset_two_steps(installed))

    @group.command("add")
    @click.argument("login")
    @click.option("--name", required=True, help="The name that colleagues tap.")
    @click.option(
        "--role", type=click.Choice(ROLES), default="staff", show_default=True,
        help="What they may do.",
    )  # fmt: skip
    @click.option("--store", help=f"The branch, or {_ALL}; an owner's is {_ALL} if not named.")
    @click.option(
        "--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True,
        help="In which language they read their pages.",
    )  # fmt: skip
    @click.option("--invite", is_flag=True, help="Print a link to choose the password with.")
    @command_errors
    def add(login: str, name: str, role: Role, store: str | None, lang: Lang, invite: bool) -> None:
        """Add somebody. Their password is asked for, unless they are to choose it themselves."""
        club = installed().club
        place = Assignment(role, _store(club, role, store))
        stores = [branch.id for branch in club.timeline().at(club.now()).programme.stores]
        kept = None if invite else _value_or_end(club, _new_password(login, name))
        with club.work() as work:
            person = _value_or_end(
                club,
                hire(work, login=login, name=name, place=place, stores=stores, language=lang),
            )
            if kept is not None:
                set_password(work, person, kept)
        click.echo(f"{person.name} can sign in at {club.base_url}/staff/ as {person.login}.")
        if invite:
            _print_invitation(club, person)

    @group.command("invite")
    @click.argument("login")
    @command_errors
    def invite_(login: str) -> None:
        """Print a link with which somebody chooses a new password."""
        club = installed().club
        with club.store.read() as uow:
            person = _person_named(uow, login)
        _print_invitation(club, person)

    @group.command("disable")
    @click.argument("login")
    @command_errors
    def disable_(login: str) -> None:
        """Let somebody in no more; what they did stays on record."""
        club = installed().club
        with club.work() as work:
            person = _person_named(work.uow, login)
            _value_or_end(club, disable(work, person.id))
        click.echo(f"{person.name} can't sign in any more.")

    return group


def _list(installed: Installed) -> click.Command:
    @click.command("list")
    @command_errors
    def list_() -> None:
        """Show who works here, and who did."""
        with installed().club.store.read() as uow:
            people = staff.everybody(uow)
        for person in people:
            state = "no password yet" if person.password_hash is None else ""
            state = "two steps" if person.has_two_steps else state
            state = "disabled" if person.disabled_at else state
            where = person.store or "all stores"
            line = f"{person.login:20} {person.role:8} {where:16} {person.name}  {state}"
            click.echo(line.rstrip())
        if not people:
            click.echo("Nobody yet. `flask --app app staff add` makes the first owner.")

    return list_


def _reset_two_steps(installed: Installed) -> click.Command:
    @click.command("reset-two-steps")
    @click.argument("login")
    @command_errors
    def reset(login: str) -> None:
        """Let somebody in by their password alone: their app and recovery codes are lost."""
        club = installed().club
        with club.work() as work:
            person = _person_named(work.uow, login)
            if not person.has_two_steps:
                raise click.ClickException(f"{person.name} doesn't use two-step sign-in.")
            switch_off(work, person)
        click.echo(f"{person.name} signs in by password alone, and can set it up anew.")

    return reset


def _store(club: Club, role: Role, named: str | None) -> str | None:
    """The store that was meant; None is every one."""
    stores = [store.id for store in club.timeline().at(club.now()).programme.stores]
    if named == _ALL or (named is None and role == "owner"):
        return None
    if named is None and len(stores) == 1:
        return stores[0]
    if named not in stores:
        raise click.ClickException(f"Name a store with --store: {', '.join([*stores, _ALL])}.")
    return named


def _new_password(login: str, name: str) -> str | Refusal:
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password_to_keep(typed, plain(login).strip(), name)


def _person_named(uow: UnitOfWork, login: str) -> StaffMember:
    person = staff.by_login(uow, plain(login).strip().lower())
    if person is None:
        raise click.ClickException(
            "There is nobody with this login. `flask --app app staff list` shows who there is."
        )
    return person


def _print_invitation(club: Club, person: StaffMember) -> None:
    with club.work() as work:
        token = _value_or_end(club, invite_person(work, person.id))
    days = PASSWORD_FOR.days
    click.echo(f"A link to choose a password with, once, within {days} days:")
    click.echo(club.base_url + join_path(token))


def _value_or_end(club: Club, result: T | Refusal) -> T:
    """What was done, or an end that says why it wasn't."""
    if isinstance(result, Refusal):
        words = Words(club.timeline().at(club.now()).programme, "en")
        raise click.ClickException(refusal_text(words, result.code, "staff").whole)
    return result
