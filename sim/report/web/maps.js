// SPDX-License-Identifier: GPL-2.0-or-later
// Memory as pictures: gigablocks over time, and every pageblock at one instant.
"use strict";

/** gigablocks.csv as the page carries it: planes of bytes, a value a sample and gigablock. */
class Gigablocks {
  static async load() {
    const head = await partJson("gigablocks");
    if (!head?.times.length) return null;
    const planes = await Promise.all(pieces("gigablock_planes").map(unpack));
    return new Gigablocks(head, planes);
  }

  constructor({times, gigablocks}, planes) {
    Object.assign(this, {times, ids: gigablocks, rows: gigablocks.length});
    for (const plane of planes) {
      for (let i = this.rows; i < plane.length; ++i) plane[i] += plane[i - this.rows];
    }
    [this.state, this.free, this.movable, this.unmovable, this.reclaimable, this.pinned] = planes;
    this.period = times.length > 1 ? times[1] - times[0] : 1;
  }

  /** The row that holds most of both movable and kernel pages at the end: what one would look at first. */
  mostMixed() {
    const from = (this.times.length - 1) * this.rows;
    const mixed = (row) =>
      Math.min(this.movable[from + row], this.unmovable[from + row] + this.reclaimable[from + row]);
    return Array.from({length: this.rows}, (_, row) => row).reduce(
      (best, row) => (mixed(row) > mixed(best) ? row : best),
      0,
    );
  }

  span() {
    return [this.times[0], this.times.at(-1) + this.period];
  }
}

const kStack = 16; // parts that a gigablock's row is divided into where rows are high
const kStackRows = 100; // and up to how many rows they are

/** Unmovable and reclaimable, at most this share of a gigablock. */
const kKernelShares = [
  ["none", "movable", 0],
  ["below 1 %", "kernel1", 0.01],
  ["to 10 %", "kernel2", 0.1],
  ["to 50 %", "kernel3", 0.5],
  ["more", "kernel4", 1],
];

const kKernelShare = {
  label: "share of kernel memory",
  key: () => [
    ...kKernelShares.map(([name, color], i) => [i ? name : "unmovable or reclaimable: none", color]),
    ["free", "free"],
  ],
  make() {
    const colors = kKernelShares.map(([, color]) => theme.rgb(color)),
      free = theme.rgb("free");
    const shade = Array.from({length: 256}, (_, movable) =>
      mix([
        [colors[0], movable],
        [free, 255 - movable],
      ]),
    );
    const kernel = Array.from(
      {length: 511},
      (_, both) => colors[kKernelShares.findIndex(([, , most]) => both / 255 <= most)] ?? colors.at(-1),
    );
    return (g, i) => {
      const both = g.unmovable[i] + g.reclaimable[i];
      return both ? kernel[both] : shade[g.movable[i]];
    };
  },
};

/** What a gigablock holds as a stack within its row; any kernel memory is seen. */
const kComposition = {
  label: "composition",
  parts: kStack,
  key: () => [
    ["unmovable", "unmovable"],
    ["reclaimable", "reclaimable"],
    ["movable", "movable"],
    ["free", "free"],
    ["boot memory or none", "boot"],
  ],
  make() {
    const colors = this.key().map(([, color]) => theme.rgb(color));
    const seen = (share) => share && Math.max(share, 255 / kStack);
    return (g, i, part) => {
      let left = ((part + 0.5) / kStack) * 255;
      const shares = [seen(g.unmovable[i]), seen(g.reclaimable[i]), g.movable[i], g.free[i]];
      const at = shares.findIndex((share) => (left -= share) < 0);
      return colors[at < 0 ? 4 : at];
    };
  },
};

const kStates = {
  label: "state",
  key: () => [
    ["empty", "empty"],
    ["clean", "clean"],
    ["tainted", "tainted"],
    ["not a whole gigablock", "partial"],
  ],
  make() {
    const colors = this.key().map(([, color]) => theme.rgb(color));
    return (g, i) => colors[g.state[i]];
  },
};

const kFreeShare = {
  label: "free memory",
  key: () => [
    ["all free", "c0"],
    ["none free", "free"],
  ],
  make() {
    const [full, none] = this.key().map(([, color]) => theme.rgb(color));
    const shade = Array.from({length: 256}, (_, free) =>
      mix([
        [full, free],
        [none, 255 - free],
      ]),
    );
    return (g, i) => shade[g.free[i]];
  },
};

/**
 * Ways to colour a gigablock: each makes a function (planes, index, part) => [r, g, b] in the present theme. A stack
 * of what a gigablock holds needs rows that are high enough; else the share of kernel memory stands for it.
 */
function gigablockColors(rows) {
  return rows <= kStackRows
    ? {composition: kComposition, state: kStates, kernel: kKernelShare, free: kFreeShare}
    : {composition: {...kKernelShare, label: "composition"}, state: kStates, free: kFreeShare};
}

/** A canvas of @width x @height pixels, @color(x, y) each. */
function painted(width, height, color) {
  const canvas = element("canvas");
  Object.assign(canvas, {width, height});
  const context = canvas.getContext("2d"),
    image = context.createImageData(width, height);
  for (let y = 0, at = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x, at += 4) {
      const [r, g, b] = color(x, y);
      image.data[at] = r;
      image.data[at + 1] = g;
      image.data[at + 2] = b;
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @entries: [name, variable of style.css or a CSS colour made of such] */
function keyOf(entries) {
  return entries.map(([name, color]) =>
    element("span", {}, element("i", {style: `background: ${color.includes("(") ? color : `var(--${color})`}`}), name),
  );
}

/** The axis down a picture with a row a gigablock. */
function gigablockAxis(ids) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((size) => ids.length / size <= 10) ?? 5000;
  const rows = ids.map((id, row) => row).filter((row) => ids[row] % step === 0);
  return {
    orient: "left",
    scale: "y",
    title: "gigablock",
    values: rows,
    encode: {labels: {update: {text: {signal: `${JSON.stringify(ids)}[datum.value]`}}}},
  };
}

/** The frame around the chosen gigablock's row. */
function chosenRowMark() {
  return {
    type: "rect",
    interactive: false,
    encode: {
      update: {
        x: {value: 0},
        x2: {signal: "width"},
        y: {scale: "y", signal: "chosen"},
        y2: {scale: "y", signal: "chosen + 1"},
        stroke: {value: theme.color("text")},
        strokeWidth: {value: 1.5},
      },
    },
  };
}

function mapHeight(rows) {
  return Math.max(160, Math.min(560, rows * 36));
}

/** Gigablocks over time; a click chooses a gigablock and an instant. */
class GigablockMap {
  constructor(gigablocks, timeline, choice, marks) {
    Object.assign(this, {gigablocks, timeline, choice, marks, ways: gigablockColors(gigablocks.rows)});
    this.way = this.ways.composition;
    this.key = element("div.key");
    this.chart = element("div.chart", {id: "gigablock-map"});
    const select = element(
      "select",
      {id: "map-colors", "aria-label": "colour of gigablocks"},
      ...Object.entries(this.ways).map(([value, {label}]) => element("option", {value}, label)),
    );
    select.addEventListener("change", () => {
      this.way = this.ways[select.value];
      this.picture.draw();
    });
    this.node = element(
      "div.card",
      {},
      element("h3", {}, "Gigablocks over time", element("small", {}, "click: this gigablock, this instant")),
      element("div.tools", {}, "colour by", select),
      this.key,
      this.chart,
    );
  }

  start() {
    this.picture = new Picture(this.chart, () => this.spec(), kMargin.left + kMargin.right);
    follow(this.picture, this.timeline);
    this.timelineDrawn = this.picture.drawn;
    this.picture.drawn = () => {
      this.timelineDrawn();
      this.picture.signals({picture: this.image()});
    };
    this.picture.drawn();
    this.choice.onChange(() => this.picture.signals({chosen: this.choice.row}));
    new Pointer(this.picture, this.timeline, (t, {y}) => {
      const row = Math.floor((y / this.picture.view.height()) * this.gigablocks.rows);
      if (row >= 0 && row < this.gigablocks.rows) this.choice.set(row);
      this.timeline.setInstant(t);
    });
  }

  image() {
    const g = this.gigablocks,
      color = this.way.make(),
      parts = this.way.parts ?? 1;
    return painted(g.times.length, g.rows * parts, (x, y) => color(g, x * g.rows + Math.floor(y / parts), y % parts));
  }

  spec() {
    const g = this.gigablocks,
      [start, end] = g.span();
    this.key.replaceChildren(...keyOf(this.way.key()));
    return {
      height: mapHeight(g.rows),
      autosize: "none",
      padding: {left: kMargin.left, right: kMargin.right, top: 12, bottom: 24},
      signals: [
        ...overTime.signals(this.timeline),
        ...overTime.ticks,
        {name: "chosen", value: this.choice.row},
        {name: "picture", value: null},
      ],
      data: [overTime.events(this.marks)],
      scales: [
        overTime.scale,
        {name: "y", type: "linear", domain: [0, g.rows], range: [0, {signal: "height"}], nice: false, zero: false},
      ],
      axes: [overTime.axis, gigablockAxis(g.ids)],
      marks: [
        {
          type: "image",
          clip: true,
          interactive: false,
          encode: {
            update: {
              image: {signal: "picture"},
              aspect: {value: false},
              smooth: {value: false},
              y: {value: 0},
              height: {signal: "height"},
              x: {scale: "x", value: start},
              width: {signal: `scale('x', ${end}) - scale('x', ${start})`},
            },
          },
        },
        chosenRowMark(),
        ...overTime.marks(),
      ],
    };
  }
}
