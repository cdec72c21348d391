// SPDX-License-Identifier: GPL-2.0-or-later
// Memory at one instant, pageblock by pageblock.
"use strict";

/** Frames of pageblocks, unpacked piece by piece as they are looked at. */
class Pageblocks {
  static async load() {
    const head = await partJson("pageblocks");
    return head ? new Pageblocks(head, pieces("pageblock_frames")) : null;
  }

  constructor(head, packed) {
    Object.assign(this, head, {packed, unpacked: new Map()});
    this.perGigablock = this.gigablock_pages / this.pageblock_pages;
    this.count = this.ranges.reduce((sum, [, count]) => sum + count, 0);
  }

  /** Index of each pageblock of @ids' gigablocks among the codes of a frame, -1 where there is none. */
  places(ids) {
    const row = new Map(ids.map((id, i) => [id, i]));
    const places = new Int32Array(ids.length * this.perGigablock).fill(-1);
    let index = 0;
    for (const [start, count] of this.ranges) {
      for (let i = 0; i < count; ++i, ++index) {
        const block = start / this.pageblock_pages + i;
        const at = row.get(Math.floor(block / this.perGigablock));
        if (at !== undefined) places[at * this.perGigablock + (block % this.perGigablock)] = index;
      }
    }
    return places;
  }

  /** All frames of piece @number, one after another. */
  async piece(number) {
    if (!this.unpacked.has(number)) {
      if (this.unpacked.size > 5) this.unpacked.delete(this.unpacked.keys().next().value);
      this.unpacked.set(
        number,
        unpack(this.packed[number]).then((codes) => {
          for (let i = this.count; i < codes.length; ++i) codes[i] ^= codes[i - this.count];
          return codes;
        }),
      );
    }
    return this.unpacked.get(number);
  }

  /** Codes at the last frame not after @t, and its time. */
  async at(t) {
    const frame = indexAt(this.times, t),
      within = frame % this.frames_per_piece;
    const codes = await this.piece(Math.floor(frame / this.frames_per_piece));
    return {time: this.times[frame], codes: codes.subarray(within * this.count, (within + 1) * this.count)};
  }
}

/** Every pageblock of the machine: gigablock down, pageblocks across; and the chosen gigablock in large. */
class InstantView {
  constructor(pageblocks, ids, timeline, choice) {
    Object.assign(this, {
      pageblocks,
      ids,
      timeline,
      choice,
      places: pageblocks.places(ids),
      way: kPageblockColors.holds,
    });
    this.width = pageblocks.perGigablock;
    this.when = element("small");
    this.whole = element("div.chart", {id: "memory-at-instant"});
    this.grid = element("div.chart", {id: "gigablock-grid"});
    this.which = element(
      "select",
      {id: "gigablock", "aria-label": "gigablock"},
      ...ids.map((id, row) => element("option", {value: row}, `gigablock ${id}`)),
    );
    this.which.addEventListener("change", () => choice.set(Number(this.which.value)));
    this.ways = element(
      "select",
      {id: "pageblock-colors", "aria-label": "colour of pageblocks"},
      ...Object.entries(kPageblockColors).map(([name, {label}]) => element("option", {value: name}, label)),
    );
    this.ways.addEventListener("change", () => {
      this.way = kPageblockColors[this.ways.value];
      this.update();
    });
    this.counts = element("div.key");
    this.key = element("div.key");
    this.node = element(
      "div.instant",
      {},
      element(
        "div.card",
        {},
        element("h3", {}, "All pageblocks at the instant", this.when),
        element("div.tools", {}, "colour by", this.ways),
        this.key,
        this.whole,
      ),
      element(
        "div.card",
        {},
        element(
          "h3",
          {},
          "One gigablock",
          element("small", {}, `${this.pageblocks.pageblock_pages / 256} MiB a square`),
        ),
        element("div.tools", {}, this.which),
        this.counts,
        this.grid,
      ),
    );
  }

  async start() {
    this.frame = await this.pageblocks.at(this.timeline.instant);
    this.wholePicture = new Picture(this.whole, () => this.wholeSpec(), kMargin.left + kMargin.right);
    this.gridPicture = new Picture(this.grid, () => this.gridSpec(), 2 * kMargin.right, ["squares"]);
    this.wholePicture.drawn = this.gridPicture.drawn = () => this.update();
    this.update();
    this.timeline.onChange((what) => what === "instant" && this.seek());
    this.choice.onChange(() => this.update());
    this.whole.addEventListener("click", (event) => this.choose(event));
  }

  choose(event) {
    const {y} = this.wholePicture.place(event);
    const row = Math.floor((y / this.wholePicture.view.height()) * this.ids.length);
    if (row >= 0 && row < this.ids.length) this.choice.set(row);
  }

  /** Shows the scrubber's instant; one that is overtaken while it unpacks is skipped. */
  async seek() {
    const wanted = (this.wanted = this.timeline.instant);
    const frame = await this.pageblocks.at(wanted);
    if (wanted !== this.wanted || frame.time === this.frame.time) return;
    this.frame = frame;
    this.update();
  }

  code(row, block) {
    const place = this.places[row * this.width + block];
    return place < 0 ? kNothing : this.frame.codes[place];
  }

  update() {
    const colors = pageblockColors(this.way);
    this.when.textContent = `at ${format.time(this.frame.time)}; click a gigablock`;
    this.which.value = this.choice.row;
    const picture = painted(this.width, this.ids.length, (x, y) => colors[this.code(y, x)]);
    this.wholePicture.signals({picture, chosen: this.choice.row});
    this.gridPicture.signals({squares: this.squares(colors)});
    this.key.replaceChildren(...keyOf(this.way.key));
    this.count();
  }

  squares(colors) {
    const row = this.choice.row;
    const first = this.ids[row] * this.width * this.pageblocks.pageblock_pages;
    return Array.from({length: this.width}, (_, i) => {
      const code = this.code(row, i),
        fill = code & 7;
      const holds = ["movable", "unmovable", "reclaimable"].filter((name, bit) => (code >> (3 + bit)) & 1).join(", ");
      return {
        x: i % 32,
        y: Math.floor(i / 32),
        color: `rgb(${colors[code].map(Math.round).join(",")})`,
        tip: {
          pfn: first + i * this.pageblocks.pageblock_pages,
          label: kLabels[code >> 6],
          full: kFills[fill],
          holds: holds || "nothing",
        },
      };
    });
  }

  count() {
    const counts = this.way.key.map(() => 0);
    for (let i = 0; i < this.width; ++i) counts[pageblockKind(this.way, this.code(this.choice.row, i))] += 1;
    this.counts.replaceChildren(
      ...keyOf(this.way.key).map((node, i) => {
        node.append(element("output", {}, String(counts[i])));
        return node;
      }),
    );
  }

  wholeSpec() {
    return {
      height: Math.max(120, Math.min(400, this.ids.length * 60)),
      autosize: "none",
      padding: {left: kMargin.left, right: kMargin.right, top: 6, bottom: 34},
      signals: [
        {name: "picture", value: null},
        {name: "chosen", value: this.choice.row},
      ],
      scales: [
        {name: "x", type: "linear", domain: [0, this.width], range: "width", nice: false},
        {name: "y", type: "linear", domain: [0, this.ids.length], range: [0, {signal: "height"}], nice: false},
      ],
      axes: [
        {orient: "bottom", scale: "x", title: "pageblock in the gigablock", tickCount: 8},
        gigablockAxis(this.ids),
      ],
      marks: [
        {
          type: "image",
          interactive: false,
          encode: {
            update: {
              image: {signal: "picture"},
              aspect: {value: false},
              smooth: {value: false},
              x: {value: 0},
              y: {value: 0},
              width: {signal: "width"},
              height: {signal: "height"},
            },
          },
        },
        chosenRowMark(),
      ],
    };
  }

  gridSpec() {
    const rows = Math.ceil(this.width / 32);
    return {
      height: 390,
      autosize: "none",
      padding: {left: kMargin.right, right: kMargin.right, top: 6, bottom: 6},
      data: [{name: "squares", values: []}],
      scales: [
        {name: "x", type: "band", domain: {signal: "sequence(32)"}, range: "width", padding: 0.12},
        {name: "y", type: "band", domain: {signal: `sequence(${rows})`}, range: "height", padding: 0.12},
      ],
      marks: [
        {
          type: "rect",
          from: {data: "squares"},
          encode: {
            update: {
              x: {scale: "x", field: "x"},
              width: {scale: "x", band: 1},
              y: {scale: "y", field: "y"},
              height: {scale: "y", band: 1},
              fill: {field: "color"},
              cornerRadius: {value: 1.5},
              stroke: {value: theme.color("line")},
              strokeWidth: {value: 0.5},
              tooltip: {field: "tip"},
            },
            hover: {stroke: {value: theme.color("text")}, strokeWidth: {value: 1.5}},
          },
        },
      ],
    };
  }
}

async function startInstant(box, gigablocks, timeline, choice) {
  const pageblocks = await Pageblocks.load();
  if (!pageblocks) return;
  const view = new InstantView(pageblocks, gigablocks.ids, timeline, choice);
  box.append(view.node);
  await view.start();
}
