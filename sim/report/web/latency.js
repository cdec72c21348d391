// SPDX-License-Identifier: GPL-2.0-or-later
// Latency of allocations by order and path, from the percentiles of latency.csv.
"use strict";

const kPaths = [
  ["fast", "c0"],
  ["slow", "c4"],
  ["failed", "c1"],
];

function latencyRows({rows}) {
  return rows
    .filter(([, path]) => path !== "all")
    .map(([order, path, count, p50, p90, p99, p999, max]) => ({
      order: Number(order),
      path,
      count: Number(count),
      p50: Number(p50),
      p90: Number(p90),
      p99: Number(p99),
      p999: Number(p999),
      max: Number(max),
      tip: {
        order,
        path,
        allocations: format.number(Number(count)),
        p50: format.ns(Number(p50)),
        p90: format.ns(Number(p90)),
        p99: format.ns(Number(p99)),
        "p99.9": format.ns(Number(p999)),
        max: format.ns(Number(max)),
      },
    }));
}

/** A bar between two percentiles. */
function latencyBar(from, to, height, opacity) {
  return {
    type: "rect",
    from: {data: "rows"},
    encode: {
      update: {
        x: {scale: "x", signal: `max(1, datum.${from})`},
        x2: {scale: "x", signal: `max(1, datum.${to}) * 1.02`},
        yc: {signal: "scale('y', datum.order) + (scale('path', datum.path) + 0.5 * bandwidth('path'))"},
        height: {value: height},
        fill: {scale: "color", field: "path"},
        fillOpacity: {value: opacity},
        tooltip: {field: "tip"},
      },
    },
  };
}

function latencySpec(rows) {
  const orders = [...new Set(rows.map(({order}) => order))],
    times = rows.flatMap(({p50, max}) => [p50, max]);
  return {
    height: Math.max(120, orders.length * 34),
    autosize: "none",
    padding: {left: 58, right: 16, top: 6, bottom: 36},
    data: [{name: "rows", values: rows}],
    scales: [
      {
        name: "x",
        type: "log",
        domain: [Math.max(1, Math.min(...times)), Math.max(10, ...times)],
        range: "width",
        nice: true,
      },
      {name: "y", type: "band", domain: orders, range: "height", padding: 0.15},
      {name: "path", type: "band", domain: kPaths.map(([name]) => name), range: [0, {signal: "bandwidth('y')"}]},
      {
        name: "color",
        type: "ordinal",
        domain: kPaths.map(([name]) => name),
        range: kPaths.map(([, c]) => theme.color(c)),
      },
    ],
    axes: [
      {
        orient: "bottom",
        scale: "x",
        grid: true,
        title: "simulated time of one allocation",
        tickCount: 6,
        encode: {labels: {update: {text: {signal: "shortNs(datum.value)"}}}},
      },
      {orient: "left", scale: "y", title: "order", domain: false, ticks: false},
    ],
    marks: [
      latencyBar("p50", "max", 2, 0.5),
      latencyBar("p50", "p999", 5, 0.45),
      latencyBar("p50", "p99", 8, 1),
      {
        type: "symbol",
        from: {data: "rows"},
        encode: {
          update: {
            x: {scale: "x", signal: "max(1, datum.p50)"},
            y: {signal: "scale('y', datum.order) + (scale('path', datum.path) + 0.5 * bandwidth('path'))"},
            size: {value: 50},
            fill: {scale: "color", field: "path"},
            stroke: {value: theme.color("card")},
            tooltip: {field: "tip"},
          },
        },
      },
    ],
  };
}

function latencySection(csv) {
  const rows = latencyRows(csv);
  if (!rows.length) return;
  const chart = element("div.chart", {id: "latency-chart"});
  section(
    "latency",
    "Latency",
    "dot: median; bars to the 99th and 99.9th percentile, line to the longest",
    element(
      "div.card",
      {},
      element("h3", {}, "Allocation latency by order and path"),
      element("div.key", {}, ...keyOf(kPaths)),
      chart,
    ),
    card("latency.csv", new Table(csv.columns, csv.rows, {label: "latency"}).node),
  );
  new Picture(chart, () => latencySpec(rows), 74);
}
