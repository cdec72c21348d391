// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures by Vega, and what a pointer over one tells.
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

/**
 * A Vega view in @node as wide as it, drawn again as @spec() says when the theme or the width changes. @margin: pixels
 * left and right of the plot; @sets: names of data sets that signals() replaces.
 */
class Picture {
  constructor(node, spec, margin, sets = []) {
    Object.assign(this, {node, spec, margin, sets});
    node.picture = this; // for a look from the browser's console, and for tests
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
    const [left, top] = this.view.origin(),
      padding = this.view.padding();
    return {x: event.clientX - box.left - padding.left - left, y: event.clientY - box.top - padding.top - top};
  }

  innerWidth() {
    return Math.max(120, this.node.clientWidth - this.margin);
  }

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
  tip.textContent =
    typeof value === "object"
      ? Object.entries(value)
          .map(([k, v]) => `${k}: ${v}`)
          .join("\n")
      : value;
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`;
}
