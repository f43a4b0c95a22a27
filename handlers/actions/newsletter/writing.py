"""Writing an issue in the console: a draft until it goes out, and then as it is."""

from collections.abc import Callable

from pydantic import TypeAdapter

from bot.store.messages import newsletters
from bot.store.messages.newsletters import IssuePicture
from rules.base import Refusal
from rules.programme.newsletter import Issue

from ..recording.idempotency import once_for
from ..recording.work import Work

#: Somebody else changed it meanwhile.
CHANGED = Refusal("issue_changed")
_ID: TypeAdapter[str | None] = TypeAdapter(str | None)


def add_issue(
    work: Work, issue: Issue, picture: IssuePicture | None, name: Callable[[set[str]], str]
) -> str | None:
    """Keeps a new draft under the `name` that is given it among those there are, once for the form;
    gives its id. None where somebody else took that name at the same moment."""

    def act() -> str | None:
        taken = {each.issue.id for each in newsletters.issues(work.uow)}
        named = issue.model_copy(update={"id": name(taken)})
        return named.id if newsletters.add(work.uow, named, picture, at=work.now) else None

    return once_for(_ID, work, f"issue {issue.model_dump_json(exclude={'id'})}", act)


def keep_issue(
    work: Work, issue: Issue, picture: IssuePicture | None, *, revision: int
) -> Refusal | None:
    """Keeps what somebody made of the draft of that revision; without a new picture with the one it
    has."""
    stored = newsletters.get(work.uow, issue.id, lock=True)
    if stored is None:
        return CHANGED
    if stored.state != "draft":
        return Refusal("issue_sent")
    if stored.issue == issue and picture is None:
        return None
    if stored.revision != revision:
        return CHANGED
    kept = picture or newsletters.draft_picture(work.uow, issue.id)
    newsletters.put(work.uow, issue, kept, at=work.now)
    return None
