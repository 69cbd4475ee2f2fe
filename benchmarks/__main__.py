"""`python -m benchmarks [name …]`: each benchmark in a process and a database of its own, one after the other."""

import subprocess
import sys

from benchmarks import databases

NAMES = ("sends", "deliveries", "pages", "imports", "lab")


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - set(NAMES):
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    worst = 0
    for name in wanted or NAMES:
        with databases.fresh(f"bench_{name}") as environment:
            worst = max(worst, subprocess.call([sys.executable, "-m", f"benchmarks.{name}"], env=environment))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
