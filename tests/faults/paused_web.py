"""The site, except that a request marked `X-Hold` is carried out to its end and its answer never leaves.

Only tests start web processes with this door; the file that HOLD_FILE names says that the act is done.
"""

import os
import time
from pathlib import Path

from config.wsgi import application as site


def application(environ, start_response):
    if not environ.get("HTTP_X_HOLD"):
        return site(environ, start_response)
    body = b"".join(site(environ, lambda status, headers, problem=None: None))
    Path(os.environ["HOLD_FILE"]).write_bytes(body)
    time.sleep(600)
    return []
