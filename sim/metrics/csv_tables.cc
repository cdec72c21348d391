// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/csv_tables.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace gbsim {
namespace {

template <class T>
std::string or_empty(const std::optional<T>& value, auto&& number) {
  return value ? fmt::format("{}", number(*value)) : std::string();
}

}  // namespace

std::string vmstat_line(const Sample& sample, CsvLine::Mode mode) {
  CsvLine line(mode);
  line.add_seconds("time_s", sample.time);
  for (const VmstatValue& each : sample.counters.vmstat) {
    line.add(each.name, each.value);
  }
  return std::move(line).finish();
}

std::string gigablock_lines(const Sample& sample) {
  const std::string time = format_seconds(sample.time);
  std::string lines;
  for (const GigablockSample& g : sample.gigablocks) {
    fmt::format_to(std::back_inserter(lines), "{},{},{},{},{},{},{},{},{}\n", time, g.id.value,
                   g.whole ? name(g.state) : "partial", g.free, g.movable, g.unmovable, g.reclaimable, g.pinned,
                   g.free_pageblocks);
  }
  return lines;
}

std::string event_line(const RunEvent& event) {
  const auto id = [](GigablockId gigablock) { return gigablock.value; };
  const auto same = [](std::uint64_t count) { return count; };
  const auto ns = [](Ns time) { return time.count(); };
  return fmt::format("{},{},{},{},{},{}\n", format_seconds(event.time), csv_field(event.event),
                     or_empty(event.gigablock, id), or_empty(event.pages, same), or_empty(event.duration, ns),
                     csv_field(event.detail));
}

}  // namespace gbsim
