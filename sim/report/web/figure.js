// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures over simulated time: what one of a page zooms or points at, all of its Timeline show.
"use strict";

const kMargin = {left: 58, right: 12};

/** Signals, scale and marks that every picture over time has. */
const overTime = {
  signals: (timeline) => [
    {name: "domain", value: timeline.domain},
    {name: "instant", value: timeline.instant},
    {name: "hover", value: timeline.hover},
    {name: "brush", value: null},
  ],

  scale: {name: "x", type: "linear", domain: {signal: "domain"}, range: "width", zero: false, nice: false},

  axis: {
    orient: "bottom",
    scale: "x",
    grid: false,
    values: {signal: "timeTicks"},
    labelFlush: 20,
    encode: {labels: {update: {text: {signal: "clockTime(datum.value, timeStep)"}}}},
  },

  // Ticks on whole seconds, minutes and hours.
  ticks: [
    {
      name: "timeStep",
      update:
        "(domain[1] - domain[0]) / max(3, width / 110) <= 1 ? 1 : " +
        [2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]
          .map((step) => `(domain[1] - domain[0]) / max(3, width / 110) <= ${step} ? ${step} : `)
          .join("") +
        "14400",
    },
    {name: "timeTicks", update: "sequence(ceil(domain[0] / timeStep) * timeStep, domain[1] + 0.001, timeStep)"},
  ],

  rule: (signal, color, width, dash = []) => ({
    type: "rule",
    clip: true,
    interactive: false,
    encode: {
      enter: {
        stroke: {value: theme.color(color)},
        strokeWidth: {value: width},
        strokeDash: {value: dash},
        y: {value: 0},
        y2: {signal: "height"},
      },
      update: {
        x: {scale: "x", signal: `${signal} === null ? domain[0] : ${signal}`},
        opacity: {signal: `${signal} === null ? 0 : 1`},
      },
    },
  }),

  brush: () => ({
    type: "rect",
    interactive: false,
    clip: true,
    encode: {
      enter: {fill: {value: theme.color("accent")}, fillOpacity: {value: 0.18}, y: {value: 0}, y2: {signal: "height"}},
      update: {
        x: {scale: "x", signal: "brush ? brush[0] : domain[0]"},
        x2: {scale: "x", signal: "brush ? brush[1] : domain[0]"},
      },
    },
  }),

  events: (marks) => ({name: "events", values: marks}),

  eventRule: () => ({
    type: "rule",
    from: {data: "events"},
    clip: true,
    interactive: false,
    encode: {
      enter: {
        y: {value: 0},
        y2: {signal: "height"},
        stroke: {value: theme.color("event")},
        strokeWidth: {value: 1},
        strokeDash: {value: [2, 3]},
      },
      update: {x: {scale: "x", field: "t"}},
    },
  }),

  // Points down at the time from above the picture, so that it can be hit.
  eventFlag: () => ({
    type: "symbol",
    from: {data: "events"},
    encode: {
      enter: {
        shape: {value: "triangle-down"},
        size: {value: 90},
        y: {value: -6},
        fill: {value: theme.color("event")},
        tooltip: {field: "label"},
      },
      update: {x: {scale: "x", field: "t"}, opacity: {signal: "inrange(datum.t, domain) ? 1 : 0"}},
    },
  }),

  marks: () => [
    overTime.eventRule(),
    overTime.rule("hover", "quiet", 1),
    overTime.rule("instant", "accent", 1.5, [5, 3]),
    overTime.brush(),
    overTime.eventFlag(),
  ],
};

/** What tells lines apart in black and white: dashes, in the order of the lines. */
const kDashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4]];

/** A sample of a line for a key, dashes as they are drawn. */
function lineSwatch(color, dash) {
  const total = dash.reduce((sum, length) => sum + length, 0);
  let at = 0;
  const stops = dash.map((length, i) => {
    const from = at;
    at += length;
    return `${i % 2 ? "transparent" : `var(--${color})`} ${from}px ${at}px`;
  });
  const background = total ? `repeating-linear-gradient(90deg, ${stops.join(", ")})` : `var(--${color})`;
  return element("i.line", {style: `background: ${background}`});
}

/** Numbers of an axis for people. */
const shortLabels = {encode: {labels: {update: {text: {signal: "shortNumber(datum.value)"}}}}};

/** Units of what is counted one by one. */
const kCounts = ["gigablocks", "pages", "pageblocks"];

/** Draws again what changed on @timeline; gives a function that ends that. */
function follow(picture, timeline) {
  picture.drawn = () => picture.signals({domain: timeline.domain, instant: timeline.instant});
  return timeline.onChange((what) => picture.signals({[what]: timeline[what]}));
}

/** A card: title, key with values at the pointer or instant, and lines over time. */
class TimeFigure {
  constructor(figure, timeline, marks) {
    Object.assign(this, {figure, timeline, marks});
    this.key = element("div.key");
    this.chart = element("div.chart");
    this.node = element(
      "div.card",
      {"data-figure": sized(figure.title)},
      element("h3", {}, sized(figure.title), element("small", {}, figure.unit)),
      this.key,
      this.chart,
    );
  }

  /** Draws; the node stands in the page by now and has a width. */
  start() {
    this.picture = new Picture(this.chart, () => this.spec(), kMargin.left + kMargin.right, ["rows"]);
    new Pointer(this.picture, this.timeline, (t) => this.timeline.setInstant(t));
    this.forget = [
      follow(this.picture, this.timeline),
      this.timeline.onChange((what) => (what === "domain" ? this.zoomed() : this.values())),
    ];
    this.names();
  }

  release() {
    for (const forget of this.forget) forget();
    this.picture.release();
  }

  rows() {
    return figureRows(this.figure, this.timeline.domain);
  }
  zoomed() {
    const rows = this.rows();
    this.picture.signals({rows, span: rowSpan(rows)});
  }

  names() {
    this.outputs = this.figure.lines.map(() => element("output"));
    this.key.replaceChildren(
      ...this.figure.lines.map(({name, color}, i) => {
        const swatch = this.figure.stacked
          ? element("i", {style: `background: var(--${color})`})
          : lineSwatch(color, kDashes[i % kDashes.length]);
        return element("span", {}, swatch, name, this.outputs[i]);
      }),
    );
    this.values();
  }

  values() {
    const i = indexAt(this.figure.time, this.timeline.hover ?? this.timeline.instant);
    this.outputs.forEach((output, k) => {
      output.textContent = format.number(this.figure.lines[k].values[i]);
    });
  }

  spec() {
    const {lines, stacked, unit} = this.figure,
      rows = this.rows(),
      whole = kCounts.includes(unit) ? {tickMinStep: 1} : {};
    return {
      height: 150,
      autosize: "none",
      padding: {left: kMargin.left, right: kMargin.right, top: 12, bottom: 24},
      signals: [...overTime.signals(this.timeline), ...overTime.ticks, {name: "span", value: rowSpan(rows)}],
      data: [{name: "rows", values: rows}, overTime.events(this.marks)],
      scales: [
        overTime.scale,
        {name: "y", type: "linear", domain: {signal: "span"}, range: "height", nice: true},
        {
          name: "color",
          type: "ordinal",
          domain: lines.map(({name}) => name),
          range: lines.map(({color}) => theme.color(color)),
        },
        {
          name: "dash",
          type: "ordinal",
          domain: lines.map(({name}) => name),
          range: lines.map((_, i) => kDashes[i % kDashes.length]),
        },
      ],
      axes: [
        overTime.axis,
        {orient: "left", scale: "y", grid: true, tickCount: 4, domain: false, ...whole, ...shortLabels},
      ],
      marks: [this.lineMarks(stacked), ...overTime.marks()],
    };
  }

  lineMarks(stacked) {
    const encode = {
      update: {x: {scale: "x", field: "t"}, y: {scale: "y", field: "high"}, interpolate: {value: "linear"}},
    };
    if (stacked) {
      Object.assign(encode.update, {
        y2: {scale: "y", field: "low"},
        fill: {scale: "color", field: "name"},
        fillOpacity: {value: 0.9},
      });
    } else {
      Object.assign(encode.update, {
        stroke: {scale: "color", field: "name"},
        strokeDash: {scale: "dash", field: "name"},
        strokeWidth: {value: 1.6},
      });
    }
    return {
      type: "group",
      clip: true,
      from: {facet: {name: "of", data: "rows", groupby: "name"}},
      encode: {update: {width: {signal: "width"}, height: {signal: "height"}}},
      marks: [{type: stacked ? "area" : "line", interactive: false, from: {data: "of"}, encode}],
    };
  }
}
