"""Clubs that nobody knows: members drawn at random, as four kinds of shop see them."""

from collections.abc import Callable
from math import exp, log
from random import Random

from rules.science.lessons import Visits

START, DAYS = 729_000, 730
_LOOK = START + 600


def gym(members: int, seed: int) -> list[Visits]:
    """Some visits a week on days of one's own, until one stops for good."""
    draw = Random(seed)
    return [_gym_member(draw) for _ in range(members)]


def _gym_member(draw: Random) -> Visits:
    joined = START + draw.randrange(DAYS - 30)
    a_day = draw.gammavariate(3, 0.6) / 7
    ends = min(joined + draw.expovariate(1 / 200), START + DAYS)
    liked = [draw.gammavariate(1.2, 1) for _ in range(7)]
    week = [7 * each / sum(liked) for each in liked]
    days = [joined]
    days += [
        day
        for day in range(joined + 1, int(ends))
        if draw.random() < 1 - exp(-a_day * week[day % 7])
    ]
    return Visits(days, [0.0] * len(days))


def cafe(members: int, seed: int) -> list[Visits]:
    """Gaps of about nine days, very different from member to member; a third never come back."""
    return _with_gaps(members, seed, typical=9, differ=0.8, vary=0.7, stay=0.7, lasts=250)


def salon(members: int, seed: int) -> list[Visits]:
    """Gaps of about six weeks, much alike."""
    return _with_gaps(members, seed, typical=45, differ=0.35, vary=0.25, stay=0.65, lasts=400)


def _with_gaps(
    members: int,
    seed: int,
    *,
    typical: float,
    differ: float,
    vary: float,
    stay: float,
    lasts: float,
) -> list[Visits]:
    draw = Random(seed)
    club = []
    for _ in range(members):
        joined = START + draw.randrange(DAYS - 30)
        usual = exp(draw.gauss(log(typical), differ))
        life = draw.expovariate(1 / lasts) if draw.random() < stay else 5
        days, day = [joined], joined
        while True:
            day += max(1, round(exp(draw.gauss(log(usual) - vary**2 / 2, vary))))
            if day > joined + life or day >= START + DAYS:
                break
            days.append(day)
        club.append(Visits(days, [0.0] * len(days)))
    return club


def mail_order(members: int, seed: int) -> list[Visits]:
    """Orders at random moments, few and far between, until one of them was the last."""
    draw = Random(seed)
    club = []
    for _ in range(members):
        joined = START + draw.randrange(DAYS - 30)
        a_day = max(draw.gammavariate(0.8, 1 / 60), 1e-5)
        leaves = draw.betavariate(0.8, 2)
        days, at = [joined], float(joined)
        while draw.random() > leaves:
            at += draw.expovariate(a_day)
            if at >= START + DAYS:
                break
            if int(at) != days[-1]:
                days.append(int(at))
        club.append(Visits(days, [0.0] * len(days)))
    return club


#: By name, and the day on which each is looked at.
KINDS: dict[str, Callable[[int, int], list[Visits]]] = {
    "gym": gym, "cafe": cafe, "salon": salon, "mail_order": mail_order,
}  # fmt: skip
LOOK = _LOOK
