# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: report_test.py GBSIM [CASE...]: pages of `gbsim report` in headless Chromium, used as people use them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import webdriver
from page import Page

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = 77

TOY = """name: toy
machine: {nodes: 1, cpus: 2, memory: 2GiB}
warmup: 1s
duration: 40s
sample: 1s
workloads:
  - {use: anon-thp, scale: 0.05}
  - {use: slab-churn, scale: 0.05}
timeline:
  - {at: 20s, do: drop_caches}
"""

SWEEP = """name: two-goals
base: toy.yaml
set: {duration: 4s}
vary: {thp.defrag: [always, defer], vm.watermark_scale_factor: [10, 200, 600]}
method: grid
metrics: {free: fragmentation.unusable_index_9, cpu: cpu_seconds.kswapd, allocs: operations.page_allocs}
maximise: [allocs]
minimise: [free]
"""


class Bench:
    """gbsim in a scratch directory, and a browser."""

    def __init__(self, binary, scratch, browser):
        self.binary, self.scratch, self.browser = binary, Path(scratch), browser
        (self.scratch / "toy.yaml").write_text(TOY)
        (self.scratch / "sweep.yaml").write_text(SWEEP)

    def gbsim(self, *arguments):
        done = subprocess.run([self.binary, *arguments], cwd=self.scratch, env=dict(os.environ, GBSIM_DATA=str(ROOT)),
                              capture_output=True, text=True, timeout=250)
        assert done.returncode == 0, f"gbsim {' '.join(arguments)}: exit {done.returncode}: {done.stderr}"

    def page(self, directory):
        self.gbsim("report", directory)
        return Page(self.browser, self.scratch / directory / "report.html")


def is_sound(page):
    errors, requests = page.errors(), page.requests()
    assert not errors, f"console: {errors}"
    assert not requests, f"the page loaded {requests}"


def run_page(bench):
    bench.gbsim("run", "toy.yaml", "-o", "run", "--no-plots", "--quiet")
    page = bench.page("run")
    is_sound(page)
    zoom_moves_every_figure(page)
    scrubber_changes_the_picture(page)
    a_click_on_the_map_chooses(page)
    colours_can_be_chosen(page)
    tables_sort_and_filter(page)
    light_and_dark_differ(page)
    is_sound(page)


def zoom_moves_every_figure(page):
    figures = "#series canvas, #gigablock-map canvas"
    whole = page.pictures(figures)
    assert len(whole) >= 5, f"{len(whole)} figures"
    left, top, width, height = page.place("#series .chart canvas")
    page.browser.drag(left + width * 0.4, top + height / 2, left + width * 0.6, top + height / 2)
    page.changes(figures, whole)
    page.click("#bar button[title='show the whole run']")
    page.browser.pointer(("move", 5, 500))
    page.until("return document.querySelectorAll('#series canvas').length > 0")
    page.changes(figures, page_zoomed(page, figures, whole))


def page_zoomed(page, figures, whole):
    """Pictures of a zoom from the bar, taken after all was shown again."""
    back = page.pictures(figures)
    same = sum(a == b for a, b in zip(back, whole))
    assert same == len(whole), f"{len(whole) - same} figures do not come back"
    page.click("#bar button[title='zoom in']")
    page.browser.pointer(("move", 5, 500))
    return back


def scrubber_changes_the_picture(page):
    pictures = "#memory-at-instant canvas, #gigablock-grid canvas"
    end, clock = page.pictures(pictures), page.text("#clock")
    assert len(end) == 2
    page.script("""
        const range = document.getElementById("scrubber");
        range.value = 0;
        range.dispatchEvent(new Event("input"));""")
    page.changes(pictures, end)
    assert page.text("#clock") != clock
    assert page.text("#clock").startswith("0:00:0")


def a_click_on_the_map_chooses(page):
    before, clock = page.pictures("#gigablock-grid canvas"), page.text("#clock")
    shown = "return document.getElementById('gigablock').selectedIndex"
    wanted = 0 if page.script(shown) else 1
    rows = page.script("return document.getElementById('gigablock').options.length")
    left, top, width, _ = page.place("#gigablock-map canvas")
    origin, high = page.script("""
        const {view} = document.getElementById("gigablock-map").picture;
        return [view.origin()[1], view.height()];""")
    page.browser.click(left + width * 0.7, top + origin + high * (wanted + 0.5) / rows)
    page.until(shown + f" === {wanted}")
    page.changes("#gigablock-grid canvas", before)
    assert page.text("#clock") != clock


def colours_can_be_chosen(page):
    for select, picture in (("#map-colors", "#gigablock-map canvas"), ("#pageblock-colors", "#gigablock-grid canvas")):
        ways = page.script("return [...document.querySelector(arguments[0]).options].map(({value}) => value)", select)
        assert len(ways) >= 3
        for way in ways[1:]:
            before = page.pictures(picture)
            page.choose(select, way)
            page.changes(picture, before)


def tables_sort_and_filter(page):
    values = page.column("latency", 2)
    page.click("[data-table=latency] th:nth-child(3)")
    assert page.column("latency", 2) == sorted(values, key=float)
    page.click("[data-table=latency] th:nth-child(3)")
    assert page.column("latency", 2) == sorted(values, key=float, reverse=True)
    page.script("""
        const filter = document.querySelector("[data-table=parameters] input");
        filter.value = "machine.memory";
        filter.dispatchEvent(new Event("input"));""")
    assert page.column("parameters", 1) == ["2GiB"]


def light_and_dark_differ(page):
    for _ in range(2):
        before = page.pictures()
        paper = "return getComputedStyle(document.body).backgroundColor"
        colour = page.script(paper)
        page.click("#theme")
        page.changes("canvas", before)
        assert page.script(paper) != colour


def comparison_page(bench):
    bench.gbsim("compare", "toy.yaml", "--placement", "linux,gigablock-bitmap", "--seeds", "2", "--set", "duration=5s",
                "-o", "cmp", "--no-plots", "--quiet")
    page = bench.page("cmp")
    is_sound(page)
    series = page.pictures("#series canvas")
    assert series
    page.choose("select[aria-label=seed]", "2")
    page.until("return document.querySelectorAll('#series canvas').length > 0")
    assert page.pictures("#series canvas") != series
    assert len(page.column("metrics", 0)) > 10
    light_and_dark_differ(page)
    is_sound(page)


def sweep_page(bench):
    bench.gbsim("sweep", "sweep.yaml", "-o", "swp", "--no-plots", "--quiet")
    page = bench.page("swp")
    is_sound(page)
    assert len(page.column("points", 0)) == 6
    shown = "return document.getElementById('opened').dataset.shown"
    first = page.until(shown)
    wanted, x, y = page.script("""
        document.getElementById("pareto-chart").scrollIntoView({block: "center", behavior: "instant"});
        const chart = document.querySelector("#pareto-chart .chart"), {view} = chart.picture;
        const box = chart.querySelector("canvas").getBoundingClientRect(), [left, top] = view.origin();
        const at = ({x, y}) => [box.left + left + view.scale("x")(x), box.top + top + view.scale("y")(y)];
        const points = view.data("points").map((point) => ({id: point.id, at: at(point)}));
        const alone = ({id, at}) => points.every((other) => other.id === id || Math.hypot(other.at[0] - at[0], other.at[1] - at[1]) > 15);
        const {id, at: place} = points.find((point) => point.id !== arguments[0] && alone(point));
        return [id, ...place];""", first)
    page.browser.click(x, y)
    page.until(shown + " === arguments[0]", wanted)
    assert page.script("return location.hash") == f"#point={wanted}"
    assert f"Point {wanted}" in page.text("#opened")
    assert page.pictures("#opened canvas"), "no time series of the point"
    is_sound(page)


CASES = [run_page, comparison_page, sweep_page]


def main():
    binary, wanted = str(Path(sys.argv[1]).resolve()), sys.argv[2:]
    try:
        webdriver.provide()
    except webdriver.Unavailable as reason:
        print(f"skipped {' '.join(wanted)}: {reason}")
        return SKIPPED
    for case in CASES:
        if wanted and case.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as scratch, webdriver.Browser() as browser:
            case(Bench(binary, scratch, browser))
        print(f"ok {case.__name__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
