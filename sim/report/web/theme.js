// SPDX-License-Identifier: GPL-2.0-or-later
// Light and dark: colours stand in style.css, pictures read them when they are drawn.
"use strict";

const theme = {
  listeners: [],
  /** Calls @listener at every change; gives a function that ends that. */
  onChange(listener) {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  },

  color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  },
  rgb(name) {
    return [1, 3, 5].map((i) => parseInt(this.color(name).slice(i, i + 2), 16));
  },

  set(name) {
    document.documentElement.dataset.theme = name;
    document.getElementById("theme").textContent = name === "dark" ? "☀ light" : "☾ dark";
    for (const listener of this.listeners) listener();
  },

  start() {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => this.set(system.matches ? "dark" : "light");
    system.addEventListener("change", follow);
    document.getElementById("theme").addEventListener("click", () => {
      this.set(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    });
    follow();
  },

  /** Vega's own configuration in the present colours. */
  vega() {
    const text = this.color("text"),
      quiet = this.color("quiet");
    const font = 'system-ui, "DejaVu Sans", sans-serif';
    return {
      background: null,
      axis: {
        labelColor: quiet,
        titleColor: quiet,
        domainColor: this.color("line"),
        tickColor: this.color("line"),
        gridColor: this.color("grid"),
        labelFont: font,
        titleFont: font,
        labelFontSize: 11,
        titleFontSize: 11,
        titleFontWeight: "normal",
      },
      text: {fill: text, font},
      title: {color: text, font},
    };
  },
};

function mix(parts) {
  const total = parts.reduce((sum, [, weight]) => sum + weight, 0) || 1;
  return [0, 1, 2].map((k) => parts.reduce((sum, [color, weight]) => sum + color[k] * weight, 0) / total);
}

/** [r, g, b] of a colour in a key, at present: a variable of style.css, or a share of --c0 in --free. */
function keyColor(color) {
  const share = Number(/(\d+)%/.exec(color)?.[1]);
  return share
    ? mix([
        [theme.rgb("c0"), share],
        [theme.rgb("free"), 100 - share],
      ])
    : theme.rgb(color);
}

theme.start();
