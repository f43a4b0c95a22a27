"""Whether what the shop did about a case helped: the member's own word, once they were asked."""

from bot.store.heard import cases, contacts
from bot.store.heard.cases import CaseName
from bot.store.heard.contacts import NotedContact
from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.heard.cases import ContactKind

from .hearing import reopen


def say_helped(work: Work, name: CaseName, *, helped: bool) -> bool:
    """Notes whether it helped; a no opens the case again. False where the shop owes them an answer,
    or it was never theirs to say: then nothing changes."""
    member = members.lock(work.uow, name.member_id)
    case = cases.get(work.uow, name)
    if case is None or case.state == "open" or member.erased_at is not None:
        return False
    if not helped or not case.helped:
        kind: ContactKind = "helped" if helped else "not_helped"
        said = NotedContact(work.now, kind, "", None, name.number)
        contacts.add(work.uow, name.member_id, said)
        cases.change(work.uow, name, helped=helped)
    if not helped:
        due = work.programme.cases.due(work.programme.shop, work.now, "complaint")
        reopen(work, case, at=work.now, due=due)
    return True
