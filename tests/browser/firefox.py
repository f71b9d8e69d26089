"""Firefox as it is installed, spoken to in WebDriver BiDi, the language that browsers share.

Playwright brings a Firefox of its own, which is not the one that learners have.
"""

import asyncio
import itertools
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

NAMES = ("firefox-esr", "firefox")
MISSING = "There is no Firefox here. Get it with `sudo apt-get install firefox-esr`."
SECONDS = 120  # as in Chromium: for a crowded machine


class Firefox:
    """One page in Firefox."""

    def __init__(self, loop: asyncio.AbstractEventLoop, socket: WebSocketClientConnection) -> None:
        self.loop, self.socket = loop, socket
        self.numbers = itertools.count(1)
        self.errors: list[str] = []
        self.tell("session.new", capabilities={})
        self.tell("session.subscribe", events=["log.entryAdded"])
        self.page = self.tell("browsingContext.getTree")["contexts"][0]["context"]

    def tell(self, method: str, **params: Any) -> Any:
        """Give a command; return what comes back."""
        return waited(self.loop, self._tell(method, params))

    async def _tell(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self.numbers)
        await self.socket.write_message(
            json.dumps({"id": number, "method": method, "params": params})
        )
        while True:
            answer = json.loads(await self.socket.read_message() or "{}")
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                self.errors.append(answer["params"]["text"])
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, address: str, width: int = 1024, height: int = 768) -> None:
        """Go somewhere."""
        size = {"width": width, "height": height}
        self.tell("browsingContext.setViewport", context=self.page, viewport=size)
        self.tell("browsingContext.navigate", context=self.page, url=address, wait="complete")

    def ask(self, expression: str) -> Any:
        """Evaluate an expression whose value is JSON, once the next frame is drawn."""
        return self.wait_for(f"new Promise(requestAnimationFrame).then(() => {expression})")

    def wait_for(self, promise: str) -> Any:
        """Evaluate an expression that is a promise of JSON, or is JSON."""
        program = f"Promise.resolve({promise}).then(JSON.stringify)"
        answer = self.tell(
            "script.evaluate",
            expression=program,
            target={"context": self.page},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def type(self, *keys: str) -> None:
        """Press keys where the focus is, as hands do."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        hands = {"type": "key", "id": "keys", "actions": strokes}
        self.tell("input.performActions", context=self.page, actions=[hands])

    def click(self, x: float, y: float) -> None:
        """Click at a point of the page's window."""
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        hands = {"type": "pointer", "id": "mouse", "actions": moves}
        self.tell("input.performActions", context=self.page, actions=[hands])


def waited(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any]) -> Any:
    """Have something done in a loop that runs elsewhere; return its result."""
    return asyncio.run_coroutine_threadsafe(work, loop).result(SECONDS)


async def connected(address: str) -> WebSocketClientConnection:
    """Connect, in the loop that this is run in."""
    return await websocket_connect(address)


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Run the one that is installed, with a profile of its own."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise FileNotFoundError(MISSING)
    command = [found, "--headless", "--no-remote", "--remote-debugging-port=0"]
    log = folder / "firefox.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--profile", str(folder), "about:blank"], stdout=output, stderr=output
        )
    # In a thread of its own: in a test's, Playwright's loop may be running.
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    socket = None
    try:
        for _ in range(SECONDS * 10):
            if told := re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text()):
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        assert told, log.read_text()
        socket = waited(loop, connected(f"{told[1]}/session"))
        yield Firefox(loop, socket)
    finally:
        if socket:
            loop.call_soon_threadsafe(socket.close)
        process.terminate()
        process.wait(SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
