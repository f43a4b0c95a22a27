"""What is said of a member, by subject, wherever it stands."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.sentences import Reader, Sentence, ids, month_day

#: The steps that a bar is of.
BARS = ("revive", "keep_rank", "rank_up", "badge", "reward")


@dataclass(repr=False)
class Said:
    """What was said of one member at one moment, by subject, value and place."""

    reader: Reader
    by: dict[str, dict[Any, list[str]]] = field(default_factory=lambda: defaultdict(dict))

    def says(self, where: str, subject: str, value: Any) -> None:
        self.by[subject].setdefault(value, []).append(where)

    @property
    def contradictions(self) -> dict[str, dict[Any, list[str]]]:
        return {subject: values for subject, values in self.by.items() if len(values) > 1}

    def of(self, subject: str) -> list[Any]:
        return list(self.by[subject])

    # ── Sentences ──

    def line(self, where: str, line: str, *, other: Reader | None = None) -> Sentence | None:
        """Notes what a line says, whichever of the texts about members it is."""
        reader = other or self.reader
        found = reader.read(line, "step", "card", "push", "journey", "reached")
        if found is None:
            return None
        self._step(where, reader, found)
        self._caption(where, reader, found)
        self._ends(where, reader, found)
        return found

    def _target(self, reader: Reader, found: Sentence, place: str = "target") -> str | None:
        return ids(reader.programme).get(found.named.get(place, "").strip("「」“”"))

    def _step(self, where: str, reader: Reader, found: Sentence) -> None:
        if not found.key.startswith("step."):
            return
        kind = found.key.split(".")[1].removesuffix("_by")
        target = self._target(reader, found)
        count = found.number() if "count" in _places(found.key) else 0
        self.says(where, "next step", (kind, target, count))
        self._goal(where, kind, target, count)
        if kind in BARS:
            self.says(where, f"still missing: {kind}", count)
        if kind == "reward_ready":
            self.says(where, f"ready {target}", True)
        if "until" in found.named:
            self.says(where, f"until {kind} {target}", month_day(found.named["until"]))

    def _goal(self, where: str, kind: str, target: str | None, count: int) -> None:
        if count:
            self.says(where, f"missing {kind} {target}", count)

    def _caption(self, where: str, reader: Reader, found: Sentence) -> None:
        if found.key.startswith("reached.rank_"):
            self.says(where, "climb", found.key.rsplit("_", 1)[1])
        if not found.key.startswith("card.progress."):
            return
        kind = found.key.split(".")[2]
        kind = {"visits": "rank_up", "points": "rank_up", "spend": "rank_up"}.get(kind, kind)
        target = self._target(reader, found, "rank") if "rank" in found.named else None
        missing = found.number("needed") - found.number("had")
        if target:
            self._goal(where, kind, target, missing)
        self.says(f"{where}'s bar", f"still missing: {kind}", missing)
        if "period" in found.named:
            self.says(where, "period", found.named["period"])

    def _ends(self, where: str, reader: Reader, found: Sentence) -> None:
        """What goes, and when."""
        match found.key:
            case "push.rank_goes.title":
                self.says(where, "rank ends", month_day(found.named["until"]))
            case "card.line.expiring":
                last = month_day(found.named["until"])
                self.says(where, "points end", (last, found.number()))
            case "push.points_expiring.body_visit_sooner":
                first = month_day(found.named["first"])
                self.says(where, "points end", (first, found.number("sooner")))
            case (
                "push.points_expiring.body"
                | "push.points_expiring.body_visit"
                | "push.points_expiring.body_visit_by"
            ):
                last = month_day(found.named["last"])
                self.says(where, "points end", (last, found.number()))


def _places(key: str) -> set[str]:
    from rules.wording.texts import keys

    text = keys("ja")[key]
    return set(re.findall(r"\{(\w+)", text if isinstance(text, str) else text["other"]))


# ── Messages ──────────────────────────────────────────────────────────────────────────────────
