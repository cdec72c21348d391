// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures over simulated time by Vega. All of a page share one Timeline: what one zooms or points at, all show.
"use strict";

const {parse: vegaParse} = vegaRequire("vega-parser");
const {View: VegaView} = vegaRequire("vega-view");
const {transforms: vegaTransforms} = vegaRequire("vega-dataflow");
for (const name of ["vega-transforms", "vega-view-transforms", "vega-encode", "vega-label"]) {
  const module = vegaRequire(name);
  for (const key of Object.keys(module)) vegaTransforms[key] = module[key];
}
const {expressionFunction: vegaFunction} = vegaRequire("vega-functions");
vegaFunction("shortNumber", (value) => format.number(value));
vegaFunction("shortNs", (value) => format.ns(value));
vegaFunction("clockTime", (value, step) => format.clock(value, step));

/** What all pictures over time share, seconds: the span shown, the instant of the scrubber, where the pointer is. */
class Timeline {
  constructor(start, end) {
    this.full = [start, end];
    this.domain = [start, end];
    this.instant = end;
    this.hover = null;
    this.listeners = [];
  }

  /** Calls @listener(what) at every change; gives a function that ends that. */
  onChange(listener) {
    this.listeners.push(listener);
    return () => { this.listeners = this.listeners.filter((other) => other !== listener); };
  }

  tell(what) { for (const listener of this.listeners) listener(what); }

  zoom(start, end) {
    const least = (this.full[1] - this.full[0]) / 2000;
    const middle = (start + end) / 2, half = Math.max(least, (end - start) / 2);
    this.domain = [Math.max(this.full[0], middle - half), Math.min(this.full[1], middle + half)];
    this.tell("domain");
  }

  zoomBy(factor, around = (this.domain[0] + this.domain[1]) / 2) {
    this.zoom(around + (this.domain[0] - around) * factor, around + (this.domain[1] - around) * factor);
  }

  pan(seconds) {
    const [start, end] = this.domain;
    const shift = Math.max(this.full[0] - start, Math.min(this.full[1] - end, seconds));
    this.zoom(start + shift, end + shift);
  }

  reset() { this.zoom(...this.full); }

  setInstant(t) {
    this.instant = Math.max(this.full[0], Math.min(this.full[1], t));
    this.tell("instant");
  }

  setHover(t) {
    this.hover = t;
    this.tell("hover");
  }
}

/**
 * A Vega view in @node as wide as it, drawn again as @spec() says when the theme or the width changes. @margin: pixels
 * left and right of the plot; @sets: names of data sets that signals() replaces.
 */
class Picture {
  constructor(node, spec, margin, sets = []) {
    Object.assign(this, {node, spec, margin, sets});
    node.picture = this;  // for a look from the browser's console, and for tests
    this.draw();
    this.forget = theme.onChange(() => this.draw());
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(node);
  }

  /** Ends the picture: its node is about to leave the page. */
  release() {
    this.forget();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.view.finalize();
  }

  draw() {
    const spec = this.spec();
    this.view?.finalize();
    this.view = new VegaView(vegaParse(spec, theme.vega()), {renderer: "canvas", container: this.node, hover: true});
    this.view.tooltip((handler, event, item, value) => showTip(event, value));
    this.width = this.node.clientWidth;
    this.view.width(this.innerWidth()).run();
    this.drawn?.();
  }

  /** Where @event is within the plot, pixels from its upper left corner. */
  place(event) {
    const box = this.node.querySelector("canvas").getBoundingClientRect();
    const [left, top] = this.view.origin(), padding = this.view.padding();
    return {x: event.clientX - box.left - padding.left - left, y: event.clientY - box.top - padding.top - top};
  }

  innerWidth() { return Math.max(120, this.node.clientWidth - this.margin); }

  resize() {
    if (this.node.clientWidth !== this.width && this.node.clientWidth > 0) {
      this.width = this.node.clientWidth;
      this.view.width(this.innerWidth()).run();
    }
  }

  /** Sets signals and data sets and draws once, however many pictures changed before the browser paints. */
  signals(values) {
    this.pending = {...this.pending, ...values};
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      for (const [name, value] of Object.entries(this.pending)) this.apply(name, value);
      this.pending = this.frame = null;
      this.view.run();
    });
  }

  apply(name, value) {
    if (this.sets.includes(name)) this.view.data(name, value);
    else this.view.signal(name, value);
  }
}

const tip = element("div.vega-tip", {hidden: ""});
document.body.append(tip);

function showTip(event, value) {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  tip.textContent = typeof value === "object" ? Object.entries(value).map(([k, v]) => `${k}: ${v}`).join("\n") : value;
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`;
}

const kZoomHelp = "Drag zooms, a double click shows all; shift and drag moves; ctrl and wheel zooms. A click sets the instant.";
const kMargin = {left: 58, right: 12};

/** Drag spans a zoom, a click sets the instant, a double click shows all, shift and drag or ctrl and wheel move. */
class Pointer {
  constructor(picture, timeline, onClick) {
    Object.assign(this, {picture, timeline, onClick, from: null});
    const node = picture.node;
    node.addEventListener("pointerdown", (event) => this.down(event));
    node.addEventListener("pointermove", (event) => this.move(event));
    node.addEventListener("pointerup", (event) => this.up(event));
    node.addEventListener("pointerleave", () => timeline.setHover(null));
    node.addEventListener("dblclick", () => timeline.reset());
    node.addEventListener("wheel", (event) => this.wheel(event), {passive: false});
  }

  time(event) {
    const {x} = this.picture.place(event), [start, end] = this.timeline.domain;
    return start + Math.max(0, Math.min(1, x / this.picture.view.width())) * (end - start);
  }

  down(event) {
    this.from = {t: this.time(event), x: event.clientX, domain: this.timeline.domain, pan: event.shiftKey};
    this.picture.node.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  move(event) {
    const t = this.time(event);
    if (this.from?.pan) {
      this.timeline.pan(this.from.t - t);
    } else if (this.from && Math.abs(event.clientX - this.from.x) > 4) {
      this.picture.signals({brush: [this.from.t, t]});
    }
    this.timeline.setHover(t);
  }

  up(event) {
    const from = this.from, t = this.time(event);
    this.from = null;
    this.picture.signals({brush: null});
    if (!from || from.pan) return;
    if (Math.abs(event.clientX - from.x) > 4) this.timeline.zoom(Math.min(from.t, t), Math.max(from.t, t));
    else this.onClick(t, this.picture.place(event));
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.timeline.zoomBy(event.deltaY > 0 ? 1.25 : 0.8, this.time(event));
  }
}

/** Signals, scale and marks that every picture over time has. */
const overTime = {
  signals: (timeline) => [
    {name: "domain", value: timeline.domain}, {name: "instant", value: timeline.instant},
    {name: "hover", value: timeline.hover}, {name: "brush", value: null}],

  scale: {name: "x", type: "linear", domain: {signal: "domain"}, range: "width", zero: false, nice: false},

  axis: {orient: "bottom", scale: "x", grid: false, values: {signal: "timeTicks"}, labelFlush: 20,
         encode: {labels: {update: {text: {signal: "clockTime(datum.value, timeStep)"}}}}},

  // Ticks on whole seconds, minutes and hours.
  ticks: [
    {name: "timeStep", update: "(domain[1] - domain[0]) / max(3, width / 110) <= 1 ? 1 : " +
      [2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((step) =>
        `(domain[1] - domain[0]) / max(3, width / 110) <= ${step} ? ${step} : `).join("") + "14400"},
    {name: "timeTicks", update: "sequence(ceil(domain[0] / timeStep) * timeStep, domain[1] + 0.001, timeStep)"}],

  rule: (signal, color, width, dash = []) => ({
    type: "rule", clip: true, interactive: false, encode: {
      enter: {stroke: {value: theme.color(color)}, strokeWidth: {value: width}, strokeDash: {value: dash},
              y: {value: 0}, y2: {signal: "height"}},
      update: {x: {scale: "x", signal: `${signal} === null ? domain[0] : ${signal}`},
               opacity: {signal: `${signal} === null ? 0 : 1`}}}}),

  brush: () => ({
    type: "rect", interactive: false, clip: true, encode: {
      enter: {fill: {value: theme.color("accent")}, fillOpacity: {value: 0.18}, y: {value: 0}, y2: {signal: "height"}},
      update: {x: {scale: "x", signal: "brush ? brush[0] : domain[0]"},
               x2: {scale: "x", signal: "brush ? brush[1] : domain[0]"}}}}),

  events: (marks) => ({name: "events", values: marks}),

  eventRule: () => ({
    type: "rule", from: {data: "events"}, clip: true, interactive: false, encode: {
      enter: {y: {value: 0}, y2: {signal: "height"}, stroke: {value: theme.color("event")}, strokeWidth: {value: 1},
              strokeDash: {value: [2, 3]}},
      update: {x: {scale: "x", field: "t"}}}}),

  // Points down at the time from above the picture, so that it can be hit.
  eventFlag: () => ({
    type: "symbol", from: {data: "events"}, encode: {
      enter: {shape: {value: "triangle-down"}, size: {value: 90}, y: {value: -6}, fill: {value: theme.color("event")},
              tooltip: {field: "label"}},
      update: {x: {scale: "x", field: "t"}, opacity: {signal: "inrange(datum.t, domain) ? 1 : 0"}}}}),

  marks: () => [overTime.eventRule(), overTime.rule("hover", "quiet", 1), overTime.rule("instant", "accent", 1.5, [5, 3]),
                overTime.brush(), overTime.eventFlag()],
};

/** Numbers of an axis for people. */
const shortLabels = {encode: {labels: {update: {text: {signal: "shortNumber(datum.value)"}}}}};

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
    this.node = element("div.card", {"data-figure": figure.title},
                        element("h3", {}, figure.title, element("small", {}, figure.unit)), this.key, this.chart);
  }

  /** Draws; the node stands in the page by now and has a width. */
  start() {
    this.picture = new Picture(this.chart, () => this.spec(), kMargin.left + kMargin.right, ["rows"]);
    new Pointer(this.picture, this.timeline, (t) => this.timeline.setInstant(t));
    this.forget = [follow(this.picture, this.timeline),
                   this.timeline.onChange((what) => what === "domain" ? this.zoomed() : this.values())];
    this.names();
  }

  release() {
    for (const forget of this.forget) forget();
    this.picture.release();
  }

  rows() { return figureRows(this.figure, this.timeline.domain); }
  zoomed() { this.picture.signals({rows: this.rows()}); }

  names() {
    this.outputs = this.figure.lines.map(() => element("output"));
    this.key.replaceChildren(...this.figure.lines.map(({name, color}, i) => {
      const swatch = element("i", {style: `background: var(--${color})`});
      return element("span", {}, swatch, name, this.outputs[i]);
    }));
    this.values();
  }

  values() {
    const i = indexAt(this.figure.time, this.timeline.hover ?? this.timeline.instant);
    this.outputs.forEach((output, k) => { output.textContent = format.number(this.figure.lines[k].values[i]); });
  }

  spec() {
    const {lines, stacked} = this.figure;
    return {
      height: 150, autosize: "none", padding: {left: kMargin.left, right: kMargin.right, top: 12, bottom: 24},
      signals: [...overTime.signals(this.timeline), ...overTime.ticks],
      data: [{name: "rows", values: this.rows()}, overTime.events(this.marks)],
      scales: [overTime.scale,
               {name: "y", type: "linear", domain: {data: "rows", field: "high"}, range: "height", zero: true, nice: true},
               {name: "color", type: "ordinal", domain: lines.map(({name}) => name),
                range: lines.map(({color}) => theme.color(color))}],
      axes: [overTime.axis, {orient: "left", scale: "y", grid: true, tickCount: 4, domain: false, ...shortLabels}],
      marks: [this.lineMarks(stacked), ...overTime.marks()],
    };
  }

  lineMarks(stacked) {
    const encode = {update: {x: {scale: "x", field: "t"}, y: {scale: "y", field: "high"},
                             interpolate: {value: "linear"}}};
    if (stacked) {
      Object.assign(encode.update, {y2: {scale: "y", field: "low"}, fill: {scale: "color", field: "name"},
                                    fillOpacity: {value: 0.9}});
    } else {
      Object.assign(encode.update, {stroke: {scale: "color", field: "name"}, strokeWidth: {value: 1.6}});
    }
    return {type: "group", clip: true, from: {facet: {name: "of", data: "rows", groupby: "name"}},
            encode: {update: {width: {signal: "width"}, height: {signal: "height"}}},
            marks: [{type: stacked ? "area" : "line", interactive: false, from: {data: "of"}, encode}]};
  }
}
