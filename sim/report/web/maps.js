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

  span() { return [this.times[0], this.times.at(-1) + this.period]; }
}

function mix(parts) {
  const total = parts.reduce((sum, [, weight]) => sum + weight, 0) || 1;
  return [0, 1, 2].map((k) => parts.reduce((sum, [color, weight]) => sum + color[k] * weight, 0) / total);
}

/** Ways to colour a gigablock: each makes a function (planes, index) => [r, g, b] in the present theme. */
const kGigablockColors = {
  composition: {
    label: "composition",
    key: [["movable", "movable"], ["unmovable", "unmovable"], ["reclaimable", "reclaimable"], ["free", "free"],
          ["not a whole gigablock", "boot"]],
    make() {
      const [movable, unmovable, reclaimable, free, boot] = this.key.map(([, color]) => theme.rgb(color));
      const seen = (share) => 255 * Math.sqrt(share / 255);  // a few unmovable pages decide what can be moved
      return (g, i) => g.state[i] === 3 && g.free[i] + g.movable[i] + g.unmovable[i] + g.reclaimable[i] < 8 ? boot
        : mix([[movable, g.movable[i]], [unmovable, 1.5 * seen(g.unmovable[i])],
               [reclaimable, 1.5 * seen(g.reclaimable[i])], [free, g.free[i]]]);
    },
  },
  state: {
    label: "state",
    key: [["empty", "empty"], ["clean", "clean"], ["tainted", "tainted"], ["not a whole gigablock", "partial"]],
    make() {
      const colors = this.key.map(([, color]) => theme.rgb(color));
      return (g, i) => colors[g.state[i]];
    },
  },
  free: {
    label: "free memory",
    key: [["all free", "c0"], ["none free", "free"]],
    make() {
      const [full, none] = this.key.map(([, color]) => theme.rgb(color));
      return (g, i) => mix([[full, g.free[i]], [none, 255 - g.free[i]]]);
    },
  },
  kernel: {
    label: "unmovable and reclaimable",
    key: [["much", "c1"], ["none", "free"]],
    make() {
      const [much, none] = this.key.map(([, color]) => theme.rgb(color));
      return (g, i) => {
        const share = 255 * Math.sqrt(Math.min(1, (g.unmovable[i] + g.reclaimable[i]) / 255));
        return mix([[much, share], [none, 255 - share]]);
      };
    },
  },
};

/** A canvas of @width x @height pixels, @color(x, y) each. */
function painted(width, height, color) {
  const canvas = element("canvas");
  Object.assign(canvas, {width, height});
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  for (let y = 0, at = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x, at += 4) {
      const [r, g, b] = color(x, y);
      image.data[at] = r; image.data[at + 1] = g; image.data[at + 2] = b; image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function keyOf(entries) {
  return entries.map(([name, color]) =>
    element("span", {}, element("i", {style: `background: var(--${color})`}), name));
}

/** Gigablocks over time; a click chooses a gigablock and an instant. */
class GigablockMap {
  constructor(gigablocks, timeline, choice) {
    Object.assign(this, {gigablocks, timeline, choice, colors: "composition"});
    this.key = element("div.key");
    this.chart = element("div.chart", {id: "gigablock-map"});
    const select = element("select", {id: "map-colors", "aria-label": "colour of gigablocks"},
      ...Object.entries(kGigablockColors).map(([value, {label}]) => element("option", {value}, label)));
    select.addEventListener("change", () => { this.colors = select.value; this.picture.draw(); });
    this.node = element("div.card", {}, element("h3", {}, "Gigablocks over time",
      element("small", {}, "click: this gigablock, this instant")),
      element("div.tools", {}, "colour by", select), this.key, this.chart);
  }

  start() {
    const spec = () => this.spec();
    spec.margin = kMargin.left + kMargin.right;
    this.picture = new Picture(this.chart, spec);
    follow(this.picture, this.timeline);
    this.timelineDrawn = this.picture.drawn;
    this.picture.drawn = () => {
      this.timelineDrawn();
      this.picture.signals({picture: this.image()});
    };
    this.picture.drawn();
    this.choice.onChange(() => this.picture.signals({chosen: this.choice.row}));
    new Pointer(this.picture, this.timeline, (t, {y}) => {
      const row = Math.floor(y / this.picture.view.height() * this.gigablocks.rows);
      if (row >= 0 && row < this.gigablocks.rows) this.choice.set(row);
      this.timeline.setInstant(t);
    });
  }

  image() {
    const g = this.gigablocks, color = kGigablockColors[this.colors].make();
    return painted(g.times.length, g.rows, (x, y) => color(g, x * g.rows + y));
  }

  spec() {
    const g = this.gigablocks, [start, end] = g.span();
    this.key.replaceChildren(...keyOf(kGigablockColors[this.colors].key));
    return {
      height: Math.max(120, Math.min(520, g.rows * 12)), autosize: "none",
      padding: {left: kMargin.left, right: kMargin.right, top: 6, bottom: 24},
      signals: [...overTime.signals(this.timeline), ...overTime.ticks, {name: "chosen", value: this.choice.row},
                {name: "picture", value: null}],
      scales: [overTime.scale, {name: "y", type: "linear", domain: [0, g.rows], range: [0, {signal: "height"}], nice: false,
                                zero: false}],
      axes: [overTime.axis, {orient: "left", scale: "y", title: "gigablock", tickCount: 8, format: "d"}],
      marks: [
        {type: "image", clip: true, interactive: false, encode: {update: {
          image: {signal: "picture"}, aspect: {value: false}, smooth: {value: false}, y: {value: 0},
          height: {signal: "height"}, x: {scale: "x", value: start},
          width: {signal: `scale('x', ${end}) - scale('x', ${start})`}}}},
        {type: "rect", interactive: false, encode: {update: {
          x: {value: 0}, x2: {signal: "width"}, y: {scale: "y", signal: "chosen"}, y2: {scale: "y", signal: "chosen + 1"},
          stroke: {value: theme.color("text")}, strokeWidth: {value: 1.5}}}},
        ...overTime.marks()],
    };
  }
}
