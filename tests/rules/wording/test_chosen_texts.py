"""Texts whose keys are put together while the club runs: each that code or data can ask for is
there, and no place that puts keys together is forgotten."""

import ast
from collections.abc import Iterator
from itertools import product
from typing import Any, get_args, get_type_hints

from bot.line.event_types import Media
from bot.store.heard.reviews import REASONS
from bot.store.members.consents import ConsentKind
from bot.store.members.link_codes import Purpose
from handlers.actions.telling.messages import SayCardMoved, SayCorrected
from handlers.api.frame import problems
from handlers.chat.conversations import earn, feedback, guide, shop, survey
from handlers.pages import lost
from handlers.pages.card import selecting
from handlers.pages.card.frame import SECTIONS
from handlers.showing import exported
from handlers.showing.addresses import SHARE_LINES
from handlers.showing.trials import SampleState
from rules.activity import Happening, Membership, MembershipChanged, Occasion, StepId, Trigger
from rules.base import LANGS, Weekday
from rules.events.circle import SeatState
from rules.events.event import EventKind
from rules.explaining.explain import PREMISES_FACTS
from rules.explaining.explain_journeys import _NOTICES
from rules.facts import VoucherReason
from rules.heard.cases import Way
from rules.heard.stars import STARS
from rules.heard.suggestions import STATES
from rules.heard.surveys import SurveyKind
from rules.journeys.costs import Gifts
from rules.journeys.deciding import Step
from rules.journeys.kinds import KINDS
from rules.journeys.results import Word
from rules.judging.taken_back import RAN_OUT, SHORTFALL
from rules.outlook import suggestion
from rules.outlook.fan_ladder import LadderState
from rules.outlook.funnel import STAGES, STEPS
from rules.outlook.next_step import StepKind
from rules.outlook.returning import Level
from rules.profile.fan_steps import FanStep
from rules.programme.badges import ActivityCount, Need
from rules.programme.birthdays import ProfilePolicy
from rules.programme.earning import Limit
from rules.programme.points import Doing
from rules.programme.programme import ReferralPolicy
from rules.programme.purchases import PurchasePolicy
from rules.programme.ranks import Ladder, RankChangeReason
from rules.programme.rewards import RewardKind
from rules.science.off_peak import NoOffPeak
from rules.sending.policy import Topic
from rules.wording import counter
from rules.wording.highlights import Thanks
from rules.wording.texts import keys
from rules.zodiac import ANIMALS

from .chosen_by_the_shop import OF_THE_SHOP
from .test_texts import _ANYTHING, is_key, on_the_page, said, sources, spelled


def choices(model: type, field: str) -> tuple[str, ...]:
    """The values that a field of a closed vocabulary may have."""
    return get_args(get_type_hints(model)[field])


def kinds(base: type) -> Iterator[type]:
    below: list[type] = type.__subclasses__(base)
    for kind in below:
        yield kind
        yield from kinds(kind)


def written(*makers: str, at: int) -> set[str]:
    """The strings, plain or one of two, that the code gives to one of `makers` as argument `at`."""
    return {
        value.value
        for _, tree in sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _called(call) in makers and len(call.args) > at
        for value in _either(call.args[at])
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def intents_to_go_on_with() -> set[str]:
    """What `then=(…)` suggests below an answer, each as a button."""
    return {
        str(part.value)
        for _, tree in sources()
        for each in ast.walk(tree)
        if isinstance(each, ast.keyword) and each.arg == "then"
        for choice in _either(each.value)
        for part in getattr(choice, "elts", ())
        if isinstance(part, ast.Constant)
    }


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _either(argument: ast.expr) -> tuple[ast.expr, ...]:
    return (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)


#: What another system is told beside what a member or staff would be refused.
API_PROBLEMS = written("Trouble", at=1) | set(problems._CODES.values())
MEASURES = choices(Ladder, "measure")
MONTH_OR_DAY = choices(ProfilePolicy, "birthday_is")
COUNTS_AT = choices(ReferralPolicy, "counts_at")
AMOUNTS = choices(PurchasePolicy, "amount")
#: What gives points a set number of times; `spend` is only ever counted by amounts.
COUNTED = [trigger for trigger in get_args(Trigger) if trigger != "spend"]
JOURNEYS = [kind.model_fields["kind"].default for kind in KINDS]
OUR_OWN = [kind.model_fields["kind"].default for kind in KINDS if not kind.is_promised]
#: How a sign-up, or an answer to an offer, may come out.
EVENT_ANSWERS = ("taken", "waiting", "offered", "declined")
#: How an answer to a seat in the circle, or leaving it, may come out.
SEATS = ("in", "declined", "left")
#: What is said of events unasked.
EVENT_NEWS = {"invite", "offer", "reminder", "off", "thanks"}
#: What members may tell the shop about.
HEARD = (feedback.FEEDBACK, feedback.COMPLAINT, feedback.IDEA)
UPWARDS = ("reached", "revived")
TOLD_CHANCE = ("count", "few", "most", "level")
PRAISED = ("rank_up", "rank_back", "came_back", "anniversary", "referral")
#: By which an activity is called in the history; two kinds are called by a field of theirs.
CALLED = {
    *(kind.__name__.lower() for kind in kinds(Happening) if "text" not in vars(kind)),
    *choices(Occasion, "trigger"),
    *(f"membership_{state}" for state in choices(MembershipChanged, "state")),
    *(f"told_{step}" for step in get_args(StepId) if step != "birthday"),
    "takenback", "returned",
}  # fmt: skip

#: What is put together, with a star for each hole, and what each hole may be filled with.
CHOSEN: dict[str, tuple[Any, ...]] = {
    "activity.*.*": (COUNTED, ("each", "every", "at", "first")),
    "activity.*.amount": (("purchase", "spend"),),
    "activity.*.history": (CALLED,),
    "api.problem.*.detail": (API_PROBLEMS,),
    "api.problem.*.title": (API_PROBLEMS,),
    "activity.*.noun": (get_args(Trigger),),
    "activity.birthday.*": (MONTH_OR_DAY,),
    "activity.birthday.term.*": (MONTH_OR_DAY,),
    "card.next_month.*": (MEASURES,),
    "chat.button.left_*": (survey.REASONS,),
    "chat.button.review_as_*": (("initial", "nickname", "nobody"),),
    "chat.my_reviews.*": (("kept", "waits", "shown"),),
    "chat.my_reviews.taken_down.*": (REASONS,),
    "chat.review.*": (("thanks", "changed"),),
    "chat.review.*_title": (("thanks", "changed"),),
    "chat.review.stars.*": (STARS,),
    "explain.words.form.**": (LANGS, ("", "_one")),
    "share.line.*": (SHARE_LINES,),
    "card_page.nav.*": (SECTIONS,),
    "card_page.select.*": (selecting._PROBLEMS,),
    "page.lost.*.body": (lost._WORDS.values(),),
    "page.lost.*.title": (lost._WORDS.values(),),
    "programme.*": (("season", "charity"),),
    "member_page.done.*": (written("ends_on", at=2) - {""},),
    "member_page.part.*": (exported.PARTS,),
    "member_page.table.*": (exported.COLUMNS,),
    "card.progress.*": (
        ("reward", "badge", "revive", *MEASURES, *(f"keep_rank.{each}" for each in MEASURES)),
    ),
    "chat.*.ask": (HEARD,),
    "chat.*.thanks": (HEARD,),
    "chat.*.thanks_title": (HEARD,),
    "chat.*.title": (HEARD,),
    "chat.ways.name.*": (get_args(Way),),
    "chat.button.*": (
        written("button", "card_page", at=1) | written("_button", "picker", "_save_button", at=1)
        | intents_to_go_on_with() | set(guide._TOPICS) | set(shop.FACTS) | set(earn.LEADS.values())
        | {tap for kind in KINDS for tap in kind.buttons},
    ),
    "chat.check_in.how_*": (("code", "beacon", "card"),),
    "chat.help.about.*": (guide._TOPICS,),
    "chat.shop.open.*": (("phone", "booking", "menu"),),
    "chat.circle.now.*.body": (SEATS,),
    "chat.circle.now.*.title": (SEATS,),
    "seat.state.*": (get_args(SeatState),),
    "chat.trials.*": (
        {"sampled", "sampled_again", "voted", "voted_again", "changed"},
    ),
    "chat.idea.state.*": (STATES,),
    "push.suggestion.*": (("considered", "declined"),),
    "push.trials.*.title": (("questions", "off"),),
    "push.trials.*.body": (("questions", "off"),),
    "trial.sample.*": (set(get_args(SampleState)) - {"none"},),
    "chat.events.now.*.body": (EVENT_ANSWERS,),
    "chat.events.now.*.title": (EVENT_ANSWERS,),
    "event.questions.*": (
        ("least", "most", "words", "event.title", "event.how", "trial.title", "trial.how"),
    ),
    "event.first_ones.*": (("visits", "both"),),
    "event.kind.*": (get_args(EventKind),),
    "fan.lead.*": (get_args(LadderState),),
    "fan.state.*": (get_args(LadderState),),
    "fan.step.*": (get_args(FanStep),),
    "event.state.*": (("taken", "waiting", "offered", "off", "declined", "passed", "came"),),
    "push.events.*": (
        {f"{each}.{part}" for each in EVENT_NEWS for part in ("title", "body")} - {"invite.body"},
    ),
    "explain.shop.*": (PREMISES_FACTS,),
    "chat.link.ask_*": (get_args(Purpose),),
    "chat.link.title_*": (get_args(Purpose),),
    "chat.my_data.*": (("erase_shared", "erase_first", "erase_really"),),
    "chat.my_data.*_title": (("erase_shared", "erase_first", "erase_really"),),
    "chat.my_data.consent.*": (get_args(ConsentKind),),
    "chat.referral.body_*": (COUNTS_AT,),
    "chat.referral.taken_*": (COUNTS_AT,),
    "suggestion.wish.*": ((*suggestion.ORDER, "birthday"),),
    "chat.questions.*": (
        written("_say", at=1) - {"no_answer"} | {"came_already", "other_rank", "answered", "over"}
        | {"thanks", "sorry"},
    ),
    "chat.questions.*_title": (("thanks", "sorry"),),
    "explain.surveys.kind.*": (get_args(SurveyKind),),
    "survey_results.*": (
        {*written("_line", at=1), "engagement", "satisfaction", "loyalty", "unknown", "none",
         "did_visits", "did_taps", "did_messages"},
    ),
    "chat.survey.*": (("no_answer", "closing", "again"),),
    "chat.survey.reason.*": (survey.REASONS,),
    "chat.membership.*": (("closed", "closed_shared"),),
    "chat.topics.about.*": (get_args(Topic),),
    "chat.topics.name.*": (get_args(Topic),),
    "chat.unknown.kind.*": ((*choices(Media, "kind"), "something"),),
    "chat.welcome.referred_*": (COUNTS_AT,),
    "check.*": (written("Caution", at=1),),
    "explain.badge.needs.*": (
        {name for kind in kinds(Need) for name in choices(kind, "kind")} - {"times"}
        | {f"times.{on}" for on in choices(ActivityCount, "on")},
    ),
    "explain.door.*": (("staff", "counter_qr", "beacon"),),
    "explain.perk.*": (
        ("event", "presale", "early_access", "circle", "first", "reward"),
    ),
    "explain.subscription.*": (("better", "on_top"),),
    "explain.perk.every.*": (("month", "year", "once"),),
    "explain.limit.*": (Limit.model_fields,),
    "explain.measure.*": (MEASURES,),
    "explain.measured.*": (MEASURES,),
    "explain.points.doing.*": (("visit", "purchase", "reward", *get_args(Doing)),),
    "explain.purchase.*": ((*AMOUNTS, *choices(PurchasePolicy, "points_used")),),
    "explain.referral.*": (COUNTS_AT,),
    "explain.reward.*": (get_args(RewardKind),),
    "reward.what.*": (get_args(RewardKind),),
    "explain.tax.*": (AMOUNTS,),
    "explain.title.*": (
        ("shop", "earning", "campaigns", "points", "rewards", "ranks", "streaks", "badges",
         "visits", "purchase", "referral", "profile", "sending", "journeys"),
    ),
    "explain.weekday.*": (get_args(Weekday),),
    "given.*.at": (("nth_purchase", "nth_visit", "nth_delivery"),),
    "given.*.every": (("nth_purchase", "nth_visit", "nth_delivery"),),
    "given.birthday.*": (MONTH_OR_DAY,),
    # These two have no body but in one of its forms.
    "journey.*.*.*": ({*OUR_OWN} - {"fan_steps", "one_short"}, ("a", "b"), ("title", "body")),
    "funnel.*": (
        ("none", "title", "line", "share", "days", "same_day", "stopped", "on_the_way", "most",
         "now", "left", "how_stopped", "regular_by_rank", "regular_by_rhythm"),
    ),
    "funnel.step.*": (STEPS,),
    "funnel.stage.*": (STAGES,),
    "journey.explained.*": (
        {*JOURNEYS} - {"birthday"}
        | {f"birthday_{when}{by}" for when in MONTH_OR_DAY for by in ("", "_before")},
    ),
    "journey.explained.state.*": (get_args(Membership),),
    "journey.explained.whom.*": (LANGS,),
    "journey.kind.*": (JOURNEYS,),
    "journey.notice.*": (_NOTICES,),
    "journey.deciding.*": (get_args(Step),),
    "journey.deciding.no.*": (written("NoDecision", at=0),),
    "journey.results.*": (
        {
            *written("_told", at=1),
            *(f"effect_{way}" for way in ("more", "fewer", "none", "unknown")),
            *("more", "fewer", "none", "outlook_none", "outlook", "outlook_early"),
            *("outlook_all_none", "range_across"),
            *(f"missing_{which}{side}" for which in ("came", "stayed") for side in ("", "_other")),
            *(f"cost.{gifts}" for gifts in get_args(Gifts)),
            *(f"word.{word}" for word in (*get_args(Word), "early")),
        },
    ),
    "loss.*": (written("Loss", at=1),),
    "menu.*": (
        ("card", "rewards", "rank", "badges", "history", "earn", "profile", "help"),
    ),
    "off_peak.*": (choices(NoOffPeak, "why"),),
    "picture.badge_*": (("new", "earned", "locked"),),
    "picture.greeting.*": ((*(f"birthday_{when}" for when in MONTH_OR_DAY), "comeback"),),
    "zodiac.*": (tuple(each.id for each in ANIMALS),),
    "picture.poster.*": (("scan", "add", "card"),),
    "problem.*": (written("Problem", at=1) | written("Impossible", at=0),),
    "profile.ask.*": ({*get_args(StepId)} - {"birthday"},),
    "profile.step.*": (get_args(StepId),),
    "profile.title.*": (get_args(StepId),),
    "publish.*": (("waits", "holds", "withdrawn", "holds_already"),),
    "push.card_moved.*": (
        (f"{how}.{part}" for how in choices(SayCardMoved, "how") for part in ("title", "body")),
    ),
    "push.corrected.*": ((*choices(SayCorrected, "what"), "given", "taken"),),
    "push.points_expiring.**": (("title", "body", "body_visit"), ("",)),
    "push.praise.*.*": (PRAISED, ("title", "body")),
    # A merging is told by whoever merged.
    "push.rank.*.body": ({*get_args(RankChangeReason)} - {"merged"},),
    "push.rank.*.title": ({*get_args(RankChangeReason)} - {"merged"},),
    "push.rank_at_risk.*": (("title", *MEASURES),),
    "push.rank_goes.*": (("title", "body"),),
    "quota.*": (("short", "used_up"),),
    "reached.*": ((SHORTFALL, RAN_OUT),),
    "reached.rank_*": (UPWARDS,),
    "reached.thanks_*": (choices(Thanks, "what"),),
    "refused.again.*": (("today", "tomorrow", "later"),),
    "explain.handover.*": (get_args(RewardKind),),
    "returning.*": (
        ("away", "away_since_resumed", "here", "resumed",
         *({*get_args(Membership)} - {"active"})),
    ),
    "returning.chance.*": (TOLD_CHANCE,),
    "returning.alike.*": (("rhythm", "visits"),),
    "returning.last.*": (("once", "again"),),
    "returning.level.*": (get_args(Level),),
    "returning.then.*": (("number", "high", "medium"),),
    "returning.of_100.*": ({*TOLD_CHANCE} - {"level"},),
    "returning.rhythm.*": (("range", "same"),),
    "scan.event.*": (("came", "taken", "waiting", "offered"),),
    "scan.line.*": (("checked_in", "late"),),
    "scan.mark.*": (counter._TO_DO,),
    "scan.moment.*": (("today", "later"),),
    "scan.say.rank_*": (UPWARDS,),
    "sms.*.body": (("ask", "stopped"),),
    "sms.*.title": (("ask", "stopped"),),
    "step.*": ({*get_args(StepKind)} - {"rank_up", "keep_rank"},),
    "step.keep_rank.*": (MEASURES,),
    "step.rank_up.*": (MEASURES,),
    "step.rank_up_by.*": (MEASURES,),
    "voucher.*": (get_args(VoucherReason),),
} | OF_THE_SHOP  # fmt: skip
#: Whatever has a key: what a section alone begins is filled by what it is given, which others test.
OTHERS = {
    "*.body", "*.title", "*.why", "*.then",  # by their tables, which stand here
    "chat.*",  # Turn.say, of which every call stands in test_texts
    "card.*",  # no text: an address of the page
    "counter.*",  # its template names them
    "owner.setup_*",  # no text: an address of the first steps
    "given.*",  # no text: a name of SQL
    "refusal.*", "refusal.*.then", "refusal.*.why",  # test_refusals
    "journey.not_due.*",  # tests/rules/journeys/test_journey.py
    # tests/handlers/pages/staff/team/test_log.py
    "staff.log.did.*", "staff.log.more.*", "staff.log.said.*",
    "owner.setup.part.*.*",  # both forms are opened: tests/handlers/pages/owner/setup
    "staff.page.mark.*",  # the script asks whether there is one
    "staff.done.*",  # an address may say anything: what has no text is left out
    # tests/rules/editing/test_controls.py, test_sample.py
    "explain.kind.award.*", "explain.kind.needs.*", "explain.kind.reward.*",
    "owner.form.field.*", "owner.form.field_of.*", "owner.form.hint_of.*.*",
    "owner.form.option.*.*",
    "owner.form.option.on.*",
}  # fmt: skip


def put_together() -> set[str]:
    """Every key with a hole that the code, the counter's scripts or an address fills."""
    found = {key for _, key in said()} | set(on_the_page())
    for _, tree in sources():
        for node in ast.walk(tree):
            pattern = spelled(node) if isinstance(node, ast.JoinedStr) else None
            if pattern and is_key(pattern):
                found.add(pattern)
    return {key.replace(_ANYTHING, "*").replace("\\", "") for key in found if _ANYTHING in key}


def filled() -> Iterator[tuple[str, str]]:
    for pattern, holes in CHOSEN.items():
        for values in product(*holes):
            yield pattern, pattern.replace("*", "{}").format(*values)


def test_every_text_that_is_chosen_exists_by_every_key() -> None:
    asked = list(filled())

    assert len(asked) > 600
    assert sorted((pattern, key) for pattern, key in asked if key not in keys("ja")) == []


def test_every_place_that_puts_a_key_together_is_known_with_what_it_may_choose() -> None:
    assert put_together() == CHOSEN.keys() | OTHERS
