#!/usr/bin/env python
"""Django's command line, on the servers named by the environment or those that run.py keeps."""

import os
import sys

from config import embedded
from config.servers import CannotStart

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        embedded.command(sys.argv[1:])
    except CannotStart as problem:
        sys.exit(str(problem))
