from concurrent.futures import ThreadPoolExecutor

from bot.store import Store
from bot.store.engine.pace import Pace
from tests.conftest import FreshDatabase

RATES = {"push": 100.0, "multicast": 10.0}


def test_in_memory_each_begins_where_the_one_before_ended(fresh_sqlite: FreshDatabase) -> None:
    now = [0.0]
    with fresh_sqlite() as url:
        pace = Pace(Store(url), RATES, clock=lambda: now[0])
        assert pace.reserve("push", 50) == 0.0
        assert pace.reserve("push", 10) == 0.5
        assert pace.reserve("multicast", 1) == 0.0
        now[0] = 0.4
        assert round(pace.reserve("push", 1), 6) == 0.2
        now[0] = 9.0  # what was not used is gone: nobody sends a rush afterwards
        assert pace.reserve("push", 100) == 0.0
        assert pace.reserve("push", 1) == 1.0
        pace.slow_down("push", 5.0)
        assert pace.reserve("push", 1) == 5.0


def test_on_postgresql_all_workers_share_a_rate(fresh_postgresql: FreshDatabase) -> None:
    with fresh_postgresql() as url:
        stores = [Store(url) for _ in range(4)]
        workers = [Pace(store, RATES) for store in stores]
        with ThreadPoolExecutor(4) as pool:
            begins = sorted(pool.map(lambda pace: pace.reserve("push", 1_000), workers))
        # Ten seconds' worth each: whoever comes next begins when the one before is through.
        assert [round(begin / 10) for begin in begins] == [0, 1, 2, 3]
        assert begins[0] == 0.0
        workers[0].slow_down("multicast", 60.0)
        assert workers[1].reserve("multicast", 1) < 1
        workers[0].slow_down("multicast", 60.0)
        assert 50 < workers[1].reserve("multicast", 1) <= 60
        for store in stores:
            store.close()
