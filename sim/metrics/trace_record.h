// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "sim/base/types.h"
#include "sim/mm/tracepoint.h"

namespace gbsim {

/** Who does something: a workload on a CPU, or a kernel thread. */
struct TraceTask {
  std::string comm;       // as the kernel's comm, 15 characters at most
  unsigned pid = 0;       // made up, the same in every run of a scenario
  bool daemon = false;    // a thread of its own, not what a CPU runs
};

/** @task was on a CPU until @end: a kernel thread's unit of work, or what a CPU did in a window. */
struct TraceRan {
  Ns end{0};
};

/** One moment of a run, with who, where and when. Records come in order of time. */
struct TraceRecord {
  Ns time{0};  // since the end of warm-up
  CpuId cpu{};
  TraceTask task;
  std::variant<Tracepoint, TraceRan> what;
};

}  // namespace gbsim
