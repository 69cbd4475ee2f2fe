"""The simplified policy that every contestant of `run.py bench lab` plays, and how each of them reports.

A member sends on a day with chance SEND if a credit is there, to a member drawn at random; ACCEPT of the InMails are
answered, the credits of the others come back after DEADLINE days. GRANT credits come every PERIOD days, up to CAP; at
the start everybody has GRANT. On a day: returns, then grants, then sends. Every contestant draws its own luck.
"""

import json
import sys
import time

SEND, ACCEPT = 0.0038, 0.27
GRANT, CAP, PERIOD, DEADLINE = 3, 9, 30, 7


def contest(live):
    """Runs `live(members, days, seed)` with what the command line says; it gives its start and the totals."""
    members, days, seed = map(int, sys.argv[1:4])
    begun, totals = live(members, days, seed)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, **{name: int(value) for name, value in totals.items()}}))
