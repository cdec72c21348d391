// SPDX-License-Identifier: GPL-2.0-or-later
// Time series of some of many runs, over each other.
"use strict";

/** The runs that the page carries: {group, seed, dir, page}, and series(run). */
class Runs {
  static async load() {
    const runs = new Runs();
    runs.list = (await partJson("runs")) ?? [];
    runs.packed = pieces("run_series");
    runs.loaded = new Map();
    return runs;
  }

  of(group) {
    return this.list.filter((run) => run.group === group);
  }

  async series(run) {
    const at = this.list.indexOf(run);
    if (!this.loaded.has(at)) {
      this.loaded.set(at, new Series(new TextDecoder().decode(await unpack(this.packed[at]))));
    }
    return this.loaded.get(at);
  }
}

/** What runs are compared by: [title, unit, values(series)]. */
const kOverlays = [
  ["Free memory in blocks of 2 MiB and more", "GiB", (s) => freeInOrders(s, 9, 18)],
  ["Unusable free space index, 2 MiB", "share of free memory", (s) => s.get("unusable_index_9")],
  ["Tainted gigablocks", "gigablocks", (s) => s.get("gigablocks_tainted")],
  ["{gigablock} pages that could be had", "pages", (s) => s.get("allocatable_1g")],
  ["Pageblocks with unmovable pages", "pageblocks", (s) => s.get("pageblocks_with_unmovable")],
  ["Huge page faults refused", "a second", (s) => s.rate("thp_fault_fallback")],
  [
    "kswapd and kcompactd",
    "% of one CPU",
    (s) => s.rate("cpu_kswapd_s").map((v, i) => 100 * (v + s.rate("cpu_kcompactd_s")[i])),
  ],
  [
    "Stalls: direct reclaim and compaction",
    "% of one CPU",
    (s) => s.rate("cpu_direct_reclaim_s").map((v, i) => 100 * (v + s.rate("cpu_direct_compaction_s")[i])),
  ],
];

/** @values of times @from at the times @to: the last sample not after each. */
function resampled(values, from, to) {
  return Float64Array.from(to, (t) => values[indexAt(from, t)]);
}

/** Figures of @named [{name, series}], a line each; those where all lines are flat at zero are left out. */
function overlays(named, timeline) {
  const time = named[0].series.time;
  return kOverlays
    .map(([title, unit, values]) => ({
      title,
      unit,
      time,
      lines: named.map(({name, series}, i) =>
        line(name, kPalette[i % kPalette.length], resampled(values(series), series.time, time)),
      ),
    }))
    .filter(({lines}) => lines.some(({values}) => values.some((value) => value !== 0)))
    .map((figure) => new TimeFigure(figure, timeline, []));
}

/** A place in the page where one set of overlaid runs replaces another. */
class OverlayPanel {
  constructor() {
    this.node = element("div.cards");
    this.figures = [];
  }

  /** @named: [{name, run}] */
  async show(runs, named) {
    const loaded = await Promise.all(named.map(async ({name, run}) => ({name, series: await runs.series(run)})));
    for (const figure of this.figures) figure.release();
    this.figures = [];
    this.node.replaceChildren();
    if (!loaded.length) {
      this.node.append(card("No time series", element("p", {}, "The page does not carry this run, or it left none.")));
      return;
    }
    const time = loaded[0].series.time;
    this.figures = overlays(loaded, new Timeline(time[0] ?? 0, time.at(-1) ?? 1));
    this.node.append(...this.figures.map(({node}) => node));
    for (const figure of this.figures) figure.start();
  }
}
