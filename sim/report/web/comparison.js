// SPDX-License-Identifier: GPL-2.0-or-later
// The page of a comparison: each metric by placement and seed, runs over each other, bounds.
"use strict";

function comparisonTable({metrics, placements}) {
  const columns = ["metric", ...placements.flatMap((name, i) => (i ? [name, "ratio"] : [name])), "formula"];
  const rows = metrics.map(({metric, formula, placements: measured}) => [
    metric,
    ...placements.flatMap((name, i) => {
      const {median, ratio} = measured[name] ?? {};
      const number = median === undefined ? "" : Number(median.toPrecision(5));
      return i ? [number, ratio === undefined ? "" : Number(ratio.toPrecision(3))] : [number];
    }),
    formula,
  ]);
  return new Table(columns, rows, {label: "metrics"});
}

/** Every seed's value of one metric, a row of dots a placement; a bar at the median. */
function metricChart({metric, placements: measured}, placements, seeds) {
  const points = placements.flatMap((name) =>
    (measured[name]?.values ?? []).map((value, i) => ({
      id: name,
      y: name,
      x: value,
      color: name,
      front: false,
      tip: {placement: name, value: format.number(value), "of runs": `${i + 1} of ${seeds.length}`},
    })),
  );
  const bars = placements
    .filter((name) => measured[name]?.median !== undefined)
    .map((name) => ({x: measured[name].median, y: name, color: name}));
  return {
    metric,
    scatter: new Scatter(points, {
      height: 20 + 22 * placements.length,
      colors: placements,
      bars,
      yOrder: placements,
      left: 110,
      bottom: 24,
    }),
  };
}

function boundsTable(bounds) {
  return new Table(
    ["bound", "placement", "found", "holds"],
    bounds.map(({bound, placement, found, holds}) => [bound, placement, found, holds ? "yes" : "no"]),
    {label: "bounds"},
  );
}

async function main() {
  await readGigablockSize();
  const comparison = await partJson("compare.json"),
    runs = await Runs.load();
  const {scenario, placements, seeds, metrics, bounds, failures, settings, warnings = []} = comparison;
  document.getElementById("title").textContent = document.title;
  document.getElementById("subtitle").textContent = placements.join(" · ");
  section(
    "overview",
    "Overview",
    "",
    tileRow([
      ["scenario", scenario],
      ["placements", placements.length],
      ["seeds each", seeds.length],
      ["runs without results", failures.length],
      ...(bounds.length
        ? [["bounds that hold", `${bounds.filter(({holds}) => holds).length} / ${bounds.length}`]]
        : []),
    ]),
    ...warnings.map((warning) => element("p", {}, `Warning: ${warning}`)),
  );
  section(
    "metrics",
    "Metrics",
    `median over seeds; ratio to ${placements[0]}`,
    element("div.card", {}, comparisonTable(comparison).node),
  );
  const charts = metrics
    .filter(({placements: measured}) => Object.values(measured).some(({values}) => values.some((v) => v !== 0)))
    .map((metric) => metricChart(metric, placements, seeds));
  section(
    "seeds",
    "By seed",
    "a dot a run, a bar at the median",
    element("div.cards.narrow", {}, ...charts.map(({metric, scatter}) => card(metric, scatter.node))),
  );
  for (const {scatter} of charts) scatter.start();
  const overlay = new OverlayPanel();
  const show = (seed) =>
    overlay.show(
      runs,
      runs.list.filter((run) => run.seed === seed).map((run) => ({name: run.group, run})),
    );
  section(
    "series",
    "Time series",
    kZoomHelp,
    element("div.tools", {}, chooser("seed", seeds.map(String), String(seeds[0]), show)),
    overlay.node,
  );
  if (bounds.length) section("bounds", "Bounds", "of --expect", element("div.card", {}, boundsTable(bounds).node));
  section(
    "runs",
    "Runs",
    "",
    element(
      "div.card",
      {},
      element(
        "ul",
        {},
        ...runs.list.map((run) =>
          element("li", {}, element("a", {href: run.page ? `${run.dir}/report.html` : `${run.dir}/`}, run.dir)),
        ),
      ),
      element("p", {}, [...settings, ...failures].join("; ")),
    ),
  );
  await show(String(seeds[0]));
  sayReady();
}

main();
