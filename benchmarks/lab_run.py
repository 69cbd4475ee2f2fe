"""One run of the full behaviour, `python -m benchmarks.lab_run MEMBERS`: seconds and InMails as JSON.

One arm, one replication, 90 days, 0.8 % premium: about a third of an InMail a member.
"""

import json
import sys
import time
from dataclasses import replace

from lab import scenario, shards

THREADS = 2


def main(members: int) -> None:
    ready = scenario.load(scenario.ready()["return_on_silence"])
    given = replace(ready, arms=ready.arms[:1], days=90, population=replace(ready.population, premium=0.008))
    shards.replication(replace(given, members=1000), 0)  # machine code from where it is kept
    begun = time.perf_counter()
    (totals,) = shards.replication(replace(given, members=members), 0, workers=THREADS)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "inmails": int(totals.received @ range(len(totals.received)))}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
