# SPDX-License-Identifier: GPL-2.0-or-later
"""Headless Chromium through chromedriver, by the W3C WebDriver protocol; needs nothing but Python."""

import base64
import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import debian

PACKAGES = ["chromium", "chromium-driver"]


def provide():
    """Installs Chromium where that can be done; raises Unavailable elsewhere."""
    debian.provide(PACKAGES, lambda: debian.have_programs("chromium", "chromedriver"))
    try:
        with Browser():
            pass
    except AssertionError as error:
        raise debian.Unavailable(f"chromedriver gives no session here: {error}") from error


class Browser:
    """One window of @width x @height pixels. A context manager: leaving it ends the browser."""

    OPTIONS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]

    def __init__(self, width=1400, height=1000):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       text=True)
        self.base = f"http://127.0.0.1:{self.port()}"
        options = {"args": [*self.OPTIONS, f"--window-size={width},{height}"], "binary": shutil.which("chromium")}
        capabilities = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        try:
            created = self.call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        except Exception:
            self.driver.kill()
            raise
        self.base += f"/session/{created['sessionId']}"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.call("DELETE", "")
        self.driver.terminate()
        self.driver.wait()

    def port(self):
        for line in self.driver.stdout:
            match = re.search(r"started successfully on port (\d+)", line)
            if match:
                return match.group(1)
        raise debian.Unavailable("chromedriver does not start")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise AssertionError(f"{value['error']}: {value['message'].splitlines()[0]}") from error

    def open(self, path):
        self.call("POST", "/url", {"url": path.resolve().as_uri()})

    def script(self, text, *arguments):
        """What the JavaScript function body @text returns; a promise is waited for."""
        return self.call("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def command(self, name, **parameters):
        """A command of the Chrome DevTools protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def console(self):
        """Messages of the page since the last call: [level, text]."""
        return [[entry["level"], entry["message"]] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def pointer(self, *steps):
        """Mouse @steps at places of the window: ("move", x, y), "down", "up"."""
        actions = []
        for step in steps:
            if step[0] == "move":
                actions.append({"type": "pointerMove", "duration": 20, "x": round(step[1]), "y": round(step[2])})
            else:
                actions.append({"type": "pointerDown" if step == "down" else "pointerUp", "button": 0})
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.call("POST", "/actions", {"actions": [mouse]})

    def click(self, x, y):
        self.pointer(("move", x, y), "down", "up")

    def drag(self, x, y, to_x, to_y):
        self.pointer(("move", x, y), "down", ("move", (x + to_x) / 2, to_y), ("move", to_x, to_y), "up")
