// SPDX-License-Identifier: GPL-2.0-or-later
// Debian ships Vega as CommonJS modules: each is a function here, run when it is first required.
"use strict";
const vegaModules = {};
const vegaLoaded = {};

function vegaRequire(name) {
  const key = name === "vega-selections" ? "vega-selection" : name; // the package's own name for it
  if (!(key in vegaLoaded)) {
    const module = {exports: (vegaLoaded[key] = {})};
    if (key in vegaModules) {
      // geography is not used and not carried
      vegaModules[key](module.exports, module, vegaRequire);
    }
  }
  return vegaLoaded[key];
}
