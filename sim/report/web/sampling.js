// SPDX-License-Identifier: GPL-2.0-or-later
// Which samples a picture draws: no more than it has pixels for, and every peak.
"use strict";

const kLineBuckets = 240,
  kStackBuckets = 100; // a bucket keeps the least and greatest value of each line

/** First and last index of sorted @times within a span, and one beyond on either side: lines leave the picture. */
function visible(times, [start, end]) {
  return [Math.max(0, indexAt(times, start)), Math.min(times.length - 1, indexAt(times, end) + 1)];
}

/** Sorted indices from @first to @last: all, or where one of @lines is least and greatest in each of @buckets. */
function extremes(lines, first, last, buckets) {
  const count = last - first + 1;
  if (count <= 2 * buckets) return Array.from({length: count}, (_, i) => first + i);
  const kept = new Set([first, last]);
  for (let bucket = 0; bucket < buckets; ++bucket) {
    const from = first + Math.floor((count * bucket) / buckets),
      to = first + Math.floor((count * (bucket + 1)) / buckets);
    for (const {values} of lines) {
      let least = from,
        most = from;
      for (let i = from + 1; i < to; ++i) {
        if (values[i] < values[least]) least = i;
        if (values[i] > values[most]) most = i;
      }
      kept.add(least).add(most);
    }
  }
  return [...kept].sort((a, b) => a - b);
}

/** The part of a figure in @domain as rows of a Vega data set: {t, name, low, high}; a stack's sums are from below. */
function figureRows({time, lines, stacked}, domain) {
  if (!time.length) return [];
  const [first, last] = visible(time, domain);
  if (!stacked) {
    return lines.flatMap((one) =>
      extremes([one], first, last, kLineBuckets).map((i) => ({
        t: time[i],
        name: one.name,
        low: 0,
        high: one.values[i],
      })),
    );
  }
  const indices = extremes(lines, first, last, kStackBuckets),
    below = new Float64Array(indices.length);
  return lines.flatMap(({name, values}) =>
    indices.map((i, k) => {
      const low = below[k];
      below[k] += values[i];
      return {t: time[i], name, low, high: below[k]};
    }),
  );
}

/** What the y axis of such @rows spans: zero always, and something above a flat line on it. */
function rowSpan(rows) {
  let low = 0,
    high = 0;
  for (const row of rows) {
    if (row.high < low) low = row.high;
    if (row.high > high) high = row.high;
  }
  return [low, high > low ? high : 1];
}
