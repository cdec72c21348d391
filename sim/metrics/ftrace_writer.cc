// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/ftrace_writer.h"

#include <fmt/format.h>

#include <utility>

#include "sim/metrics/trace_text.h"

namespace gbsim {

FtraceWriter::FtraceWriter(const std::filesystem::path& path, unsigned nr_cpus, TraceBudget budget, TraceFilter filter)
    : file_(path), budget_(budget), filter_(std::move(filter)), dropped_(nr_cpus, 0) {
  file_.add(fmt::format("cpus={}\n", nr_cpus));
}

void FtraceWriter::record(const TraceRecord& record) {
  const Tracepoint* point = std::get_if<Tracepoint>(&record.what);
  const TraceText text = point != nullptr ? trace_text(*point) : TraceText{};
  if (text.event.empty() || !filter_.wants(text.event)) {
    return;
  }
  const std::int64_t microseconds = record.time.count() / 1000;
  std::uint64_t& dropped = dropped_[record.cpu.value];
  std::string line = dropped != 0 ? fmt::format("CPU:{} [{} EVENTS DROPPED]\n", record.cpu.value, dropped) : "";
  line += fmt::format("{:>16}-{:<5} [{:03}] {:5}.{:06}: {:<21} {}\n", record.task.comm, record.task.pid,
                      record.cpu.value, microseconds / 1'000'000, microseconds % 1'000'000,
                      fmt::format("{}:", text.event), text.fields);
  if (!budget_.spend(record.time, line.size())) {
    ++dropped;
    return;
  }
  dropped = 0;
  file_.add(line);
}

}  // namespace gbsim
