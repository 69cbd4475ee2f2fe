#!/usr/bin/env python
"""Django's command line, against the servers named by the environment or those that run.py keeps."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "0")  # a command may think as long as it likes
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
