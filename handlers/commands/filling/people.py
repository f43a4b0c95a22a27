"""Who the demo's members are, and how they come."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.store.members.profiles import Profile
from rules.shop import Shop

from .names import FAMILY, GIVEN, NICK

#: The demo's past, in days.
DAYS = 365
#: One in so many has no LINE: their card was printed at the counter.
_PAPER_EVERY = 50
#: Who rests does so for so many days.
_RESTS = (25, 70)

#: Those without LINE gave their names at the counter.
_ON_PAPER = (
    Profile("田村和子", "たむら かずこ", note="窓ぎわの席がお好きです"),
    Profile("小川実", "おがわ みのる", note="新聞をご用意する"),
    Profile("西田美代子", "にしだ みよこ"),
    Profile("原正夫", "はら まさお", note="豆は中挽きで200g"),
    Profile("上野ふみ", "うえの ふみ"),
    Profile("久保田清", "くぼた きよし", note="水曜の朝にご夫婦で"),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """How someone comes."""

    name: str
    #: Of the members so many are like this, as a share of 1.
    share: float
    #: Between visits.
    gap_days: float
    #: They come from the day they joined until so many days before today.
    until_day: int
    #: They joined so many days before today, from least to most.
    joined_within: tuple[int, int]
    #: After so many visits of a hundred they stay away for weeks.
    rests: int = 0


#: Regulars, occasional ones, those who fade, those who are gone, and newcomers.
HABITS = (
    Habit("regular", 0.22, 4.5, 0, (120, DAYS), rests=7),
    Habit("weekly", 0.18, 8.0, 0, (90, DAYS), rests=10),
    Habit("occasional", 0.20, 19.0, 0, (90, DAYS), rests=10),
    Habit("fading", 0.14, 9.0, 35, (150, DAYS), rests=7),
    Habit("gone", 0.16, 11.0, 110, (200, DAYS)),
    Habit("new", 0.12, 6.0, 0, (2, 95)),
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo, before they live."""

    user_id: str
    name: str
    language: str
    habit: Habit
    birthday: date | None
    joined_days_ago: int
    paper: Profile | None

    def comes_after(self, day: date, today: date, shop: Shop, random: Random) -> date | None:
        """The day on which they come next by themselves, after that one; None for never."""
        last = today - timedelta(days=self.habit.until_day)
        while True:
            day += timedelta(days=max(1, round(random.gammavariate(3, self.habit.gap_days / 3))))
            if random.randrange(100) < self.habit.rests:
                day += timedelta(days=random.randint(*_RESTS))
            if day > last:
                return None
            if shop.is_open(day):
                return day

    @classmethod
    def draw(cls, random: Random, number: int) -> "DemoPerson":
        habit = random.choices(HABITS, weights=[habit.share for habit in HABITS])[0]
        foreign = random.random() < 0.05
        name = _display_name(random)
        return cls(
            user_id=f"U{random.getrandbits(64):016x}{number:016x}",
            name=name,
            language="en" if foreign else "ja",
            habit=habit,
            birthday=_birthday(random) if random.random() < 0.6 else None,
            joined_days_ago=random.randint(*habit.joined_within),
            paper=_on_paper(number),
        )


def _display_name(random: Random) -> str:
    if random.random() < 0.35:
        return random.choice(NICK)
    given = random.choice(GIVEN)
    return given if random.random() < 0.3 else f"{random.choice(FAMILY)}{given}"


def _on_paper(number: int) -> Profile | None:
    """Who the `number`th member is at the counter if they have no LINE; None if they have."""
    nth, rest = divmod(number, _PAPER_EVERY)
    return _ON_PAPER[nth % len(_ON_PAPER)] if rest == _PAPER_EVERY // 6 else None


def _birthday(random: Random) -> date:
    return date(1950, 1, 1) + timedelta(days=random.randint(0, 58 * 365))
