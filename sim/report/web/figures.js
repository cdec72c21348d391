// SPDX-License-Identifier: GPL-2.0-or-later
// Which lines a run's figures show: each a function of the time series, so that one that was not recorded is left out.
"use strict";

const kGiB = 262144; // pages

function pages(series, column) {
  return series.get(column).map((value) => value / kGiB);
}

function line(name, color, values) {
  return {name, color, values};
}

/** Free memory in blocks of orders @low to @high, GiB. */
function freeInOrders(series, low, high) {
  const sum = new Float64Array(series.time.length);
  for (let order = low; order <= high && series.has(`free_blocks_o${order}`); ++order) {
    series.get(`free_blocks_o${order}`).forEach((count, i) => {
      sum[i] += (count * 2 ** order) / kGiB;
    });
  }
  return sum;
}

function counters(series, columns, scale = 1) {
  return columns
    .filter(([, , column]) => series.has(column))
    .map(([name, color, column]) =>
      line(
        name,
        color,
        series.rate(column).map((value) => value * scale),
      ),
    );
}

function states(series, columns) {
  return columns
    .filter(([, , column]) => series.has(column))
    .map(([name, color, column]) => line(sized(name), color, series.get(column)));
}

const kFigures = [
  {
    title: "What memory holds",
    unit: "GiB",
    stacked: true,
    lines: (s) => [
      line("movable", "movable", pages(s, "movable_pages")),
      line("reclaimable", "reclaimable", pages(s, "reclaimable_pages")),
      line("unmovable", "unmovable", pages(s, "unmovable_pages")),
      line("free", "boot", pages(s, "free_pages")),
    ],
  },
  {
    title: "Free memory by block size",
    unit: "GiB",
    stacked: true,
    lines: (s) => [
      line("below 64 KiB", "c1", freeInOrders(s, 0, 3)),
      line("to 1 MiB", "c4", freeInOrders(s, 4, 8)),
      line("2 MiB and 4 MiB", "c5", freeInOrders(s, 9, 10)),
      line("larger", "c0", freeInOrders(s, 11, 18)),
    ],
  },
  {
    title: "Gigablocks",
    unit: "gigablocks",
    stacked: true,
    lines: (s) =>
      states(s, [
        ["tainted", "tainted", "gigablocks_tainted"],
        ["clean", "clean", "gigablocks_clean"],
        ["empty", "partial", "gigablocks_empty"],
      ]),
  },
  {
    title: "{gigablock} pages that could be had",
    unit: "pages",
    lines: (s) =>
      states(s, [
        ["allocatable", "c0", "allocatable_1g"],
        ["empty gigablocks", "c4", "gigablocks_empty"],
      ]),
  },
  {
    title: "Unusable free space index",
    unit: "share of free memory",
    lines: (s) =>
      states(s, [
        ["order 4", "c4", "unusable_index_4"],
        ["order 9, 2 MiB", "c0", "unusable_index_9"],
        ["a gigablock, {gigablock}", "c3", "unusable_index_18"],
      ]),
  },
  {
    title: "Pageblocks",
    unit: "pageblocks",
    lines: (s) =>
      states(s, [
        ["with unmovable", "c1", "pageblocks_with_unmovable"],
        ["mixed", "c3", "mixed_pageblocks"],
        ["free", "c2", "free_pageblocks"],
      ]),
  },
  {
    title: "Huge page faults",
    unit: "a second",
    lines: (s) =>
      counters(s, [
        ["served", "c0", "thp_fault_alloc"],
        ["refused", "c1", "thp_fault_fallback"],
      ]),
  },
  {
    title: "Served from another type's list",
    unit: "extfrag events a second",
    lines: (s) =>
      counters(s, [
        ["claim", "c2", "extfrag_claim"],
        ["steal", "c4", "extfrag_steal"],
        ["pollute", "c1", "extfrag_pollute"],
      ]),
  },
  {
    title: "CPU time of memory management",
    unit: "% of one CPU",
    lines: (s) =>
      counters(
        s,
        [
          ["kswapd", "c0", "cpu_kswapd_s"],
          ["kcompactd", "c4", "cpu_kcompactd_s"],
          ["gigablock defrag", "c2", "cpu_gigablock_defrag_s"],
          ["direct reclaim", "c1", "cpu_direct_reclaim_s"],
          ["direct compaction", "c3", "cpu_direct_compaction_s"],
          ["khugepaged", "c6", "cpu_khugepaged_s"],
        ],
        100,
      ),
  },
  {
    title: "CPU time of writeback, ticks and operators",
    unit: "% of one CPU",
    lines: (s) => counters(s, [["other", "c0", "cpu_other_s"]], 100),
  },
  {
    title: "CPU time of allocating and freeing",
    unit: "% of one CPU",
    lines: (s) => counters(s, [["workload", "c0", "cpu_workload_s"]], 100),
  },
  {
    title: "Page allocations",
    unit: "pages a second",
    lines: (s) =>
      counters(s, [
        ["allocated", "c0", "page_allocs"],
        ["freed", "c2", "page_frees"],
        ["failed calls", "c1", "failures"],
      ]),
  },
];

/** The figures of @series that have anything to show. */
function runFigures(series) {
  return kFigures
    .map((figure) => ({...figure, time: series.time, lines: figure.lines(series)}))
    .filter((figure) => figure.lines.some(({values}) => values.some((value) => value !== 0)));
}

/** A card that draws whichever column of timeseries.csv or vmstat.csv one asks for, or how fast it changes. */
class AnyColumn {
  constructor(series, timeline, marks) {
    Object.assign(this, {series, timeline, marks, box: element("div.any-column")});
    this.name = element("input", {
      list: "columns",
      id: "any-column",
      placeholder: "name of a column",
      "aria-label": "column",
      autocomplete: "off",
    });
    this.rate = element("input", {type: "checkbox", id: "any-column-rate"});
    this.names = element("datalist", {id: "columns"});
    for (const input of [this.name, this.rate]) input.addEventListener("change", () => this.draw());
    this.name.addEventListener("focus", () => this.load(), {once: true});
    this.node = card(
      "Any column of timeseries.csv and vmstat.csv",
      element("div.tools", {}, this.name, this.names, element("label", {}, this.rate, " change a second")),
      this.box,
    );
  }

  async load() {
    this.vmstat ??= partText("vmstat.csv").then((text) => new Series(text));
    const {names} = await this.vmstat;
    this.names.replaceChildren(...[...this.series.names, ...names].map((value) => element("option", {value})));
  }

  async draw() {
    const column = this.name.value.trim();
    await this.load();
    const from = [this.series, await this.vmstat].find((series) => series.has(column));
    this.figure?.release();
    this.figure = null;
    this.box.replaceChildren();
    if (!from) return;
    const rate = this.rate.checked;
    this.figure = new TimeFigure(
      {
        title: column,
        unit: rate ? "a second" : "",
        time: from.time,
        lines: [line(column, "c0", rate ? from.rate(column) : from.get(column))],
      },
      this.timeline,
      this.marks,
    );
    this.figure.node.classList.remove("card");
    this.box.append(this.figure.node);
    this.figure.start();
  }
}
