// SPDX-License-Identifier: GPL-2.0-or-later
// The page of one run.
"use strict";

/** Which gigablock is looked at, as a row of the map. */
class Choice {
  constructor(row) {
    this.row = row;
    this.listeners = [];
  }
  onChange(listener) {
    this.listeners.push(listener);
  }
  set(row) {
    this.row = row;
    for (const listener of this.listeners) listener();
  }
}

/** Events that belong in every picture: what an operator or the timeline did; those close together are one mark. */
function eventMarks({rows}, span) {
  const marks = [];
  for (const [time, event, gigablock, , , detail] of rows) {
    if (event === "taint" || event === "untaint" || event.includes("defrag")) continue;
    const t = Number(time),
      last = marks.at(-1);
    if (last?.event === event && t - last.t < span / 200) last.count += 1;
    else marks.push({t, event, count: 1, detail: detail || (gigablock ? `gigablock ${gigablock}` : "")});
  }
  return marks.map((mark) => ({
    ...mark,
    label:
      `${format.time(mark.t)} ${mark.event}` +
      (mark.count > 1 ? ` × ${mark.count}` : mark.detail ? `: ${mark.detail}` : ""),
  }));
}

const kTiles = [
  ["outcome", (s) => s.outcome],
  ["simulated", (s) => format.time(s.simulated_seconds)],
  ["page allocations", (s) => format.number(s.operations?.page_allocs)],
  ["failed allocations", (s) => format.number(s.operations?.failures)],
  ["THP success", (s) => `${(100 * (s.thp?.success_rate ?? 0)).toFixed(1)} %`],
  ["tainted of gigablocks", (s) => `${s.gigablocks?.tainted} / ${s.gigablocks?.total}`],
  ["{gigablock} pages to be had", (s) => format.number(s.gigablocks?.allocatable_1g)],
  ["{gigablock} pages allocated", (s) => `${s.hugepages_1g?.allocated} / ${s.hugepages_1g?.requested}`],
  ["extfrag events", (s) => format.number(s.extfrag_events?.total)],
  ["unusable index, 2 MiB", (s) => format.number(s.fragmentation?.unusable_index_9)],
];

function overview(summary) {
  const known = Object.keys(summary).length > 0;
  section(
    "overview",
    "Overview",
    "",
    tileRow(
      known
        ? kTiles.map(([name, value]) => [sized(name), value(summary)])
        : [["the run left no summary.json", "unfinished"]],
    ),
  );
}

/** The bar at the foot: scrubber, instant, zoom. */
function timeBar(timeline) {
  const bar = document.getElementById("bar");
  const steps = 1000,
    [start, end] = timeline.full;
  const range = element("input", {
    type: "range",
    id: "scrubber",
    min: 0,
    max: steps,
    value: steps,
    "aria-label": "instant",
  });
  const clock = element("output", {id: "clock"});
  const button = (label, title, act) => {
    const node = element("button", {type: "button", title}, label);
    node.addEventListener("click", act);
    return node;
  };
  const show = () => {
    clock.textContent = format.time(timeline.instant);
    if (document.activeElement !== range) range.value = ((timeline.instant - start) / (end - start)) * steps;
  };
  range.addEventListener("input", () => timeline.setInstant(start + ((end - start) * range.value) / steps));
  timeline.onChange((what) => what === "instant" && show());
  show();
  bar.append(
    element("span", {}, "instant"),
    clock,
    range,
    button("−", "zoom out", () => timeline.zoomBy(1.6)),
    button("+", "zoom in", () => timeline.zoomBy(0.6)),
    button("all", "show the whole run", () => timeline.reset()),
  );
  bar.hidden = false;
}

function timeSeries(series, timeline, marks) {
  const figures = runFigures(series).map((figure) => new TimeFigure(figure, timeline, marks));
  section(
    "series",
    "Time series",
    kZoomHelp + " ▾ is an event.",
    element("div.cards", {}, ...figures.map(({node}) => node), new AnyColumn(series, timeline, marks).node),
  );
  for (const figure of figures) figure.start();
}

async function memory(timeline, marks) {
  const gigablocks = await Gigablocks.load();
  if (!gigablocks) return;
  const choice = new Choice(gigablocks.mostMixed());
  const map = new GigablockMap(gigablocks, timeline, choice, marks);
  const box = element("div.map-layout", {}, map.node);
  section("memory", "Memory", "time across, gigablock down", box);
  map.start();
  await startInstant(box, gigablocks, timeline, choice);
}

function tables(summary, scenario, events) {
  section("events", "Events", "", card("events.csv", new Table(events.columns, events.rows, {label: "events"}).node));
  section(
    "parameters",
    "Parameters and results",
    "click a column to sort",
    element(
      "div.cards",
      {},
      card("scenario.yaml", new Table(["key", "value"], yamlLeaves(scenario), {label: "parameters"}).node),
      card("summary.json", new Table(["path", "value"], leaves(summary), {label: "summary"}).node),
    ),
  );
}

async function main() {
  await readGigablockSize();
  const [summaryText, scenario, series, events, latency] = await Promise.all(
    ["summary.json", "scenario.yaml", "timeseries.csv", "events.csv", "latency.csv"].map(partText),
  );
  const summary = summaryText ? JSON.parse(summaryText) : {};
  const run = new Series(series);
  document.getElementById("title").textContent = document.title;
  const timeline = new Timeline(run.time[0] ?? 0, run.time.at(-1) ?? 1);
  const marks = eventMarks(parseCsv(events), timeline.full[1] - timeline.full[0]);
  overview(summary);
  timeSeries(run, timeline, marks);
  await memory(timeline, marks);
  latencySection(parseCsv(latency));
  tables(summary, scenario, parseCsv(events));
  timeBar(timeline);
  sayReady();
}

main();
