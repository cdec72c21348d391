// SPDX-License-Identifier: GPL-2.0-or-later
// What every page is made of: sections with a link at the top, tiles, cards.
"use strict";

function section(id, title, note, ...children) {
  document.getElementById("sections").append(element("a", {href: `#${id}`}, title));
  const node = element("section", {id}, element("h2", {}, title, element("small", {}, note)), ...children);
  document.getElementById("main").append(node);
  return node;
}

/** Small cards of [name, value]; a value that would not fit is set smaller. */
function tileRow(tiles) {
  const kMostLetters = 8;
  const size = (value) => (String(value).length > kMostLetters ? "b.long" : "b");
  return element(
    "div.tiles",
    {},
    ...tiles.map(([name, value]) =>
      element("div.card.tile", {}, element(size(value), {}, String(value)), element("span", {}, name)),
    ),
  );
}

function card(title, ...children) {
  return element("div.card", {}, element("h3", {}, title), ...children);
}

/** A labelled choice among @options; @onChange(option). */
function chooser(label, options, chosen, onChange) {
  const select = element("select", {"aria-label": label}, ...options.map((option) => element("option", {}, option)));
  select.value = chosen;
  select.addEventListener("change", () => onChange(select.value));
  return element("label", {}, `${label} `, select);
}

/** Marks the page as drawn, with the milliseconds that took since it was opened. */
function sayReady() {
  requestAnimationFrame(() => {
    document.documentElement.dataset.ready = Math.round(performance.now());
  });
}
