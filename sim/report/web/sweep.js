// SPDX-License-Identifier: GPL-2.0-or-later
// The page of a sweep: Pareto front, a point that was opened, responses, tables.
"use strict";

/** The files of a sweep as points: {id, setting, metrics: {NAME: {median, low, high, ...}}, front}. */
class SweepData {
  constructor(index, aggregate, pareto) {
    this.index = index;
    this.keys = aggregate.columns.slice(1, aggregate.columns.indexOf("metric"));
    this.metrics = [...new Set(aggregate.rows.map((row) => row[this.keys.length + 1]))];
    this.front = new Set(pareto.rows.map((row) => row[1]));
    this.objectives = pareto.columns.slice(2 + this.keys.length);
    this.points = new Map();
    for (const row of aggregate.rows) this.add(row, aggregate.columns);
  }

  add(row, columns) {
    const [id] = row,
      at = this.keys.length + 1;
    if (!this.points.has(id)) {
      this.points.set(id, {id, front: this.front.has(id), setting: row.slice(1, at), metrics: {}});
    }
    const measured = Object.fromEntries(columns.slice(at + 1).map((name, i) => [name, row[at + 1 + i]]));
    if (measured.median !== "") this.points.get(id).metrics[row[at]] = measured;
  }

  list() {
    return [...this.points.values()];
  }
  key(point, name) {
    return point.setting[this.keys.indexOf(name)];
  }
  runs(id) {
    return this.index.rows.filter((row) => row[0] === id);
  }
}

/** Pareto front or any two metrics against each other, coloured by a key. */
class FrontView {
  constructor(data, onChoose) {
    const {metrics, objectives, keys} = data;
    Object.assign(this, {
      data,
      onChoose,
      x: objectives[1] ?? metrics[1] ?? metrics[0],
      y: objectives[0] ?? metrics[0],
      by: keys[0],
      chosen: null,
    });
    const again = (name) => (value) => {
      this[name] = value;
      this.draw();
    };
    this.box = element("div");
    this.node = element(
      "div.card",
      {id: "pareto-chart"},
      element(
        "div.tools",
        {},
        chooser("across", metrics, this.x, again("x")),
        chooser("up", metrics, this.y, again("y")),
        chooser("colour by", keys, this.by, again("by")),
      ),
      this.box,
    );
  }

  points() {
    const {data, x, y, by} = this;
    return data
      .list()
      .filter(({metrics}) => metrics[x] && metrics[y])
      .map((point) => {
        const mx = point.metrics[x],
          my = point.metrics[y];
        const tip = Object.fromEntries([
          ["point", point.id + (point.front ? ", on the front" : "")],
          ...data.keys.map((key, i) => [key, point.setting[i]]),
          [x, format.number(Number(mx.median))],
          [y, format.number(Number(my.median))],
        ]);
        return {
          id: point.id,
          front: point.front,
          color: data.key(point, by),
          tip,
          x: Number(mx.median),
          y: Number(my.median),
          xLow: Number(mx.median_low95),
          xHigh: Number(mx.median_high95),
          yLow: Number(my.median_low95),
          yHigh: Number(my.median_high95),
        };
      });
  }

  draw() {
    this.scatter?.picture.release();
    const points = this.points();
    this.scatter = new Scatter(points, {
      xTitle: this.x,
      yTitle: this.y,
      colorTitle: this.by,
      height: 420,
      colors: sortedValues(points.map(({color}) => color)),
      frontLine: this.showsFront(),
      onChoose: this.onChoose,
    });
    this.box.replaceChildren(this.scatter.node);
    this.scatter.start();
    if (this.chosen) this.scatter.choose(this.chosen);
  }

  /** Whether the picture has all objectives: the front is a line only then. */
  showsFront() {
    const {objectives} = this.data;
    return objectives.length === 2 && objectives.every((name) => name === this.x || name === this.y);
  }

  choose(id) {
    this.chosen = id;
    this.scatter.choose(id);
  }
}

/** What a chosen point was, gave, and how its runs went. */
class PointPanel {
  constructor(data, runs) {
    Object.assign(this, {data, runs, head: element("div.cards"), overlay: new OverlayPanel()});
    this.node = element("div", {id: "opened"}, this.head, this.overlay.node);
  }

  async open(id) {
    const point = this.data.points.get(id);
    this.node.dataset.point = id;
    const rows = Object.entries(point.metrics).map(([name, m]) => [
      name,
      ...[m.median, m.median_low95, m.median_high95, m.min, m.max].map((value) => Number(Number(value).toPrecision(5))),
      m.runs,
    ]);
    this.head.replaceChildren(
      card(
        `Point ${id}${point.front ? ", on the Pareto front" : ""}`,
        new Table(
          ["key", "value"],
          this.data.keys.map((key, i) => [key, point.setting[i]]),
          {label: "setting"},
        ).node,
      ),
      card(
        "Metrics over seeds",
        new Table(["metric", "median", "low 95 %", "high 95 %", "min", "max", "runs"], rows, {label: "metrics"}).node,
      ),
      card("Runs", this.links(id)),
    );
    const carried = this.runs.of(id).slice(0, kPalette.length);
    await this.overlay.show(
      this.runs,
      carried.map((run) => ({name: `seed ${run.seed}`, run})),
    );
    this.node.dataset.shown = id;
  }

  /** Each run's outcome, with a link to its own page where there is one, else to its directory. */
  links(id) {
    const outcome = this.data.index.columns.indexOf("outcome");
    return element(
      "ul",
      {},
      ...this.data.runs(id).map((row) => {
        const run = this.runs.of(id).find(({seed}) => seed === row[1]);
        const href = run?.page ? `${run.dir}/report.html` : `points/${id}/${row[1]}/`;
        return element("li", {}, element("a", {href}, `seed ${row[1]}`), ` ${row[outcome]} ${row[outcome + 1] ?? ""}`);
      }),
    );
  }
}

/** One metric against each key, a card a key, coloured by one key; a line through the means of all points. */
class ResponseView {
  constructor(data, onChoose) {
    const {metrics, objectives, keys} = data;
    Object.assign(this, {data, onChoose, metric: objectives[0] ?? metrics[0], by: keys[0], scatters: []});
    const again = (name) => (value) => {
      this[name] = value;
      this.draw();
    };
    this.key = element("div.key");
    this.box = element("div.cards.narrow");
    this.node = element(
      "div",
      {},
      element(
        "div.tools",
        {},
        chooser("metric", metrics, this.metric, again("metric")),
        chooser("colour by", keys, this.by, again("by")),
        this.key,
      ),
      this.box,
    );
  }

  draw() {
    for (const {picture} of this.scatters) picture.release();
    const colors = sortedValues(this.data.list().map((point) => this.data.key(point, this.by)));
    this.key.replaceChildren(...valueKey(colors));
    this.scatters = this.data.keys.map((key) => this.one(key, colors));
    this.box.replaceChildren(...this.scatters.map(({node}, i) => card(this.data.keys[i], node)));
    for (const scatter of this.scatters) scatter.start();
  }

  points(key) {
    return this.data
      .list()
      .filter(({metrics}) => metrics[this.metric])
      .map((point) => {
        const m = point.metrics[this.metric],
          x = this.data.key(point, key);
        return {
          id: point.id,
          x: numeric(x) ? Number(x) : x,
          y: Number(m.median),
          yLow: Number(m.median_low95),
          yHigh: Number(m.median_high95),
          color: this.data.key(point, this.by),
          tip: Object.fromEntries([
            ["point", point.id],
            ...this.data.keys.map((name, i) => [name, point.setting[i]]),
            [this.metric, format.number(Number(m.median))],
          ]),
        };
      });
  }

  one(key, colors) {
    const points = this.points(key),
      values = sortedValues(points.map(({x}) => x));
    const means = values.map((x) => {
      const there = points.filter((point) => point.x === x);
      return {x, y: there.reduce((sum, {y}) => sum + y, 0) / there.length};
    });
    const log = values.every(numeric) && Math.max(...values) > 20 * Math.min(...values);
    return new Scatter(points, {
      yTitle: this.metric,
      height: 220,
      bottom: 26,
      log,
      colors,
      means,
      onChoose: this.onChoose,
    });
  }
}

function sweepOverview(data) {
  const outcome = data.index.columns.indexOf("outcome");
  const completed = data.index.rows.filter((row) => row[outcome] === "completed").length;
  section(
    "overview",
    "Overview",
    "",
    tileRow([
      ["points", data.points.size],
      ["runs", data.index.rows.length],
      ["completed", completed],
      ["without results", data.index.rows.length - completed],
      ["on the Pareto front", data.front.size],
      ["keys varied", data.keys.length],
    ]),
  );
}

function pointsTable(data, onChoose) {
  const rows = data
    .list()
    .map((point) => [
      point.id,
      point.front ? "front" : "",
      ...point.setting,
      ...data.metrics.map((name) => point.metrics[name]?.median ?? ""),
    ]);
  return new Table(["point", "Pareto", ...data.keys, ...data.metrics], rows, {
    label: "points",
    onChoose: ([id]) => onChoose(id),
  });
}

async function main() {
  await readGigablockSize();
  const [index, aggregate, pareto] = (
    await Promise.all(["index.csv", "aggregate.csv", "pareto.csv"].map(partText))
  ).map(parseCsv);
  const [sweepText, baseText] = await Promise.all(["sweep.yaml", "base.yaml"].map(partText));
  const data = new SweepData(index, aggregate, pareto),
    runs = await Runs.load();
  document.getElementById("title").textContent = document.title;
  const open = async (id) => {
    front.choose(id);
    table.choose(([row]) => row === id);
    await panel.open(id);
  };
  const choose = (id) =>
    open(id).then(() => {
      location.hash = `point=${id}`;
    });
  const front = new FrontView(data, choose),
    panel = new PointPanel(data, runs),
    responses = new ResponseView(data, choose);
  const table = pointsTable(data, choose);
  sweepOverview(data);
  section("front", "Pareto front", "medians with 95 % intervals; a click opens the point", front.node);
  section("point", "Point", "what was opened above, its runs over each other", panel.node);
  section(
    "responses",
    "Responses",
    "each point's median against each key; the line is the mean of all points",
    responses.node,
  );
  section(
    "tables",
    "Tables",
    "click a column to sort, a row to open the point",
    card("points", table.node),
    card("index.csv", new Table(index.columns, index.rows, {label: "runs"}).node),
    element("details", {}, element("summary", {}, "sweep.yaml"), element("pre", {}, sweepText)),
    element("details", {}, element("summary", {}, "base.yaml"), element("pre", {}, baseText)),
  );
  front.draw();
  responses.draw();
  const wanted = /point=(.*)/.exec(location.hash)?.[1];
  const first = data.points.has(wanted) ? wanted : ([...data.front][0] ?? data.list()[0]?.id);
  if (first !== undefined) await open(first);
  sayReady();
}

main();
