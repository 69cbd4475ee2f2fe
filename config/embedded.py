"""What `python3 run.py` does once the requirements are there: serve, test, bench, manage."""

import os
import subprocess
import sys

from config import places


def test(arguments: list[str]) -> int:
    """Every test, or those named; the plugin tests/servers.py starts and stops their servers."""
    os.chdir(places.ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])


def manage(arguments: list[str]) -> int:
    return subprocess.call([sys.executable, places.ROOT / "manage.py", *arguments])


def main() -> int:
    command, *rest = sys.argv[1:] or ["serve"]
    if command == "test":
        return test(rest)
    if command == "manage":
        return manage(rest)
    sys.exit(f"{command} is not known.")


if __name__ == "__main__":
    sys.exit(main())
