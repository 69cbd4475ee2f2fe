"""What is measured against whom: `python3 run.py bench [name]`; each writes benchmarks/results/NAME.json.

A figure without its peer from the same run says little; where a peer is missing, a sentence says so.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
