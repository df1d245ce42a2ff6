"""Many people at once: how long a change takes while 1, 5, 20 and 50 sessions of one server change something.

    python tests/benchmarks/bench_sessions.py [--same] [--processes 2] [--pause 1] [--changes 10] [--sessions 1 5 20 50]

Each session is a client of its own that speaks Streamlit's protocol: it opens a page by its address, then sets the
value of one box, waits for the whole answer, pauses (1 s on average unless told; 0 changes all the time) and goes on.
No two sessions ask for the same value, but with ``--same`` all ask for the same ones, as a class does that follows
one link. Several processes stand behind nginx (Debian: nginx-light), which keeps a visitor at one of them; its
settings are the README's. Times are from the change to the end of the script's run with everything received; what a
browser then draws is not in them. Ratios are to one session in the same run, so they say something on a busy machine
as well; the processor time of the servers says it without the others.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).parents[2]
WARM_UP = 2


@dataclass(frozen=True)
class Task:
    """What a session does: the query with which it opens the main page, a box, and the values it types in there."""

    query: str
    box: str
    first: float
    step: float


FOUR = "opt=sgd,learning_rate:0.0005;momentum,learning_rate:0.0005;rmsprop,learning_rate:0.01;adam,learning_rate:0.02"
STEEP = f"surface=rosenbrock&{FOUR}&start=-1.5,2.0;-0.5,-0.5;1.5,2.5;0.5,1.5&steps=500"
ROUND = f"surface=himmelblau&{FOUR}&start=-1.5,2.0;0.5,1.5&steps=300"
SHORT = "surface=saddle&opt=sgd;adam&start=1.0,0.001&steps=200"
TASKS = (
    Task(STEEP, "descent.surface.rosenbrock.b.box", 50, 0.01),
    Task(ROUND, "descent.optimizer.3.adam.learning_rate.box", 0.01, 1e-5),
    Task(SHORT, "descent.optimizer.0.sgd.learning_rate.box", 0.01, 1e-5),
)

NGINX = """
daemon off; pid {folder}/pid; worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  {advised}
}}
"""


async def run_of(server: ClientConnection, query: str, widgets: dict[str, str], wanted: str) -> tuple[str, int]:
    """Run the script once; return the identity of the box ``wanted`` ("" where it was not sent) and the bytes."""
    message = BackMsg()
    message.rerun_script.query_string = query
    for identity, value in widgets.items():
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = identity, value
    await server.send(message.SerializeToString())
    found, size = "", 0
    while True:
        data = await server.recv()
        assert isinstance(data, bytes)
        size += len(data)
        answer = ForwardMsg.FromString(data)
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            element = answer.delta.new_element
            if element.WhichOneof("type") == "text_input" and element.text_input.id.endswith(wanted):
                found = element.text_input.id
            elif element.WhichOneof("type") == "exception":
                raise RuntimeError(element.exception.message)
        elif kind == "script_finished":
            return found, size


async def session(
    url: str, number: int, changes: int, pause: float, begin: asyncio.Barrier, together: int | None
) -> list[float]:
    """Open a page and change it ``changes`` times; return the seconds that each change took.

    Where all look at the same, ``together`` is the number whose values they all type.
    """
    whose = number if together is None else together
    task, draw, value_of = TASKS[whose % len(TASKS)], random.Random(number), random.Random(whose)
    seconds = []
    async with connect(url, subprotocols=["streamlit"], max_size=None, ping_interval=None) as server:  # type: ignore[list-item]
        box, _ = await run_of(server, task.query, {}, task.box)
        if not box:
            raise RuntimeError(f"the page has no box {task.box}")
        await begin.wait()
        for change in range(changes + WARM_UP):
            await asyncio.sleep(draw.uniform(0.5, 1.5) * pause)
            value = f"{task.first + task.step * (whose * 1000 + change + value_of.random()):.12g}"
            began = time.perf_counter()
            await run_of(server, task.query, {box: value}, task.box)
            seconds.append(time.perf_counter() - began)
    return seconds[WARM_UP:]


async def many(url: str, first: int, sessions: int, changes: int, pause: float, same: bool) -> list[float]:
    """Return the times of all changes of so many sessions at once; ``same`` tells whether all look at the same."""
    begin, together = asyncio.Barrier(sessions), first if same else None
    runs = await asyncio.gather(*(session(url, first + n, changes, pause, begin, together) for n in range(sessions)))
    return sorted(second for run in runs for second in run)


def main(pause: float, changes: int, counts: list[int], processes: int, same: bool) -> None:
    """Start servers, and print the times of each number of sessions."""
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(app()) for _ in range(processes)]
        servers = [psutil.Process(pid) for pid, _ in ports]
        port = ports[0][1] if processes == 1 else stack.enter_context(proxy([port for _, port in ports]))
        url = f"ws://127.0.0.1:{port}/_stcore/stream"

        def used() -> float:
            return sum(sum(server.cpu_times()[:2]) for server in servers)

        asyncio.run(
            many(url, 900, len(TASKS) * 4 * processes, 1, 0, same=False)
        )  # imports and kernels are not measured
        alone: tuple[float, float] | None = None
        what = "the same" if same else "something else each"
        load = f"{changes} changes a session, load {os.getloadavg()[0]:.1f}"
        print(f"{processes} of the app, {what}, pause {pause:g} s, {load}", flush=True)
        for k, sessions in enumerate(counts):
            before, began = used(), time.perf_counter()
            seconds = asyncio.run(many(url, 100 * k, sessions, changes, pause, same))
            took, work = time.perf_counter() - began, used() - before
            median, late = seconds[len(seconds) // 2], seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
            alone = alone or (median, late)
            print(
                f"{sessions:3d} sessions: median {median:6.3f} s ({median / alone[0]:5.1f} x one session), "
                f"p95 {late:6.3f} s ({late / alone[1]:5.1f} x), most {seconds[-1]:6.3f} s; "
                f"{1000 * work / (len(seconds) + sessions * WARM_UP):4.0f} ms of processor a change, "
                f"{work / took:.2f} processors busy",
                flush=True,
            )


@contextlib.contextmanager
def app() -> Iterator[tuple[int, int]]:
    """Run a server of the app; its process and its port."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    command += ["--logger.level", "error"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield server.pid, port
        finally:
            server.terminate()


@contextlib.contextmanager
def proxy(ports: list[int]) -> Iterator[int]:
    """Run nginx before several servers with the README's settings, but for the addresses; its port."""
    listen = free_port()
    (advised,) = re.findall(r"^```nginx\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    advised = advised.replace("listen 80;", f"listen 127.0.0.1:{listen};")
    advised = re.sub("(server [0-9.]+:[0-9]+; )+", "".join(f"server 127.0.0.1:{port}; " for port in ports), advised)
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(NGINX.format(folder=folder, advised=advised), encoding="utf-8")
        with subprocess.Popen(["nginx", "-e", "stderr", "-c", str(configuration), "-p", folder]) as server:
            try:
                wait_for(f"http://127.0.0.1:{listen}/_stcore/health")
                yield listen
            finally:
                server.terminate()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until something answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the app did not answer")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two changes of a session, on average")
    parser.add_argument("--changes", type=int, default=10, help="changes of each session")
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 5, 20, 50], help="how many at once, in turn")
    parser.add_argument("--processes", type=int, default=1, help="servers, behind nginx where there are several")
    parser.add_argument("--same", action="store_true", help="all look at the same, as a class that follows one link")
    told = parser.parse_args()
    main(told.pause, told.changes, told.sessions, told.processes, told.same)
