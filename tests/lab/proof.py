"""Whether the tests of exactness are to be at their full size: `python3 run.py proof`."""

import os

PROOF = os.environ.get("INMAIL_PROOF") == "1"
