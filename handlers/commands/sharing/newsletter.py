"""The commands about the newsletter: `flask --app app newsletter …`."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from bot.store.messages import newsletters
from bot.store.messages.newsletters import IssueFigures, IssuePicture, StoredIssue
from handlers.actions.newsletter.sending import AGAIN_MAX, send_issue
from handlers.club import Club
from handlers.showing.newsletter_links import issue_page
from images.photo import photo
from rules.base import Lang
from rules.programme.newsletter import Issue, read_issue
from rules.shop import Shop

from ..errors import command_errors
from ..installation import Installed


def newsletter_commands(ready: Installed) -> AppGroup:
    """The group `newsletter`."""
    group = AppGroup("newsletter", help="Issues of the newsletter, for who asked for it.")

    @group.command("add")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @command_errors
    def add(file: Path) -> None:
        """Keep the issue in FILE (docs/newsletter.md) as a draft, in place of one of its id."""
        issue, picture = _read(file)
        _keep(ready().club, issue, picture)
        click.echo(f"{issue.id} is kept. Next: newsletter preview {issue.id}")

    @group.command("preview")
    @click.argument("issue")
    @click.option(
        "--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True,
        help="Of which language's words.",
    )  # fmt: skip
    @command_errors
    def preview(issue: str, lang: Lang) -> None:
        """Show what members will read, and how many they are."""
        club = ready().club
        stored = _stored(club, issue)
        for line in _text(stored, lang):
            click.echo(line)
        click.echo(f"{_count_subscribers(club)} member(s) have asked for the newsletter.")

    @group.command("send")
    @click.argument("issue")
    @click.option("--yes", is_flag=True, help="Don't ask.")
    @command_errors
    def send(issue: str, *, yes: bool) -> None:
        """Send an issue to all who asked for it: the server does it, and each gets it once. It can
        be read by anybody from now on, and stays as it is. Sent again, it goes to who asked
        since."""
        club = ready().club
        _check_sendable(club, issue)
        if not yes:
            count = _count_subscribers(club)
            click.confirm(f"Send {issue} to up to {count} member(s)?", abort=True)
        with club.work() as work:
            no = send_issue(work, issue)
        if no is not None:
            raise click.ClickException(f"{issue} can't be sent: {no.code}.")
        click.echo(
            f"{issue} is on its way: newsletter list says how far. {issue_page(club, issue)}"
        )

    @group.command("list")
    @command_errors
    def listing() -> None:
        """List the issues, the newest first, with how many got and opened each."""
        for line in _list(ready().club):
            click.echo(line)

    return group


def _read(file: Path) -> tuple[Issue, IssuePicture | None]:
    issue = read_issue(file.read_text(encoding="utf-8", errors="replace"))
    if isinstance(issue, str):
        raise click.ClickException(f"{file}: {issue}")
    if issue.picture is None:
        return issue, None
    try:
        made = photo((file.parent / issue.picture).read_bytes())
    except OSError:
        raise click.ClickException(f"There is no {file.parent / issue.picture}.") from None
    if made is None:
        raise click.ClickException(
            f"{issue.picture} is no PNG or JPEG of up to 10 MB and 8,000 pixels a side."
        )
    data, (width, height) = made
    return issue, IssuePicture(data, f"{width}:{height}")


def _stored(club: Club, issue: str) -> StoredIssue:
    with club.store.read() as uow:
        stored = newsletters.get(uow, issue)
    if stored is None:
        raise click.ClickException(f"There is no issue {issue}: newsletter list shows them.")
    return stored


def _check_sendable(club: Club, issue: str) -> None:
    stored = _stored(club, issue)
    if club.timeline().at(club.now()).programme.newsletter is None:
        raise click.ClickException("The programme has no [newsletter].")
    if stored.sent_at is not None and club.now() - stored.sent_at > AGAIN_MAX:
        raise click.ClickException(f"{issue} went out too long ago to be news.")
    if stored.state in ("stopping", "stopped"):
        raise click.ClickException(f"{issue} was stopped.")


def _keep(club: Club, issue: Issue, picture: IssuePicture | None) -> None:
    with club.store.begin() as uow:
        if not newsletters.put(uow, issue, picture, at=club.now()):
            raise click.ClickException(f"{issue.id} has gone out, and stays as it is.")


def _list(club: Club) -> Iterator[str]:
    shop = club.timeline().at(club.now()).programme.shop
    with club.store.read() as uow:
        known = newsletters.issues(uow)
        found = newsletters.figures(uow, known)
    rows = [(each, found[each.issue.id]) for each in known]
    if not rows:
        yield "There is no issue yet: newsletter add FILE."
    for stored, figures in rows:
        yield _row(shop, stored, figures)


def _text(stored: StoredIssue, lang: Lang) -> Iterator[str]:
    issue = stored.issue
    yield issue.title.in_(lang)
    yield issue.lead.in_(lang)
    if stored.has_picture:
        yield f"[picture {stored.ratio}]"
    for section in issue.sections:
        yield ""
        if section.heading:
            yield f"# {section.heading.in_(lang)}"
        yield "\n\n".join(section.body.in_(lang))
    yield ""


def _count_subscribers(club: Club) -> int:
    with club.store.read() as uow:
        return newsletters.count_subscribers(uow)


def _row(shop: Shop, stored: StoredIssue, figures: IssueFigures) -> str:
    if stored.sent_at is None:
        return f"{stored.issue.id:12} draft       {stored.issue.title.ja}"
    sent, readers = figures.messages.get("sent", 0), figures.readers
    waiting = figures.messages.get("queued", 0) + figures.messages.get("sending", 0)
    others = stored.recipients - sent - waiting
    share = f" ({readers / sent:.0%} of those who got it)" if sent else ""
    return (
        f"{stored.issue.id:12} {shop.local(stored.sent_at):%Y-%m-%d}  {stored.issue.title.ja}\n"
        f"{'':12} for {stored.recipients}: {sent} sent, {waiting} waiting, {max(0, others)} not; "
        f"opened by {readers}{share}"
    )
