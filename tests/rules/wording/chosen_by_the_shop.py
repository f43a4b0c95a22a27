"""What is put together of the texts that owners and staff read, with what each hole may be filled
with; beside what members read, in `test_chosen_texts`."""

from typing import Any, get_args

from bot.hooks.sender import SendProblem
from bot.store.heard.reviews import REASONS
from bot.store.hooks.deliveries import DeliveryStatus
from bot.store.hooks.endpoints import OffReason
from bot.store.many.imports import ImportState
from bot.store.members.link_codes import Purpose
from bot.store.members.profiles import Profile
from bot.store.messages.inbox import InboxKind
from bot.store.messages.newsletters import IssueState
from bot.store.messages.quota import Hold
from bot.store.orders.connections import AskingFailure
from bot.store.staff.staff import Role
from handlers.actions.events.making import EventStep
from handlers.actions.events.trials import TrialStep
from handlers.actions.hooks.receivers import ReceiverStep
from handlers.actions.members.merge import IdentityCheck
from handlers.actions.orders.connecting import ConnectionStep
from handlers.pages.owner.events import trial_typed, typed
from handlers.pages.owner.figures.sheets import SHEETS
from handlers.pages.owner.frame import unsent
from handlers.pages.owner.frame.layout import _GROUPS, PLACES
from handlers.pages.owner.members.exporting import COLUMNS
from handlers.pages.owner.members.table import ORDERS
from handlers.pages.owner.messages import campaigns, journeys
from handlers.pages.owner.messages.broadcasts import FATES, TAKEN_UP, WAITS
from handlers.pages.owner.messages.results import _HEAD
from handlers.pages.owner.sources.costs import _PAID
from handlers.pages.owner.systems.waiting import ORDER_REASONS
from handlers.pages.staff.counter import today, undoing
from handlers.pages.staff.frame.layout import LINKS
from handlers.pages.staff.inbox.listing import Shown
from handlers.showing.doctor import FindingState
from rules.activity import By, Membership, Source
from rules.base import LANGS
from rules.broadcasts.bulk import BulkKind
from rules.broadcasts.life import State
from rules.broadcasts.life import Step as BroadcastStep
from rules.broadcasts.trial import Word as TrialWord
from rules.editing import first_steps
from rules.editing.next_rule import NextWay
from rules.editing.templates import TEMPLATES
from rules.events.circle import SeatGround
from rules.events.event import GUESTS, EventState
from rules.events.trial import TrialNews
from rules.explaining.cost_words import ALL_VALUES
from rules.figures.cohorts import COHORTS
from rules.figures.core import CORE_BY
from rules.figures.definitions import PANELS, Unit, all_figures
from rules.figures.items import ItemKind
from rules.figures.periods import PERIODS
from rules.figures.sources import KINDS as SOURCE_KINDS
from rules.heard.cases import CaseReason, CaseState, ContactKind, Way
from rules.heard.engagement import EngagementSummary
from rules.heard.suggestions import STATES
from rules.heard.surveys import SurveyKind
from rules.heard.topics import TOPICS
from rules.hooks.kinds import TOPICS as TOPICS_OF_HOOKS
from rules.hooks.kinds import TYPES as HOOK_TYPES
from rules.importing.columns import IN_ANY, KINDS
from rules.journeys.risk import Risk
from rules.monday.ahead import AheadCode
from rules.monday.matters import Code
from rules.orders.heard import OrdersProblem
from rules.outlook.bringing import Hint
from rules.outlook.moments import MomentKind
from rules.programme.counter import FlagKind
from rules.scopes import SCOPES
from rules.wording.own.offered import PLACES as PLACES_OF_TEXTS
from rules.wording.own.offered import offered, placeholders_of
from rules.wording.own.samples import TERMS

PLACEHOLDERS = {
    n for key in offered() for lang in LANGS for n in placeholders_of(lang, key)
} | TERMS
#: With a star for each hole.
#: Of what the next ninety days are told.
_AHEAD = ("points", "vouchers", "perks", "messages", "birthdays", "all")
OF_THE_SHOP: dict[str, tuple[Any, ...]] = {
    "owner.newsletter.state.*": (get_args(IssueState),),
    "owner.broadcasts.compared.*": (get_args(TrialWord),),
    "owner.broadcasts.fate.*": ((*FATES, "ok", "cap", "nothing_to_give"),),
    "owner.broadcasts.state.*": ((*get_args(State), "tried"),),
    "owner.broadcasts.step.*": (set(get_args(BroadcastStep)) - {"send", "wait", "end"},),
    "owner.broadcasts.waits.*": ((*WAITS, "turn"),),
    "owner.broadcasts.what.*": (TAKEN_UP,),
    "owner.bulk.column.*": (COLUMNS,),
    "owner.bulk.kind.*": (get_args(BulkKind),),
    "owner.connections.problem.*": ((*get_args(AskingFailure), *get_args(OrdersProblem)),),
    "owner.connections.state.*": (("off", "failing", "new", "well"),),
    "owner.connections.step.*": (get_args(ConnectionStep),),
    "owner.hooks.off.*": (get_args(OffReason),),
    "owner.hooks.problem.*": (get_args(SendProblem),),
    "owner.hooks.state.*": (("off", "failing", "new", "well"),),
    "owner.hooks.status.*": (get_args(DeliveryStatus),),
    "owner.hooks.step.*": (get_args(ReceiverStep),),
    "owner.hooks.topic.*.means": (TOPICS_OF_HOOKS,),
    "owner.hooks.topic.*.name": (TOPICS_OF_HOOKS,),
    "owner.hooks.type.*": (HOOK_TYPES,),
    "alarm.connection.*": (get_args(AskingFailure),),
    "alarm.hook.*": (set(get_args(OffReason)) - {"owner"},),
    "owner.orders.reason.*.then": (ORDER_REASONS,),
    "owner.orders.reason.*.why": (ORDER_REASONS,),
    "owner.keys.scope.*": ({scope.replace(":", "_") for scope in SCOPES},),
    "owner.results.head.*": (_HEAD,),
    "owner.import.about.*": (KINDS,),
    "owner.import.new.*": (KINDS,),
    "owner.import.of.*": (KINDS,),
    "owner.import.state.*": (set(get_args(ImportState)) - {"arriving"},),
    "owner.import.step.*": (("columns", "look", "do"),),
    "owner.import.undo_how.*": (("members", "others"),),
    "owner.import.field.*": (IN_ANY,),
    "owner.import.wrong_*": (("row", "why", "then"),),
    "owner.member.fate.*": (("sent", "sending"),),
    "owner.members.order.*": (ORDERS,),
    "owner.members.reached.*": (("line", "sms", "none", "blocked"),),
    "alarm.night.*": (("late", "caught_up"),),
    "owner.results.step.*": (("decided", "rolled_out", "undone"),),
    "owner.results.why.*": (("careful", "evened", "weighed"),),
    "owner.results.*": (("for_absent", "for_others"),),
    "owner.results.does.*": (("decided", "decided_arms", "rolled_out", "undone"),),
    "owner.results.spent.*": (("none", "counted", "unknown"),),
    "owner.segments.line.*": (("live", "then"),),
    "owner.campaigns.state.*": (get_args(campaigns.State),),
    "doctor.topic.*": (
        ("alarms", "backup", "clock", "connections", "credentials", "database", "greeting", "https",
         "menu", "mini_app", "programme", "proxies", "proxy", "quota", "redelivery", "returns",
         "webhook"),
    ),
    "doctor.connections.*": (get_args(AskingFailure),),
    "owner.doctor.state.*": (get_args(FindingState),),
    "owner.form.*": (LANGS,),
    "owner.next.eco.*": (("own_bag", "own_bottle"),),
    "owner.next.name.*": ({*get_args(NextWay), "referred"} - {"birthday"},),
    "owner.next.name.birthday_*": (("day", "month"),),
    "owner.next.way.*": (get_args(NextWay),),
    "owner.next.why.*": (get_args(NextWay),),
    "owner.figures.*.*": ({each.id for each in all_figures()}, ("means", "name", "without")),
    "owner.figures.column.*": (get_args(Unit),),
    "owner.figures.move.*": (("same", "up", "down"),),
    "owner.figures.move.*_by": (("up", "down"),),
    "owner.figures.move.*_points": (("up", "down"),),
    "owner.figures.panel.*": ({each.id for each in PANELS},),
    "owner.figures.periods.*": (PERIODS,),
    "owner.costs.ahead.*.name": (_AHEAD,),
    "owner.costs.ahead.*.means": (_AHEAD,),
    "owner.costs.head.*": (
        ("cost", "now", "before", "ahead", "likely", "low", "high", "most", "message", "sent"),
    ),
    "owner.costs.owed.*": (("points", "vouchers", "all"),),
    "owner.costs.paid.*.name": (_PAID,),
    "owner.costs.paid.*.means": (_PAID,),
    "owner.costs.visitor.*": (("early", "none", "unknown", "known"),),
    "owner.sources.*": (("name", "kind_of", "store", "code"),),
    "owner.sources.kind.*": (SOURCE_KINDS,),
    "owner.sources.means.*": (ALL_VALUES,),
    "owner.sources.poster.*": (LANGS,),
    "owner.sources.value.*": (ALL_VALUES,),
    "owner.sources.way.*": (get_args(Source),),
    "owner.monday.*": (
        {f"{part}.{code}" for part in ("matter", "button") for code in get_args(Code)}
        | {f"ahead.{code}" for code in get_args(AheadCode)},
    ),
    "owner.monday.first_*": (("setup", "programme", "stores"),),
    "owner.monday.missing.*": (("visits", "points", "spend"),),
    "owner.figures.unit.*": (set(get_args(Unit)) - {"points"},),
    "owner.sheets.name.*": ({each.removeprefix("owner.") for each in SHEETS},),
    "owner.sheets.cohorts.*_*": (("by", "lead", "means", "in", "day"), COHORTS),
    "owner.sheets.cohorts.people_*": (("came", "all"),),
    "owner.sheets.grid.column.*": (("recency", "frequency", "money", "people", "yen"),),
    "owner.sheets.core.*_*": (("by", "half", "share", "means"), CORE_BY),
    "owner.sheets.core.column.*": (
        ("number", "rank", "last", "visits", "yen", "friends", "again"),
    ),
    "owner.sheets.kinds.*_*": (
        ("name", "count", "none", "people", "means"), get_args(ItemKind),
    ),
    "owner.sheets.kinds.column.*": (("kind", "item", "now", "before"),),
    "owner.sheets.acts.told.*": (set(EngagementSummary.__slots__),),
    "owner.sheets.funnel.*_*": (("people", "look"), ("stopped", "going")),
    "owner.sheets.funnel.column.*": (
        ("step", "count", "share", "median", "stopped", "going"),
    ),
    "owner.journeys.withheld.*": (journeys.WITHHELD,),
    "owner.quota.ended.*": ((*unsent.ENDED, "trouble"),),
    "owner.quota.held.*": (get_args(Hold),),
    "owner.quota.waits.*": ((*unsent.WAITS, "trouble"),),
    "owner.place.*": ({place.endpoint.removeprefix("owner.") for place in PLACES} | {"staff"},),
    "owner.group.*": (_GROUPS,),
    "owner.setup.step.*": (first_steps.STEPS,),
    "owner.setup.about.*": (first_steps.STEPS,),
    "owner.setup.*.title": (first_steps._ASKED,),
    "owner.setup.*.lead": (first_steps._ASKED,),
    "owner.template.*.about": (TEMPLATES,),
    "owner.template.*.name": (TEMPLATES,),
    "owner.section.*": (
        ("card", "counter", "limits", "privacy", "sending", "shop", "stores", "theme"),
    ),
    "owner.words.*": (LANGS,),
    "owner.words.named.*": (PLACEHOLDERS,),
    "owner.words.place.*": (PLACES_OF_TEXTS,),
    "owner.trial.*": (("points", "vouchers", "yen"),),
    "owner.section_help.*": (
        ("counter", "earning", "fan_steps", "journeys", "letters", "limits", "privacy", "stores",
         "theme"),
    ),
    "staff.letters.*": (("postcode", "address", "name"),),
    "staff.referrals.hint.*": (get_args(Hint),),
    "staff.voices.reason.*": (REASONS,),
    "owner.circle.*": (
        {
            *(f"grounds.{each}" for each in get_args(SeatGround)),
            *(f"state.{each}" for each in ("draft", "open", "over", "told", "cancelled")),
            *(f"sample.{each}" for each in ("taken", "fetched")),
            *(f"do.{each}" for each in (*get_args(TrialStep), "outcome")),
            *(f"sure.{each}" for each in ("close", "cancel", "outcome")),
            *(f"field.{each}" for each in trial_typed.TEXTS if each not in trial_typed.PICTURES),
            "field.choice_picture",
            *(f"wrong.{each}" for each in ("missing", "long", "moment", "past", "number",
              "choices", "choice_name", "empty", "unreadable")),
            "hint.picture", "hint.samples", "no_sample", "two_questions", "no_questions",
        },
    ),
    "owner.events.*": (
        {
            *(f"state.{each}" for each in (*get_args(EventState), "past", "soon")),
            *(f"guest.{each}" for each in ("taken", "offered", "waiting", "off", "came", "missed")),
            *(f"do.{each}" for each in get_args(EventStep)),
            *(f"guests.{each}" for each in GUESTS),
            *(f"field.{each}" for each in (*typed.TEXTS, *typed.TICKS, "where", "price")),
            *(f"wrong.{each}" for each in ("missing", "long", "moment", "number", "ranks", "some",
              "closes", "closes_late", "sitting", "sitting_long", "segments", "places",
              "unreadable")),
            "hint.price_yen", "hint.offer_hours",
        },
    ),
    "staff.contacts.*": (get_args(ContactKind),),
    "staff.contacts.refused.*": (get_args(Way),),
    "staff.contacts.way.*": (get_args(Way),),
    "staff.circle.news.*": (get_args(TrialNews),),
    "staff.events.news.*": (("taken", "offered", "off"),),
    "staff.subscriptions.by.*": (get_args(By),),
    "staff.flags.advice.*": (get_args(FlagKind),),
    "staff.flags.what.*": (get_args(FlagKind),),
    "staff.inbox.arrived.*": (("queued", "sending", "sent", "skipped", "failed", "uncertain"),),
    "staff.inbox.kind.*": (get_args(InboxKind),),
    "staff.inbox.none.*": (get_args(Shown),),
    "staff.inbox.reason.*": (get_args(CaseReason),),
    "staff.inbox.topic.*": (TOPICS,),
    "staff.inbox.suggestion.*": (STATES,),
    "owner.suggestions.told.*": (("nothing", "soon", "by_phone", "told", "seen"),),
    "owner.heard.kind.*": (get_args(SurveyKind),),
    "owner.heard.column.*": (
        (
            *("day", "about", "topic", "now", "before", "store", "words"),
            *("survey", "question", "of", "answers", "figure"),
        ),
    ),
    "staff.inbox.show.*": (get_args(Shown),),
    "staff.inbox.state.*": (get_args(CaseState),),
    "staff.log.changed.*": ((*Profile.__dataclass_fields__, "birthday", "nothing"),),
    "staff.log.how.*": (
        ("password", "pin", "tap", "invitation", "link", "code", "recovery"),
    ),
    "staff.members.link.*": (get_args(Purpose),),
    "staff.members.mend.*": (("kept", "given", "year"),),
    "staff.members.risk.*": (get_args(Risk),),
    "staff.members.state.*": (get_args(Membership),),
    "staff.members.transfer.*": (get_args(IdentityCheck),),
    "staff.nav.*": ({link.endpoint.removeprefix("staff.") for link in LINKS},),
    "staff.page.*.title": (("eco", "confirm"),),
    "staff.page.*.waits": (("add", "undo"),),
    "staff.page.camera.*": (("insecure", "absent", "denied", "busy"),),
    "staff.page.insist.*": (undoing._OVERRIDES.values(),),
    "staff.page.status.*": (("online", "offline", "signed_out"),),
    "staff.page.use.*": (("pin", "password"),),
    "staff.role.*": (get_args(Role),),
    "staff.slips.state.*": (("open", "used", "cancelled", "over"),),
    "staff.today.*": (("visits", "first", "yen", "redemptions", "undos"),),
    "staff.today.moment.*": (get_args(MomentKind),),
    "staff.today.unsaid.*": ((*today._WHY.values(), "trouble"),),
    "start.*": (("simulator", "counter", "staff"),),
}  # fmt: skip
