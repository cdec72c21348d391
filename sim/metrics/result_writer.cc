// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/result_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/metrics/csv_tables.h"
#include "sim/metrics/proc_format.h"
#include "sim/metrics/timeseries.h"

namespace gbsim {
namespace {

bool is_tainted(const GigablockSample& gigablock) {
  return gigablock.whole && gigablock.state == GigablockState::tainted;
}

std::string composition(const GigablockSample& g) {
  return fmt::format("free {} movable {} unmovable {} reclaimable {}", g.free, g.movable, g.unmovable, g.reclaimable);
}

}  // namespace

ResultWriter::ResultWriter(std::filesystem::path dir, RunIdentity run, std::string_view scenario_yaml)
    : dir_(std::move(dir)),
      run_(std::move(run)),
      gigablocks_(dir_ / "gigablocks.csv", kGigablocksHeader),
      pageblocks_(dir_ / "pageblocks.bin"),
      events_(dir_ / "events.csv", kEventsHeader),
      buddyinfo_(dir_ / "buddyinfo.txt"),
      pagetypeinfo_(dir_ / "pagetypeinfo.txt") {
  write_atomically(dir_ / "scenario.yaml", scenario_yaml);
}

void ResultWriter::begin(const Sample& sample) {
  vmstat_.emplace(dir_ / "vmstat.csv", vmstat_line(sample, CsvLine::Mode::header));
  timeseries_.emplace(dir_ / "timeseries.csv", timeseries_line(sample, CsvLine::Mode::header));  // last: all is there
}

void ResultWriter::sample(const Sample& sample) {
  if (!timeseries_) {
    begin(sample);
  }
  if (!last_) {
    snapshot(sample);
  }
  timeseries_->append(timeseries_line(sample, CsvLine::Mode::values));
  vmstat_->append(vmstat_line(sample, CsvLine::Mode::values));
  gigablocks_.append(gigablock_lines(sample));
  pageblocks_.append(sample.time, sample.blocks);
  note_changes(sample);
  last_ = sample;
}

void ResultWriter::note_changes(const Sample& sample) {
  changes_.tainted_peak = std::max(changes_.tainted_peak, sample.gigablocks_in(GigablockState::tainted));
  if (!last_) {
    changes_.tainted_begin = changes_.tainted_peak;
  }
  const StrandedMemory stranded = stranded_memory(sample.gigablocks);
  changes_.most_without_reclaimable = std::max(changes_.most_without_reclaimable, stranded.most_without_reclaimable);
  changes_.most_movable_only = std::max(changes_.most_movable_only, stranded.most_movable_only);
  note_taints(sample);
}

void ResultWriter::note_taints(const Sample& sample) {
  const std::uint64_t before = changes_.became_tainted;
  const std::size_t known = last_ ? last_->gigablocks.size() : 0;
  for (std::size_t i = 0; i < known; ++i) {
    const GigablockSample& now = sample.gigablocks[i];
    if (is_tainted(now) == is_tainted(last_->gigablocks[i])) {
      continue;
    }
    ++(is_tainted(now) ? changes_.became_tainted : changes_.became_clean);
    event(RunEvent{.time = sample.time,
                   .event = is_tainted(now) ? "taint" : "untaint",
                   .gigablock = now.id,
                   .detail = composition(now)});
  }
  if (changes_.became_tainted != before) {
    changes_.before_taint = stranded_memory(last_->gigablocks);
  }
}

void ResultWriter::event(const RunEvent& event) {
  events_.append(event_line(event));
}

void ResultWriter::snapshot(const Sample& sample) {
  const std::string head = fmt::format("# time_s {}\n", format_seconds(sample.time));
  buddyinfo_.append(head + buddyinfo(sample.zones));
  pagetypeinfo_.append(head + pagetypeinfo(sample.zones));
  last_snapshot_ = sample.time;
}

void ResultWriter::latency(std::span<const LatencyRow> rows) {
  write_atomically(dir_ / "latency.csv", latency_csv(rows));
}

void ResultWriter::finish(const RunEnding& ending) {
  if (last_ && last_snapshot_ != last_->time) {
    snapshot(*last_);
  }
  latency(ending.latency);
  write_atomically(dir_ / "summary.json", summary_json(run_, last_.value_or(Sample{}), changes_, ending));
}

}  // namespace gbsim
