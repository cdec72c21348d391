// SPDX-License-Identifier: GPL-2.0-or-later
// Ways to colour a pageblock by its code in pageblocks.bin.
"use strict";

const kFills = ["empty", "up to 1/4", "up to 1/2", "up to 3/4", "nearly full", "full", "boot memory", "no memory"];
const kLabels = ["unmovable", "movable", "reclaimable", "other"];
const kHoles = 7,
  kBoot = 6;
const kNothing = kHoles; // code of a place without a pageblock
const kNoPages = [
  ["boot memory", "boot"],
  ["no memory", "hole"],
]; // last of every key

/** Share of the full colour of a pageblock this full, the rest is that of free memory. */
const kShade = [1, 0.48, 0.61, 0.74, 0.87, 1];

/** Name, key and kind(code): which entry of the key a code is; shaded: paler where a pageblock is less full. */
const kPageblockColors = {
  holds: {
    label: "what it holds",
    shaded: true,
    key: [
      ["free", "free"],
      ["movable", "movable"],
      ["unmovable", "unmovable"],
      ["reclaimable", "reclaimable"],
      ["several kinds", "mixed"],
      ...kNoPages,
    ],
    kind: (code) => [0, 1, 2, 4, 3, 4, 4, 4][(code >> 3) & 7],
  },
  label: {
    label: "its migratetype",
    shaded: false,
    key: [
      ["unmovable", "unmovable"],
      ["movable", "movable"],
      ["reclaimable", "reclaimable"],
      ["other", "mixed"],
      ...kNoPages,
    ],
    kind: (code) => code >> 6,
  },
  fill: {
    label: "how full it is",
    shaded: false,
    key: [
      ...kFills
        .slice(0, 6)
        .map((name, fill) => [name, fill ? `color-mix(in srgb, var(--c0) ${fill * 20}%, var(--free))` : "free"]),
      ...kNoPages,
    ],
    kind: (code) => code & 7,
  },
};

/** Which entry of the key of @way a code is. */
function pageblockKind(way, code) {
  const fill = code & 7;
  return fill >= kBoot ? way.key.length - (fill === kHoles ? 1 : 2) : way.kind(code);
}

/** Colours of all 256 codes in the present theme. */
function pageblockColors(way) {
  const colors = way.key.map(([, color]) => keyColor(color)),
    free = theme.rgb("free");
  return Array.from({length: 256}, (_, code) => {
    const weight = way.shaded ? (kShade[code & 7] ?? 1) : 1;
    return mix([
      [colors[pageblockKind(way, code)], weight],
      [free, 1 - weight],
    ]);
  });
}
