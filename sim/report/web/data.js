// SPDX-License-Identifier: GPL-2.0-or-later
// The page's data: zlib streams in base64, one a line, in <script data-part=NAME>.
"use strict";

function pieces(name) {
  const element = document.querySelector(`script[data-part="${name}"]`);
  return element ? element.textContent.trim().split("\n").filter(Boolean) : [];
}

async function unpack(piece) {
  const packed = await fetch(`data:application/octet-stream;base64,${piece}`); // decodes faster than atob
  return new Uint8Array(await new Response(packed.body.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
}

async function partText(name) {
  const [piece] = pieces(name);
  return piece ? new TextDecoder().decode(await unpack(piece)) : "";
}

/** What a gigablock of this page is; texts that say "{gigablock}" get it from sized(). */
let gigablockSize = "1 GiB";

async function readGigablockSize() {
  gigablockSize = (await partText("gigablock_size")) || gigablockSize;
}

function sized(text) {
  return text.replaceAll("{gigablock}", gigablockSize);
}

async function partJson(name) {
  const text = await partText(name);
  return text ? JSON.parse(text) : null;
}

/** Fields of one CSV line; quotes only where they are needed. */
function csvFields(line) {
  if (!line.includes('"')) return line.split(",");
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted !== undefined ? quoted.replaceAll('""', '"') : plain,
  );
}

/** Text of a CSV file as {columns, rows}, fields as strings. */
function parseCsv(text) {
  const [head, ...lines] = text.split("\n").filter(Boolean);
  return {columns: head ? csvFields(head) : [], rows: lines.map(csvFields)};
}

/** A CSV file of numbers, by column: {names, time, get(name)}. */
class Series {
  constructor(text) {
    const [head, ...lines] = text.split("\n").filter(Boolean);
    const columns = head ? head.split(",") : [];
    const values = columns.map(() => new Float64Array(lines.length));
    lines.forEach((line, row) =>
      line.split(",").forEach((field, i) => {
        values[i][row] = Number(field);
      }),
    );
    this.names = columns.filter((name) => name !== "time_s");
    this.values = new Map(columns.map((name, i) => [name, values[i]]));
    this.time = this.values.get("time_s") ?? new Float64Array();
  }

  has(name) {
    return this.values.has(name);
  }
  get(name) {
    return this.values.get(name) ?? new Float64Array(this.time.length);
  }

  /** Change of a counter a second, between each sample and the one before. */
  rate(name) {
    const values = this.get(name);
    return values.map((value, i) => (i === 0 ? 0 : (value - values[i - 1]) / (this.time[i] - this.time[i - 1] || 1)));
  }
}

/** Every leaf of a JSON value as [path, value]. */
function leaves(value, path = "") {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

/** Scalars of gbsim's own scenario.yaml (block maps, lists left as they are) as [path, text]. */
function yamlLeaves(text) {
  const path = [],
    result = [];
  for (const line of text.split("\n")) {
    const match = /^( *)(- )?([\w.\/-]+):(?: (.*))?$/.exec(line);
    if (!match) continue;
    const depth = (match[1].length + (match[2] ? 2 : 0)) / 2;
    path.length = depth;
    path[depth] = match[3];
    if (match[4]) result.push([path.filter(Boolean).join("."), match[4]]);
  }
  return result;
}

/** Index of the last of sorted @times that is not after @t; the first if all are. */
function indexAt(times, t) {
  let low = 0,
    high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

const kShort = new Intl.NumberFormat("en", {notation: "compact", maximumFractionDigits: 1});
const kWhole = new Intl.NumberFormat("en", {maximumSignificantDigits: 6});
const kThree = new Intl.NumberFormat("en", {maximumSignificantDigits: 3});

const format = {
  number(value) {
    if (!Number.isFinite(value)) return "";
    const size = Math.abs(value);
    return (size >= 1e4 ? kShort : size >= 1000 ? kWhole : kThree).format(value);
  },
  time(s) {
    const whole = Math.round(s),
      two = (n) => String(n).padStart(2, "0");
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  },
  /** A tick's time, with seconds where ticks stand closer than a minute. */
  clock(s, step) {
    const text = format.time(s);
    return step < 60 ? text : text.slice(0, -3);
  },
  ns(value) {
    for (const [unit, size] of [
      ["s", 1e9],
      ["ms", 1e6],
      ["µs", 1e3],
    ]) {
      if (value >= size) return `${format.number(value / size)} ${unit}`;
    }
    return `${format.number(value)} ns`;
  },
};

/** An element: element("div.card", {title: "x"}, children...). */
function element(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
