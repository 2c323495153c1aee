"""People at work on a site: each asks for a page of theirs, reads, asks for another. Nothing of Django here.

    python -m support.registry_load users.json --port 8000 --warm 10 --seconds 60 --think 5

`--think` is the mean time to read, drawn from an exponential law; 0 asks again at once (saturation).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from pathlib import Path
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
Sample = tuple[str, float, int]  # page, seconds, status


async def ask(port: int, path: str, cookie: str) -> int:
    """One page, read to its end. Gives the status; 0 when the connection broke."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        said = await reader.read(-1)
        writer.close()
        await writer.wait_closed()
    except OSError:
        return 0
    found = LENGTH.search(said[:4000])
    body = said.partition(b"\r\n\r\n")[2]
    whole = found is None or len(body) == int(found[1])
    return int(said[9:12]) if whole and said.startswith(b"HTTP/1.1 ") else 0


async def user(one: dict[str, Any], port: int, until: float, think: float, seed: int, samples: list[Sample]) -> None:
    chance = random.Random(seed)
    names = sorted(one["pages"])
    await asyncio.sleep(chance.random() * min(think, 5))
    while time.perf_counter() < until:
        name = chance.choice(names)
        began = time.perf_counter()
        status = await ask(port, chance.choice(one["pages"][name]), one["cookie"])
        samples.append((name, time.perf_counter() - began, status))
        if think:
            await asyncio.sleep(chance.expovariate(1 / think))


async def crowd(users: list[dict[str, Any]], port: int, warm: float, seconds: float, think: float) -> dict[str, Any]:
    cold: list[Sample] = []
    samples: list[Sample] = []
    for length, kept in ((warm, cold), (seconds, samples)):
        until = time.perf_counter() + length
        await asyncio.gather(*(user(one, port, until, think, number, kept) for number, one in enumerate(users)))
    by_page: dict[str, list[float]] = {}
    for name, took, _ in samples:
        by_page.setdefault(name, []).append(took * 1e3)
    return {
        "pages": {name: [len(t), at(t, 50), at(t, 95), max(t)] for name, t in sorted(by_page.items())},
        "all": [len(samples), at([t * 1e3 for _, t, _ in samples], 50), at([t * 1e3 for _, t, _ in samples], 95)],
        "rate": len(samples) / seconds,
        "errors": sum(status != 200 for _, _, status in samples),
        "statuses": sorted({status for _, _, status in samples}),
    }


def at(values: list[float], percent: int) -> float:
    """The value that so many percent do not pass."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, len(ranked) * percent // 100)] if ranked else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("users", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--warm", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5)
    asked = parser.parse_args()
    users = json.loads(asked.users.read_text())
    print(json.dumps(asyncio.run(crowd(users, asked.port, asked.warm, asked.seconds, asked.think))))


if __name__ == "__main__":
    main()
