// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/tracer.h"

#include <algorithm>
#include <utility>

namespace gbsim {

namespace {

constexpr std::size_t kCommLength = 15;  // TASK_COMM_LEN without its end
constexpr unsigned kFirstPid = 100;

}  // namespace

Tracer::Tracer(Memory& memory, RunObserver& observer, Ns from, Comm workload, bool frequent)
    : memory_(memory), observer_(observer), from_(from), workload_(std::move(workload)) {
  memory_.set_tracepoints(this, frequent);
  memory_.set_trace(frequent ? this : nullptr);
}

Tracer::~Tracer() {
  memory_.set_tracepoints(nullptr);
  memory_.set_trace(nullptr);
}

unsigned Tracer::pid_of(const std::string& comm) {
  const auto known = std::ranges::find(comms_, comm);
  const auto place = static_cast<unsigned>(known - comms_.begin());
  if (known == comms_.end()) {
    comms_.push_back(comm);
  }
  return kFirstPid + place;
}

TraceTask Tracer::task() {
  TraceTask task;
  task.daemon = !daemon_.empty();
  task.comm = task.daemon ? daemon_ : std::string(workload_());
  task.comm = task.comm.empty() ? "swapper" : task.comm.substr(0, kCommLength);
  task.pid = pid_of(task.comm);
  return task;
}

void Tracer::begin(CpuId cpu) {
  cpu_ = cpu;
  started_ = memory_.clock().now;
  spent_before_ = memory_.meter().spent();
  run_sequence_ = sequence_++;
}

void Tracer::daemon_runs(std::string_view comm, CpuId cpu) {
  daemon_ = comm;
  begin(cpu);
}

void Tracer::workloads_run(CpuId cpu) {
  daemon_.clear();
  begin(cpu);
}

void Tracer::ran(Ns beside) {
  const Ns end = now() + beside;
  if (end > started_) {
    push(started_, run_sequence_, TraceRan{end - from_});
  }
}

void Tracer::tracepoint(Tracepoint point) { push(now(), sequence_++, std::move(point)); }

void Tracer::zone_locked(Pfn pfn, Order order, Migratetype type, bool refill) {
  tracepoint(tracepoint::PageZoneLocked{pfn, order, type, refill});
}

void Tracer::pcpu_drain(Pfn pfn, Order order, Migratetype type) {
  tracepoint(tracepoint::PagePcpuDrain{pfn, order, type});
}

void Tracer::page_freed(Pfn pfn, Order order) { tracepoint(tracepoint::PageFree{pfn, order}); }

void Tracer::pageblock_tainted(Pfn start, Migratetype type, bool holds, bool first_or_last) {
  tracepoint(tracepoint::PageblockTaint{start, type, holds, first_or_last});
}

void Tracer::push(Ns time, std::uint64_t sequence, std::variant<Tracepoint, TraceRan> what) {
  if (time >= from_) {
    pending_.push({TraceRecord{time - from_, cpu_, task(), std::move(what)}, sequence});
  }
}

// Who runs at the clock's very instant may still have more to tell about it.
void Tracer::flush() { pass_on(memory_.clock().now - from_); }

void Tracer::finish() { pass_on(Ns::max()); }

void Tracer::pass_on(Ns until) {
  while (!pending_.empty() && pending_.top().record.time < until) {
    observer_.on_trace(pending_.top().record);
    pending_.pop();
  }
}

}  // namespace gbsim
