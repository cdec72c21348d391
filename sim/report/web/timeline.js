// SPDX-License-Identifier: GPL-2.0-or-later
// The time that all pictures of a page share, and how a pointer changes it.
"use strict";

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
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  zoom(start, end) {
    const least = (this.full[1] - this.full[0]) / 2000;
    const middle = (start + end) / 2,
      half = Math.max(least, (end - start) / 2);
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

  reset() {
    this.zoom(...this.full);
  }

  setInstant(t) {
    this.instant = Math.max(this.full[0], Math.min(this.full[1], t));
    this.tell("instant");
  }

  setHover(t) {
    this.hover = t;
    this.tell("hover");
  }
}

const kZoomHelp =
  "Drag zooms, a double click shows all; shift and drag moves; ctrl and wheel zooms. A click sets the instant.";

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
    const {x} = this.picture.place(event),
      [start, end] = this.timeline.domain;
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
    const from = this.from,
      t = this.time(event);
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
