"""Clients of the REST API that remember everything: what was acknowledged, what failed and how, how long it took."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

TIMEOUT = 70.0  # a client more patient than any request may take: what hangs is seen in the figures
LETTER = {"category": "consulting_offer", "subject": "A question", "body": "We need a week of your advice."}


@dataclass(frozen=True)
class Answer:
    """What became of one request: `status` is None and `error` the class where there was no answer."""

    sender: str
    recipient: str
    key: str
    status: int | None
    body: dict
    headers: dict
    error: str
    seconds: float
    begun: float

    @property
    def inmail_id(self) -> int | None:
        return self.body.get("id") if self.status == 201 else None

    @property
    def word(self) -> str:
        """The class of an answer that is no acknowledgement: a code of refusal, a status, an exception."""
        refusals = self.body.get("refusals") or [{}]
        return self.error or refusals[0].get("code") or str(self.status)


@dataclass
class Load:
    """Sends InMails over HTTP, each request on a connection of its own, from as many threads as asked."""

    address: tuple[str, int]
    tokens: dict[str, str]
    answers: list[Answer] = field(default_factory=list)

    def send(self, sender, recipient, *, key: str | None = None, headers: dict | None = None, **letter) -> Answer:
        """One POST to inmails/ under `key` (a new one); the answer is kept and returned, never raised."""
        key = key or str(uuid.uuid4())
        given = LETTER | {"recipient": recipient.handle} | letter
        answer = self.request(sender.handle, recipient.handle, key, given, headers or {})
        self.answers.append(answer)
        return answer

    def request(self, sender: str, recipient: str, key: str, given: dict, headers: dict) -> Answer:
        """The bare request, which is not counted."""
        sent = {"Authorization": f"Token {self.tokens[sender]}", "Content-Type": "application/json"} | headers
        sent["Idempotency-Key"] = key
        begun, status, body, back, error = time.monotonic(), None, {}, {}, ""
        link = HTTPConnection(*self.address, timeout=TIMEOUT)
        try:
            link.request("POST", "/api/v1/inmails/", json.dumps(given), sent)
            reply = link.getresponse()
            status, back, text = reply.status, dict(reply.headers), reply.read()
            body = json.loads(text)
        except (OSError, HTTPException) as problem:
            status, error = None, type(problem).__name__
        except ValueError:
            error = "" if status and status >= 500 else "not JSON"
        finally:
            link.close()
        return Answer(sender, recipient, key, status, body, back, error, time.monotonic() - begun, begun)

    def warm_up(self, sender: str) -> None:
        """Have every web process load its code, by requests that are refused; they are not counted."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: self.request(sender, "", str(uuid.uuid4()), {}, {}), range(24)))

    def send_all(self, pairs: Iterable, *, threads: int = 8) -> list[Answer]:
        """Send between all these pairs, so many at a time; the answers in the order of the pairs."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda pair: self.send(*pair), pairs))

    @contextmanager
    def in_background(self, pairs: Iterable, *, threads: int = 4, pause: float = 0.02):
        """Clients that send pair after pair while the block lasts, or until there are no more."""
        waiting, over = iter(pairs), threading.Event()
        taking = threading.Lock()

        def client():
            while not over.is_set():
                with taking:
                    pair = next(waiting, None)
                if pair is None:
                    return
                self.send(*pair)
                over.wait(pause)

        clients = [threading.Thread(target=client, daemon=True) for _ in range(threads)]
        for one in clients:
            one.start()
        try:
            yield self
        finally:
            over.set()
            for one in clients:
                one.join(TIMEOUT + 5)

    def again(self, answer: Answer, pair: tuple) -> Answer:
        """The same request under the same key, as a client does that got no answer."""
        return self.send(*pair, key=answer.key)

    def insist(self, sender, recipient, *, key: str | None = None, patience: float = 60.0, **letter) -> Answer:
        """The same request under one key until it is decided, as a good client does after 409, 503 or silence."""
        key, until = key or str(uuid.uuid4()), time.monotonic() + patience
        while True:
            answer = self.send(sender, recipient, key=key, **letter)
            if answer.status not in (None, 409, 429, 503) or time.monotonic() > until:
                return answer
            time.sleep(0.2)

    @property
    def acknowledged(self) -> list[int]:
        return sorted({answer.inmail_id for answer in self.answers if answer.inmail_id})

    @property
    def errors(self) -> Counter:
        return Counter(answer.word for answer in self.answers if answer.status != 201)

    @property
    def longest(self) -> float:
        return max((answer.seconds for answer in self.answers), default=0.0)
