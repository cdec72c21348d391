// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/run_observer.h"
#include "sim/metrics/trace_record.h"
#include "sim/mm/memory.h"

namespace gbsim {

/**
 * Gives tracepoints a time, a CPU and a task, and hands them to the observer in order of time. Who runs is ahead of
 * the clock by what it has spent since it began, so records wait until the clock has reached them.
 */
class Tracer : public TracepointSink, public TraceSink {
 public:
  /** Tells what a CPU runs just now: the comm of workloads. */
  using Comm = std::function<std::string_view()>;

  /**
   * Listens to @memory from now on, @frequent: to what happens at every allocation too. Nothing before @from since boot
   * is passed on; times count from there.
   */
  Tracer(Memory& memory, RunObserver& observer, Ns from, Comm workload, bool frequent);
  ~Tracer() override;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /** The kernel thread @comm does a unit of work on @cpu from now on, paying with the current meter. */
  void daemon_runs(std::string_view comm, CpuId cpu);
  /** Workloads run on @cpu from now on. */
  void workloads_run(CpuId cpu);
  /** Who was running has finished, and was busy for @beside longer, such as with what daemons left to the CPU. */
  void ran(Ns beside = Ns{0});
  /** Passes on what the clock has reached. */
  void flush();
  /** Passes on everything. */
  void finish();

  void tracepoint(Tracepoint point) override;

  void zone_locked(Pfn pfn, Order order, Migratetype type, bool refill) override;
  void pcpu_drain(Pfn pfn, Order order, Migratetype type) override;
  void extfrag(const ExtfragEvent&) override {}  // a tracepoint tells more
  void page_freed(Pfn pfn, Order order) override;
  void pageblock_tainted(Pfn start, Migratetype type, bool holds, bool first_or_last) override;

 private:
  struct Pending {
    TraceRecord record;
    std::uint64_t sequence;

    bool operator<(const Pending& other) const {
      return record.time != other.record.time ? record.time > other.record.time : sequence > other.sequence;
    }
  };

  Ns now() const { return started_ + (memory_.meter().spent() - spent_before_); }
  TraceTask task();
  unsigned pid_of(const std::string& comm);
  void begin(CpuId cpu);
  void push(Ns time, std::uint64_t sequence, std::variant<Tracepoint, TraceRan> what);
  void pass_on(Ns until);

  Memory& memory_;
  RunObserver& observer_;
  Ns from_;
  Comm workload_;
  std::string daemon_;  // empty while workloads run
  CpuId cpu_{};
  Ns started_{0};
  Ns spent_before_{0};
  std::vector<std::string> comms_;  // pids are places in it
  std::priority_queue<Pending> pending_;
  std::uint64_t sequence_ = 0;
  std::uint64_t run_sequence_ = 0;  // of whoever runs: its TraceRan comes before what it did
};

}  // namespace gbsim
