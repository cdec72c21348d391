// SPDX-License-Identifier: GPL-2.0-or-later
// A table that sorts by a click on a column and filters as one types.
"use strict";

function numeric(text) {
  return text !== "" && Number.isFinite(Number(text));
}

function compareFields(a, b) {
  if (numeric(a) && numeric(b)) return Number(a) - Number(b);
  if (numeric(a) !== numeric(b)) return numeric(a) ? -1 : 1;
  return a.localeCompare(b, "en", {numeric: true});
}

/** A number without digits that nobody reads; the cell's title has them all. */
function rounded(field) {
  return /\.\d{7}|e-/.test(field) ? String(Number(Number(field).toPrecision(6))) : field;
}

class Table {
  /** @rows of strings; @onChoose(row) when a row is clicked. */
  constructor(columns, rows, {onChoose, label = "table"} = {}) {
    this.rows = rows.map((row) => row.map((field) => String(field ?? "")));
    this.order = null;
    this.onChoose = onChoose;
    this.chosen = null;
    this.body = element("tbody");
    this.numbers = columns.map((_, i) => this.rows.every((row) => row[i] === "" || numeric(row[i])));
    this.heads = columns.map((name, i) => this.head(name, i));
    this.filter = element("input", {type: "search", placeholder: "filter", "aria-label": `filter ${label}`});
    this.filter.addEventListener("input", () => this.draw());
    this.count = element("span");
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...this.heads)), this.body);
    this.node = element(
      "div",
      {"data-table": label},
      element("div.tools", {}, this.filter, this.count),
      element("div.table-box", {}, table),
    );
    this.draw();
  }

  head(name, column) {
    const node = element(this.numbers[column] ? "th.number" : "th", {scope: "col"}, name);
    node.addEventListener("click", () => this.sort(column));
    return node;
  }

  sort(column) {
    const up = !(this.order?.column === column && this.order.up);
    this.order = {column, up};
    this.heads.forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", up ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    this.draw();
  }

  choose(test) {
    this.chosen = test;
    this.draw();
  }

  visible() {
    const wanted = this.filter.value.toLowerCase();
    const rows = this.rows.filter((row) => row.some((field) => field.toLowerCase().includes(wanted)));
    if (!this.order) return rows;
    const {column, up} = this.order;
    return rows.sort((a, b) => (up ? 1 : -1) * compareFields(a[column], b[column]));
  }

  draw() {
    const rows = this.visible();
    this.count.textContent = `${rows.length} of ${this.rows.length}`;
    this.body.replaceChildren(...rows.slice(0, 2000).map((row) => this.line(row)));
  }

  line(row) {
    const node = element(
      "tr",
      {},
      ...row.map((field, i) =>
        this.numbers[i] ? element("td.number", {title: field}, rounded(field)) : element("td", {}, field),
      ),
    );
    if (this.chosen?.(row)) node.className = "chosen";
    if (this.onChoose) node.addEventListener("click", () => this.onChoose(row));
    return node;
  }
}
