"""The address of every page that the café's installation can show, for a browser to go to."""

import io
import re
from collections.abc import Callable, Iterator

from bot.codes import RewardUse
from bot.store.heard import suggestions
from bot.store.history.slips import SlipWorth
from bot.store.hooks.endpoints import EndpointFields
from bot.store.many import imports
from bot.store.members.sources import SourceFields
from bot.store.messages import inbox, newsletters
from bot.store.messages.crowds import asked_for
from bot.store.messages.inbox import ChatText
from bot.store.orders.connections import ConnectionFields
from bot.store.staff import flags, staff
from bot.store.staff.flags import Sighting
from handlers.actions.broadcasts.writing import add_broadcast
from handlers.actions.events.making import WrittenEvent, make
from handlers.actions.events.trials import make_trial
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.heard.suggesting import HeardSuggestion, hear_suggestion
from handlers.actions.hooks.receivers import add_receiver, take_receiver_step
from handlers.actions.importing.keeping import ArrivingFile, begin_looking, keep_file
from handlers.actions.many.bulk import BulkChoice, begin_bulk
from handlers.actions.many.segments import add_segment
from handlers.actions.members.card_numbers import stop_name
from handlers.actions.members.sms_consent import SmsConsent, agree_by_phone
from handlers.actions.orders.connecting import TypedConnection, add_connection
from handlers.actions.orders.slips import make_slip
from handlers.actions.programme.sources import add_source
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.work import Work
from handlers.actions.staff.inviting import invite_person
from handlers.actions.staff.staffing import Assignment, hire
from handlers.club import Club
from handlers.jobs.many.imports import go_on
from handlers.pages.counter import opening_path
from handlers.showing.card_links import card_link, use_link
from rules.base import Refusal
from rules.broadcasts.broadcast import Broadcast, Whom
from rules.broadcasts.bulk import Bulk
from rules.hooks.kinds import TOPICS
from rules.programme.counter import Flag
from rules.programme.newsletter import Issue
from tests.handlers.actions.events.occasions import event_at, sitting_at
from tests.handlers.actions.events.trials_tried import trial_at
from tests.handlers.clubs import DAY
from tests.journeys.town import Customer, Town

#: One of them can be brought in, and one lacks the year.
NAMES = "会員番号,氏名,入会日\nA001,山田 花子,2024/4/1\nA002,佐藤,4月1日\n".encode()
PHONE = "+819012345678"
ISSUE = Issue.model_validate(
    {
        "id": "2037-12",
        "title": {"ja": "冬の豆が届きました", "en": "Winter beans"},
        "lead": {"ja": "新しい豆です。", "en": "New beans."},
        "sections": [
            {
                "heading": {"ja": "産地から"},
                "body": {"ja": "はじめの段落です。\n\nつぎの段落です。"},
            }
        ],
    }
)
BROADCAST = Broadcast.model_validate({"name": "冬の豆", "title": {"ja": "冬の豆が届きました"}})
#: What is no page: files, data, and what the simulator's own page and LINE ask; and what the café
#: has none of, as it has no survey.
_NO_PAGES = re.compile(
    r"/static/|/api/|/images/|^/icons/|/staff/v/|\.(?:css|js|webmanifest|png|jpg|json|csv)$|<any\(pdf"
    r"|/code$|/state$|/count$|^/card/(?:invitation|select)$|^/(?:healthz|readyz|metrics)$|^/simulator/|^/staff/today/list$|^/orders/|^/owner/setup/ready$|/poster\.pdf$|/qr\.svg$|^/from/|^/staff/icon-"
    r"|/satisfaction/comments$"
)
#: Led elsewhere, or shown below by an address of their own.
_LINKS = (
    "<token>",
    "<_token>",
    "/s/<code>",
    "/staff/tap",
    "/owner/codes/",
    "/privacy",
    "/owner/results/",
)


def pages_of_staff(town: Town, customer: Customer) -> list[str]:
    """Where somebody of the staff can go, as the application's own map has it: every address that
    shows a page, filled in with what there is."""
    found = town.http.application.url_map.iter_rules()
    rules = [str(rule) for rule in found if "GET" in (rule.methods or ())]
    fill = _things(town, customer)
    paths = {
        fill(rule) for rule in rules
        if not _NO_PAGES.search(rule) and not any(link in rule for link in _LINKS)
    }  # fmt: skip
    assert len(paths) > 20
    return sorted(paths)


def _things(town: Town, customer: Customer) -> Callable[[str], str]:
    """Fills an address in; and makes something to look at on each page."""
    club = town.club
    with club.store.read() as uow:
        owner = staff.by_login(uow, "owner")
    assert owner is not None
    store = club.timeline().latest.programme.stores[0].id
    with club.work(Actor(owner.id, owner.name, owner.role, store), key="test:slip") as work:
        slip = make_slip(work, SlipWorth(visit=True, yen=0), at=work.now)
        assert not isinstance(slip, Refusal)
        told = ChatText("窓ぎわの席は予約できますか？", customer.user_id, work.now)
        hear(work.under("k"), Heard(customer.member.id, told, "message", "question"))
        seen = Sighting(work.now, work.day, store, owner.id, None)
        flags.add(work.uow, [Flag("burst", "k", details={"count": 9})], seen)
        trial = make_trial(work, trial_at(work.now))
        event = make(work, WrittenEvent(event_at(work.now), (sitting_at(work.now + DAY * 14),)))
        newsletters.put(work.uow, ISSUE, None, at=work.now)
        newsletters.begin(work.uow, ISSUE.id, at=work.now)
    number = club.codes.seal("card", customer.member.number)
    known = {"number": number, "staff_id": str(owner.id), "code": slip.code}
    known |= {"lang": "ja", "case": "1", "issue": ISSUE.id}
    known |= {"section": "journeys", "entry": "lapsed", "key": "chat.talk.hello"}
    known |= {"section": "journeys", "entry": "lapsed", "journey": "lapsed"}
    known |= {"event_id": str(event), "trial_id": str(trial), "name": "visits"}
    known |= {"month": "2026-11", "recency": "0", "frequency": "1", "part": "going", "n": "1"}
    known |= {"kind": "reward", "item": "off_100", "system": "shopify"}
    with club.work(Actor(owner.id, owner.name, owner.role, store), key="test:idea") as work:
        hear_suggestion(work, HeardSuggestion(customer.member.id, "小さいサイズを"))
        letter = inbox.under_one_of(work.uow, [work.key])
        assert letter is not None
        known["suggestion_id"] = str(suggestions.of_letter(work.uow, letter.id))
    with club.work(Actor(owner.id, owner.name, owner.role, store), key="test:broadcast") as work:
        known["broadcast_id"] = str(add_broadcast(work, BROADCAST))
    known["import_id"] = str(an_import(club))
    with club.work(Actor(owner.id, owner.name, owner.role, store), key="test:segment") as work:
        made = begin_bulk(
            work.under("test:bulk"), Bulk(kind="note", words="メモ"),
            BulkChoice(asked_for(work.programme, Whom(), work.day), (customer.member.id,), 1),
        )  # fmt: skip
        known["bulk_id"] = str(made)
        made = add_source(work.under("test:source"), SourceFields("駅のポスター", "poster", None))
        known["source_id"] = str(made)
        known |= {"endpoint_id": _receiver(work), "connection_id": _connection(work)}
        known["segment_id"] = str(add_segment(work, "英語の方", Whom(languages=("en",))))
    return lambda path: re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda part: known[part[1]], path)


def _receiver(work: Work) -> str:
    """A webhook's receiver, to whom something is to be told."""
    fields = EndpointFields("会計", "https://hooks.example.jp/", TOPICS)
    made = add_receiver(work.under("test:hook"), fields)
    assert isinstance(made, int)
    assert take_receiver_step(work.under("test:hook:try"), made, "test") is None
    return str(made)


def _connection(work: Work) -> str:
    """A web shop of which nothing was heard yet."""
    fields = ConnectionFields("shopify", "kissaten.myshopify.com", "ekimae", client="an-id")
    typed = TypedConnection(fields, "a-secret")
    made = add_connection(work.under("test:connection"), typed, since=work.now)
    assert isinstance(made, int)
    return str(made)


def an_import(club: Club) -> int:
    """A list of members that is looked at."""
    arriving = ArrivingFile(io.BytesIO(NAMES), "list.csv", "members", "ekimae")
    made = keep_file(club.work, arriving)
    assert isinstance(made, int)
    with club.store.read() as uow:
        stored = imports.get(uow, made)
    assert stored is not None
    with club.work() as work:
        assert begin_looking(work, made, stored.columns, has_head=True) is None
    while go_on(club, made):
        pass
    return made


def pages_of_a_session(town: Town) -> list[str]:
    """What is below `/card` for who has come in."""
    found = town.http.application.url_map.iter_rules()
    rules = [str(rule) for rule in found if "GET" in (rule.methods or ())]
    return sorted(
        rule for rule in rules
        if rule.startswith("/card") and "<" not in rule and not _NO_PAGES.search(rule)
    )  # fmt: skip


def pages_of_links(town: Town, customer: Customer) -> Iterator[str]:
    """What members' and newcomers' links open, while they are good and after."""
    club = town.club
    yield card_link(club, customer.member)
    yield from pages_of_a_session(town)
    yield use_link(club, customer.member, RewardUse("off_100"))
    yield from ("/card/gone/", "/card/use/gone/", "/card/tap/gone/", "/s/gone")
    with club.work(key="test:sms") as work:
        consent = SmsConsent(work.now, "counter", "SMSをお送りします")
        agree_by_phone(work.acting("member"), customer.member.id, PHONE, consent)
        stop = stop_name(work.uow, customer.member.id)
    yield club.sms_stop_link(stop, PHONE)
    store = club.timeline().latest.programme.stores[0].id
    yield from (opening_path(club, store), "/staff/qr/now/", "/staff/qr/old/")
    with club.work(key="test:invite") as work:
        place, stores = Assignment("staff", store), [store]
        person = hire(work, login="new", name="新人", place=place, stores=stores, language="ja")
        assert not isinstance(person, Refusal)
        token = invite_person(work, person.id)
    yield from (f"/staff/join/{token}", "/staff/join/gone", "/staff/login")
    yield from ("/programme", "/programme?lang=en")
