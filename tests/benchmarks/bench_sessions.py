"""Many people at once: how long a change takes while 1, 5, 20 and 50 sessions of one server change something.

    python tests/benchmarks/bench_sessions.py [pause [changes [sessions ...]]]

Each session is a client of its own that speaks Streamlit's protocol: it opens a page by its address, then sets the
value of one box, waits for the whole answer, pauses (1 s on average unless told; 0 changes all the time) and goes on.
No two sessions ask for the same value. Times are from the change to the end of the script's run with everything
received; what a browser then draws is not in them. Ratios are to one session in the same run, so they say something
on a busy machine as well; the processor time of the server says it without the others.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
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


async def session(url: str, number: int, changes: int, pause: float, begin: asyncio.Barrier) -> list[float]:
    """Open a page and change it ``changes`` times; return the seconds that each change took."""
    task, draw = TASKS[number % len(TASKS)], random.Random(number)
    seconds = []
    async with connect(url, subprotocols=["streamlit"], max_size=None, ping_interval=None) as server:  # type: ignore[list-item]
        box, _ = await run_of(server, task.query, {}, task.box)
        if not box:
            raise RuntimeError(f"the page has no box {task.box}")
        await begin.wait()
        for change in range(changes + WARM_UP):
            await asyncio.sleep(draw.uniform(0.5, 1.5) * pause)
            value = f"{task.first + task.step * (number * 1000 + change + draw.random()):.12g}"
            began = time.perf_counter()
            await run_of(server, task.query, {box: value}, task.box)
            seconds.append(time.perf_counter() - began)
    return seconds[WARM_UP:]


async def many(url: str, first: int, sessions: int, changes: int, pause: float) -> list[float]:
    """Return the times of all changes of so many sessions at once."""
    begin = asyncio.Barrier(sessions)
    runs = await asyncio.gather(*(session(url, first + n, changes, pause, begin) for n in range(sessions)))
    return sorted(second for run in runs for second in run)


def main(pause: float, changes: int, counts: list[int]) -> None:
    """Start a server, and print the times of each number of sessions."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    command += ["--logger.level", "error"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            process, url = psutil.Process(server.pid), f"ws://127.0.0.1:{port}/_stcore/stream"
            asyncio.run(many(url, 900, len(TASKS), 1, 0))  # imports and kernels are not what is measured
            alone: tuple[float, float] | None = None
            print(f"pause {pause:g} s, {changes} changes a session, load {os.getloadavg()[0]:.1f}")
            for k, sessions in enumerate(counts):
                used, began = sum(process.cpu_times()[:2]), time.perf_counter()
                seconds = asyncio.run(many(url, 100 * k, sessions, changes, pause))
                took, used = time.perf_counter() - began, sum(process.cpu_times()[:2]) - used
                median, late = seconds[len(seconds) // 2], seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
                alone = alone or (median, late)
                print(
                    f"{sessions:3d} sessions: median {median:6.3f} s ({median / alone[0]:5.1f} x one session), "
                    f"p95 {late:6.3f} s ({late / alone[1]:5.1f} x), most {seconds[-1]:6.3f} s; "
                    f"{1000 * used / (len(seconds) + sessions * WARM_UP):4.0f} ms of processor a change, "
                    f"{used / took:.2f} processors busy",
                    flush=True,
                )
        finally:
            server.terminate()


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
    told = sys.argv[1:]
    main(
        float(told[0]) if told else 1.0,
        int(told[1]) if told[1:] else 10,
        [int(number) for number in told[2:]] or [1, 5, 20, 50],
    )
