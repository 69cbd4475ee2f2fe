"""A PostgreSQL and a Valkey for the length of a test run or a benchmark, forgotten at its end."""

import secrets
import shutil
import subprocess

from config.servers import CannotStart, Postgres, Valkey, as_whom, hold, short_folder, stop, wait_until_ready


class Temporary:
    """`with Temporary() as servers:` both run, and `servers.environment` says where.

    With `durable` they write to the disk as they do in earnest, for benchmarks.
    """

    def __init__(self, *, durable: bool = False):
        self.folder = short_folder(as_whom())
        self.held = hold(self.folder)
        self.postgres = Postgres(self.folder / "postgres", self.folder, secrets.token_hex(16), durable=durable)
        self.valkey = Valkey(self.folder / "valkey", self.folder, durable=durable)
        self.children: dict[str, subprocess.Popen] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}

    def __enter__(self) -> "Temporary":
        try:
            for server in (self.postgres, self.valkey):
                server.prepare()
                self.start(server)
            for server in (self.postgres, self.valkey):
                if not wait_until_ready(server, lambda name=server.name: self.children[name]):
                    raise CannotStart(f"{server.name} did not start:\n{self._log(server).read_text()}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for server in (self.valkey, self.postgres):
            self.stop(server)
        self.held.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, server: Postgres | Valkey) -> None:
        with self._log(server).open("a") as log:
            self.children[server.name] = server.start(stdout=log, stderr=log)

    def stop(self, server: Postgres | Valkey) -> None:
        """End one of them; a test of faults may start it again on the same files."""
        if child := self.children.pop(server.name, None):
            stop(child, server.stop_sign, server.patience)

    def _log(self, server: Postgres | Valkey):
        return self.folder / f"{server.name}.log"
