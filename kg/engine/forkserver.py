"""The fork server: a single-threaded process that does nothing but hold a store and fork workers.

In: one JSON line of arguments, then lines on a control socket, `{"fork": name}` with the worker's end of a socket as
ancillary data, and `{"kill": name}`. Out: `{"ready": …}`, `{"forked": name, "pid": n}` and
`{"exited": name, "status": n, "words": what it wrote to stderr}` (a negative status is a signal). It ends, and with it
every worker, when the control socket does. One fork server serves one generation in one tier: in memory (the workers
share its pages) or on disk (each worker opens the store read-only).
"""

import fcntl
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat, Store

from kg.engine.confinement import confine, end_with_parent
from kg.engine.plans import ForkServerPlan
from kg.engine.preparation import Knowledge, read_knowledge
from kg.engine.worker import serve

WORDS_BYTES: Final = 2000


@dataclass(slots=True)
class _Control:
    """The control socket: JSON lines, each with at most one file descriptor."""

    socket: socket.socket
    text: bytearray = field(default_factory=bytearray)
    descriptors: deque[int] = field(default_factory=deque)

    def send(self, **message: Any) -> None:
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> Iterator[dict[str, Any]]:
        """The messages that have come.

        Raises:
            EOFError: the supervisor has hung up.
        """
        data, descriptors, _flags, _address = socket.recv_fds(self.socket, 1 << 16, 64)
        if not data:
            raise EOFError
        self.descriptors.extend(descriptors)
        self.text += data
        while (end := self.text.find(b"\n")) >= 0:
            line = bytes(self.text[:end])
            del self.text[: end + 1]
            yield json.loads(line)


def run(control_socket: socket.socket, plan: ForkServerPlan) -> None:
    """Hold the store and fork workers until the supervisor hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the supervisor decides
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    control = _Control(control_socket)
    started = time.perf_counter()
    lease = plan.lease.open("a", encoding="ascii")
    fcntl.flock(lease, fcntl.LOCK_SH)  # held as long as this process or a worker lives: see kg.build.generations
    store = _load(plan)
    known = read_knowledge(plan.worker.prefixes, plan.worker.inferred, plan.worker.base, plan.worker.statistics)
    gc.collect()
    gc.freeze()  # so that a collection in a worker does not write to the pages it shares with us
    children: dict[str, int] = {}
    try:
        control.send(ready=True, seconds=round(time.perf_counter() - started, 3), rss_bytes=_resident_bytes())
        while True:
            readable, _, _ = select.select([control.socket, woken], [], [])
            if woken in readable:
                woken.recv(4096)
                _reap(children, control, plan.worker.spool)
            if control.socket in readable:
                for message in control.receive():
                    _obey(message, children, control, (store, known), plan, (woken, wake))
    except (EOFError, ConnectionError):
        return
    finally:
        signal.set_wakeup_fd(-1)
        for name, pid in children.items():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            _words(plan.worker.spool, name).unlink(missing_ok=True)
        lease.close()


def _obey(
    message: dict[str, Any],
    children: dict[str, int],
    control: _Control,
    held: tuple[Store | None, Knowledge],
    plan: ForkServerPlan,
    ours: tuple[socket.socket, socket.socket],
) -> None:
    if "kill" in message:
        pid = children.get(message["kill"])
        if pid is not None:  # not yet reaped, so the number is still that worker's
            os.kill(pid, signal.SIGKILL)
        return
    name, descriptor = str(message["fork"]), control.descriptors.popleft()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        control.socket.close()
        for end in ours:
            end.close()
        _become_worker(name, descriptor, *held, plan)
    os.close(descriptor)
    children[name] = pid
    control.send(forked=name, pid=pid)


def _become_worker(name: str, descriptor: int, store: Store | None, known: Knowledge, plan: ForkServerPlan) -> None:
    """Serve as a worker and end the process; never returns."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        end_with_parent()
        words = os.open(_words(plan.worker.spool, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(words, 2)
        os.close(words)
        if store is None:
            store = Store.read_only(str(plan.store))
        confine(plan.limits)
        serve(socket.socket(fileno=descriptor), store, plan.worker, name, known)
        status = 0
    finally:
        if sys.exc_info()[0] is not None:
            sys.excepthook(*sys.exc_info())
        os._exit(status)  # the parent's clean-up is the parent's


def _reap(children: dict[str, int], control: _Control, spool: Path) -> None:
    for name, pid in list(children.items()):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            del children[name]
            path = _words(spool, name)
            words = path.read_bytes()[:WORDS_BYTES].decode(errors="replace") if path.is_file() else ""
            path.unlink(missing_ok=True)
            if status:  # killed at work: what it had spooled belongs to nobody
                for leftover in spool.glob(f"{name}-*"):
                    leftover.unlink(missing_ok=True)
            control.send(exited=name, status=os.waitstatus_to_exitcode(status), words=words)


def _words(spool: Path, name: str) -> Path:
    return spool / f"{name}.stderr"


def _load(plan: ForkServerPlan) -> Store | None:
    if plan.tier == "disk":
        return None
    store = Store()
    store.bulk_load(path=str(plan.quads), format=RdfFormat.N_QUADS)
    return store


def _resident_bytes() -> int:
    statm = Path("/proc/self/statm")
    if not statm.is_file():
        return 0
    return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    end_with_parent()
    run(socket.socket(fileno=int(sys.argv[1])), ForkServerPlan.from_json(sys.stdin.readline()))
