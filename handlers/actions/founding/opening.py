"""Who may take the first steps: whoever opens the link that the start prints, in that one browser,
or an owner who is signed in. Opening them in another browser ends them in the one before."""

from datetime import timedelta

from bot.store.staff import first_steps, invitations
from bot.store.staff.first_steps import FirstSteps
from bot.store.staff.invitations import Invitation
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..staff.inviting import invitation_of
from ..staff.signing import new_token, token_hash

#: How long the link is good, and how long the browser that opened it may go on.
LINK_FOR, SESSION_FOR = timedelta(hours=12), timedelta(days=14)


def invite_to_begin(work: Work) -> str:
    """A link's token, which is good once. For whoever owns the machine."""
    token = new_token()
    until = work.wall + LINK_FOR
    made = Invitation(token_hash(token), "setup", "", None, None, None, until)
    invitations.add(work.uow, made, at=work.wall)
    return token


def is_inviting(work: Work, token: str) -> bool:
    """Whether the link with that token is still good."""
    found = invitation_of(work, token)
    return found is not None and found.kind == "setup"


def open_by_link(work: Work, token: str, first: FirstSteps) -> str | Refusal:
    """Uses the link up; gives what the browser that opened it may go on with. Where nothing was
    told yet it begins with `first`."""
    if not is_inviting(work, token) or not invitations.use(
        work.uow, token_hash(token), at=work.wall
    ):
        return Refusal("setup_link_over")
    return open_here(work, first)


def open_here(work: Work, first: FirstSteps) -> str | Refusal:
    """The same for who is signed in as an owner."""
    there = first_steps.find(work.uow, locked=True)
    if there is not None and there.begun_at is not None:
        return Refusal("setup_begun")
    token = new_token()
    if there is None:
        first_steps.put(work.uow, first, at=work.wall)
    until = work.wall + SESSION_FOR
    first_steps.change(work.uow, at=work.wall, session=token_hash(token), session_until=until)
    return token


def steps_of(work: Work, token: str) -> FirstSteps | None:
    """What was told in the browser that has this token; None where it may not go on."""
    steps = first_steps.find(work.uow) if token else None
    if steps is None or steps.session != token_hash(token):
        return None
    return steps if steps.session_until and steps.session_until > work.wall else None
