// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/trace_files.h"

namespace gbsim::cli {

TraceDetail TraceWish::detail() const {
  if (ftrace && events.wants_frequent()) {
    return TraceDetail::frequent;
  }
  return ftrace || perfetto ? TraceDetail::rare : TraceDetail::none;
}

TraceFiles::TraceFiles(const TraceWish& wish, const std::filesystem::path& dir, const Scenario& scenario) {
  const TraceBudget budget(wish.limit, scenario.duration);
  if (wish.ftrace) {
    ftrace_ = std::make_unique<FtraceWriter>(dir / "trace.txt", scenario.machine.cpus, budget, wish.events);
  }
  if (wish.perfetto) {
    perfetto_ = std::make_unique<PerfettoWriter>(dir / "trace.json", scenario.machine.cpus, budget);
  }
}

void TraceFiles::record(const TraceRecord& record) {
  if (ftrace_) {
    ftrace_->record(record);
  }
  if (perfetto_) {
    perfetto_->record(record);
  }
}

void TraceFiles::sample(const Sample& sample) {
  if (ftrace_) {
    ftrace_->flush();
  }
  if (perfetto_) {
    perfetto_->sample(sample);
  }
}

void TraceFiles::event(const RunEvent& event) {
  if (perfetto_) {
    perfetto_->event(event);
  }
}

void TraceFiles::finish(Ns end) {
  if (ftrace_) {
    ftrace_->flush();
  }
  if (perfetto_) {
    perfetto_->finish(end);
  }
}

}  // namespace gbsim::cli
