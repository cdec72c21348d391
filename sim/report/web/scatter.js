// SPDX-License-Identifier: GPL-2.0-or-later
// Points in a plane of two metrics, or of a key and a metric, with intervals; a click chooses one.
"use strict";

const kPalette = ["c0", "c1", "c2", "c3", "c4", "c5", "c6"];

/** Numbers before texts, both in their order. */
function sortedValues(values) {
  return [...new Set(values)].sort(compareFields);
}

/** A colour of style.css for each of @count values in their order: as different as can be if few, else a ramp. */
function paletteFor(count) {
  if (count <= kPalette.length) return kPalette.slice(0, count);
  return Array.from(
    {length: count},
    (_, i) => `color-mix(in srgb, var(--c0) ${Math.round(15 + (85 * i) / (count - 1))}%, var(--free))`,
  );
}

/** A key of @values in the colours of paletteFor(); of a ramp only some. */
function valueKey(values) {
  const colors = paletteFor(values.length),
    step = values.length > kPalette.length ? Math.ceil(values.length / 6) : 1;
  return keyOf(
    values.map((value, i) => [value, colors[i]]).filter((_, i) => i % step === 0 || i + 1 === values.length),
  );
}

/** What an axis for values from @least to @most spans, margins included: by the rule of range_of() in value_range.h. */
function axisSpan(least, most) {
  const size = Math.max(Math.abs(least), Math.abs(most)) || 1;
  const alike = most - least < 0.01 * size,
    nearZero = least >= 0 ? least < most / 2 : most <= 0 && most > least / 2;
  const low = alike || nearZero ? Math.min(0, least) : least,
    high = alike || nearZero ? Math.max(0, most) || (low < 0 ? 0 : 1) : most;
  const pad = 0.06 * (high - low);
  return [low - pad, high + pad];
}

/** A scale for @name over what @field of the points holds; "point" where it is not a number. */
function scaleFor(name, field, points, range, {log, order}) {
  if (order || !points.every((point) => numeric(point[field]))) {
    return {
      name,
      type: "point",
      domain: order ?? sortedValues(points.map((point) => point[field])),
      range,
      padding: 0.5,
    };
  }
  const values = points
    .flatMap((point) => [point[`${field}Low`] ?? point[field], point[field], point[`${field}High`] ?? point[field]])
    .map(Number);
  const low = Math.min(...values),
    high = Math.max(...values);
  if (log && low > 0) return {name, type: "log", domain: [low / 1.15, high * 1.15], range};
  return {name, type: "linear", domain: axisSpan(low, high), range, zero: false, nice: false};
}

/** A rule from low to high of @field. */
function intervalMark(field, other) {
  const update = {
    [other]: {scale: other, field: other},
    [field]: {scale: field, field: `${field}Low`},
    [`${field}2`]: {scale: field, field: `${field}High`},
    stroke: {scale: "color", field: "color"},
    strokeOpacity: {value: 0.45},
    strokeWidth: {value: 1.2},
  };
  return {type: "rule", interactive: false, from: {data: "points"}, encode: {update}};
}

/**
 * @points: {id, x, y, color, front, tip} and, for intervals, xLow, xHigh, yLow, yHigh. @options: xTitle, yTitle,
 * colors (values in order), colorTitle, height, left and bottom (room for the axes), log, yOrder (texts from top down),
 * bars ({x, y, color}, each a short upright line), means ({x, y} of a line), frontLine (through points
 * of the front), onChoose(id).
 */
class Scatter {
  constructor(points, options) {
    Object.assign(this, {points, options, chosen: null});
    this.chart = element("div.chart");
    this.node = element("div", {}, this.keyNode(), this.chart);
  }

  keyNode() {
    const {colors = [], colorTitle} = this.options;
    if (!colorTitle) return "";
    return element("div.key", {}, element("span", {}, colorTitle), ...valueKey(colors));
  }

  start() {
    this.picture = new Picture(this.chart, () => this.spec(), (this.options.left ?? 68) + 20);
    this.picture.drawn = () => this.listen();
    this.listen();
  }

  listen() {
    this.picture.view.addEventListener("click", (event, item) => {
      if (item?.datum?.id !== undefined) this.options.onChoose?.(item.datum.id);
    });
  }

  choose(id) {
    this.chosen = id;
    this.picture.signals({chosen: id});
  }

  spec() {
    const {
      xTitle,
      yTitle,
      colors = [],
      height = 340,
      left = 68,
      bottom = 44,
      log,
      yOrder,
      bars = [],
      means = [],
      frontLine = false,
    } = this.options;
    const front = frontLine ? this.points.filter((point) => point.front).sort((a, b) => a.x - b.x) : [];
    const [xLabels, yLabels] = ["x", "y"].map((field) =>
      this.points.every((point) => typeof point[field] === "number") ? shortLabels : {},
    );
    const has = (field) => this.points.length > 0 && this.points.every((point) => point[field] !== undefined);
    return {
      height,
      autosize: "none",
      padding: {left, right: 20, top: 10, bottom},
      signals: [{name: "chosen", value: this.chosen}],
      data: [
        {name: "points", values: this.points},
        {name: "front", values: front},
        {name: "bars", values: bars},
        {name: "means", values: means},
      ],
      scales: [
        scaleFor("x", "x", this.points, "width", {log}),
        scaleFor("y", "y", this.points, "height", {order: yOrder}),
        {
          name: "color",
          type: "ordinal",
          domain: colors,
          range: paletteFor(colors.length).map((color) => `rgb(${keyColor(color).join(",")})`),
        },
      ],
      axes: [
        {
          orient: "bottom",
          scale: "x",
          title: xTitle,
          grid: true,
          tickCount: 6,
          labelOverlap: true,
          labelSeparation: 8,
          ...(log ? {values: sortedValues(this.points.map(({x}) => x))} : {}),
          ...xLabels,
        },
        {orient: "left", scale: "y", title: yTitle, grid: true, tickCount: 6, ...yLabels},
      ],
      marks: [
        this.line("front", [5, 4]),
        this.line("means", []),
        this.barMarks(),
        ...(has("xLow") ? [intervalMark("x", "y")] : []),
        ...(has("yLow") ? [intervalMark("y", "x")] : []),
        this.dots(),
        this.labels(),
      ],
    };
  }

  line(data, dash) {
    return {
      type: "line",
      interactive: false,
      from: {data},
      encode: {
        update: {
          x: {scale: "x", field: "x"},
          y: {scale: "y", field: "y"},
          stroke: {value: theme.color("quiet")},
          strokeDash: {value: dash},
          strokeWidth: {value: 1.3},
        },
      },
    };
  }

  barMarks() {
    return {
      type: "rule",
      interactive: false,
      from: {data: "bars"},
      encode: {
        update: {
          x: {scale: "x", field: "x"},
          y: {scale: "y", field: "y", offset: -8},
          y2: {scale: "y", field: "y", offset: 8},
          stroke: {scale: "color", field: "color"},
          strokeWidth: {value: 2.5},
        },
      },
    };
  }

  dots() {
    const same = "chosen === datum.id";
    return {
      type: "symbol",
      name: "dots",
      from: {data: "points"},
      encode: {
        enter: {cursor: {value: "pointer"}, tooltip: {field: "tip"}},
        update: {
          x: {scale: "x", field: "x"},
          y: {scale: "y", field: "y"},
          fill: {scale: "color", field: "color"},
          shape: {signal: "datum.front ? 'diamond' : 'circle'"},
          fillOpacity: {signal: `${same} || datum.front ? 1 : 0.65`},
          size: {signal: `${same} ? 220 : datum.front ? 150 : 60`},
          stroke: {signal: `${same} ? '${theme.color("text")}' : '${theme.color("card")}'`},
          strokeWidth: {signal: `${same} ? 2.5 : 1`},
        },
        hover: {stroke: {value: theme.color("text")}},
      },
    };
  }

  /** Names of points on the front, where there is room for them. */
  labels() {
    return {
      type: "text",
      interactive: false,
      from: {data: "dots"},
      encode: {
        enter: {
          text: {signal: "datum.datum.front ? datum.datum.id : ''"},
          fontSize: {value: 11},
          fill: {value: theme.color("text")},
        },
      },
      transform: [
        {
          type: "label",
          size: {signal: "[width, height]"},
          offset: [3],
          padding: 4,
          anchor: ["top", "bottom", "right", "left", "top-right", "bottom-right", "top-left", "bottom-left"],
        },
      ],
    };
  }
}
