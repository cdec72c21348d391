# SPDX-License-Identifier: GPL-2.0-or-later
"""A report's page in the browser, asked as a reader would look at it."""

import time


class Page:
    def __init__(self, browser, path):
        self.browser = browser
        browser.open(path)
        self.ready_ms = float(self.until("return document.documentElement.dataset.ready"))

    def script(self, text, *arguments):
        return self.browser.script(text, *arguments)

    def until(self, text, *arguments, seconds=30):
        """What JavaScript @text returns as soon as that is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.script(text, *arguments)
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"never true: {text} {arguments}; console: {self.browser.console()}")

    def errors(self):
        return [text for level, text in self.browser.console() if level == "SEVERE"]

    def requests(self):
        """Everything that the page loaded besides itself."""
        return self.script("return performance.getEntriesByType('resource').map(({name}) => name)"
                           ".filter((name) => !name.startsWith('data:') && !name.startsWith('blob:'))")

    def pictures(self, selector="canvas"):
        """Every canvas that matches as a checksum of its pixels, once two frames have been painted."""
        return self.script("""
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const sum = async (canvas) => {
              const bytes = new TextEncoder().encode(canvas.toDataURL());
              let hash = 0;
              for (const byte of bytes) hash = Math.imul(hash, 31) + byte | 0;
              return hash;
            };
            return Promise.all([...document.querySelectorAll(arguments[0])].map(sum));""", selector)

    def changes(self, selector, before):
        """Waits until every picture that matches differs from what pictures() gave as @before."""
        self.wait_for_pictures(selector, lambda now: all(a != b for a, b in zip(now, before)), before, "did not change")

    def becomes(self, selector, wanted):
        """Waits until the pictures that match are what pictures() gave as @wanted."""
        self.wait_for_pictures(selector, lambda now: now == wanted, wanted, "do not come back")

    def wait_for_pictures(self, selector, test, reference, complaint, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            now = self.pictures(selector)
            if len(now) == len(reference) and test(now):
                return
            time.sleep(0.05)
        same = [i for i, (a, b) in enumerate(zip(now, reference)) if a == b]
        raise AssertionError(f"{selector}: pictures {complaint}; {same} of {len(reference)} are as before")

    def place(self, selector):
        """Left, top, width and height in the window of what matches, scrolled into its middle."""
        return self.script("""
            const node = document.querySelector(arguments[0]);
            node.scrollIntoView({block: "center", behavior: "instant"});
            const {left, top, width, height} = node.getBoundingClientRect();
            return [left, top, width, height];""", selector)

    def click(self, selector):
        left, top, width, height = self.place(selector)
        self.browser.click(left + width / 2, top + height / 2)

    def choose(self, selector, value):
        self.script("""
            const select = document.querySelector(arguments[0]);
            select.value = arguments[1];
            select.dispatchEvent(new Event("change"));""", selector, value)

    def text(self, selector):
        return self.script("return document.querySelector(arguments[0])?.textContent", selector)

    def column(self, table, number):
        """The shown fields of column @number of the table named @table."""
        return self.script("return [...document.querySelectorAll(`[data-table=\"${arguments[0]}\"] tbody tr`)]"
                           ".map((row) => row.children[arguments[1]].textContent)", table, number)

    def plot(self, selector):
        """Left, top, width and height in the window of the plot of a picture, without its axes; scrolled into sight."""
        left, top, _, _ = self.place(f"{selector} canvas")
        return self.script("""
            const {view} = document.querySelector(arguments[0]).picture;
            const [x, y] = view.origin(), {left, top} = view.padding();
            return [arguments[1] + left + x, arguments[2] + top + y, view.width(), view.height()];""", selector, left, top)

    def signal(self, selector, name):
        """A signal of the picture that matches."""
        return self.script("return document.querySelector(arguments[0]).picture.view.signal(arguments[1])", selector, name)
