"""An asyncio event loop in debug mode that is disturbed once, while another thread reads its log.

python3 peer.py DISTURBANCE
"""
import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
import time

REST = 3


def block(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def flood(loop):
    for _ in range(5000):
        loop.call_soon(block, 0.0001)


# Duration in seconds, and code of each disturbance.
DISTURBANCES = {
    "stall-50": (0.05, lambda loop: block(0.05)),
    "stall-500": (0.5, lambda loop: block(0.5)),
    "stall-5000": (5, lambda loop: block(5)),
    "flood": (0.5, flood),
    "pause": (1, None),
}


class Lines(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())

    def text(self):
        if not self.lines:
            return "nothing"
        last = self.lines[-1]
        return f"{len(self.lines)} x 'Executing … {last[last.rfind('took'):]}'"


def observe(loop, disturbance, lines):
    seconds, disturb = DISTURBANCES[disturbance]
    time.sleep(REST)
    lines.lines.clear()
    readings = {"during": ""}
    if disturbance == "pause":
        pid = os.getpid()
        subprocess.Popen(["sh", "-c", f"kill -STOP {pid}; sleep 1; kill -CONT {pid}"])
        time.sleep(seconds)
    else:
        loop.call_soon_threadsafe(disturb, loop)
        time.sleep(seconds / 2)
        readings["during"] = lines.text()
        time.sleep(seconds / 2)
    time.sleep(1)
    readings["after"] = lines.text()
    print(json.dumps(readings), flush=True)
    os._exit(0)


lines = Lines()
logging.getLogger("asyncio").addHandler(lines)
loop = asyncio.new_event_loop()
loop.set_debug(True)
threading.Thread(target=observe, args=(loop, sys.argv[1], lines), daemon=True).start()
loop.run_forever()
