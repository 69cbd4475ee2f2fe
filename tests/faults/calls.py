"""Other calls of the API by other people of the world, several at one instant too."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from tests.faults.load import TIMEOUT


@dataclass(frozen=True)
class Call:
    """`handle` asks `method` of `path` below /api/v1/, with `body` as JSON."""

    handle: str
    method: str
    path: str
    body: dict | None = None


class Caller:
    def __init__(self, address: tuple[str, int], tokens: dict[str, str]):
        self.site, self.tokens = "http://{}:{}/api/v1/".format(*address), tokens

    def do(self, call: Call) -> requests.Response:
        """One call; a busy platform (503, 409) is asked again, as its Retry-After says."""
        for _ in range(20):
            answer = requests.request(
                call.method,
                self.site + call.path,
                json=call.body,
                headers={"Authorization": f"Token {self.tokens[call.handle]}"},
                timeout=TIMEOUT,
            )
            if answer.status_code not in (409, 503):
                break
            threading.Event().wait(0.2)
        return answer

    def at_once(self, calls: Sequence[Call]) -> list[requests.Response]:
        """All begin together, each in a thread of its own."""
        gate = threading.Barrier(len(calls))

        def run(call):
            gate.wait()
            return self.do(call)

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(run, calls))
