// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/clock.h"
#include "sim/base/params.h"
#include "sim/base/types.h"

namespace gbsim {

class Contig;
class Memory;
class PageAllocator;
class Reclaim;
class SlabCaches;

/** What a workload model works on. All references outlive the model. */
struct WorkloadHost {
  Memory& memory;
  PageAllocator& allocator;
  Reclaim& reclaim;      // to register shrinkers, dirty folios, record refaults
  SlabCaches& slabs;     // kmem caches are shared by name between models
  Contig& contig;        // 1 GiB pages
  const Clock& clock;
  std::uint64_t seed;    // of the run; streams add the instance's name
};

/**
 * A model that emits allocations and frees. The engine calls run() for each CPU with consecutive windows of that
 * CPU's own progress; a CPU that stalls gets its next window later, so delayed work is done later, not twice.
 * The model charges Memory::meter() for what it does besides allocating; allocations charge themselves.
 */
class Workload {
 public:
  virtual ~Workload() = default;
  virtual const std::string& name() const = 0;
  /** Before the first window; may allocate what exists from the beginning. */
  virtual void start() {}
  /** All work of @cpu that falls due in [from, to). */
  virtual void run(CpuId cpu, Ns from, Ns to) = 0;
  /** Gives everything back: processes exit, sockets close, files are dropped. No run() follows until start(). */
  virtual void stop() = 0;
  /** Resident pages of the largest process, for the OOM killer; zero if the model has none. */
  virtual NrPages largest_process() const { return NrPages{}; }
  virtual void kill_largest_process() {}
  /**
   * Once per khugepaged wake-up, @pages to scan; only the model that owns anonymous memory does anything. False: a
   * huge page was refused, which ended the scan; khugepaged should rest before it asks again.
   */
  virtual bool khugepaged(NrPages /*pages*/) { return true; }
};

/** A model that YAML can name. */
struct WorkloadModel {
  std::string_view name;
  std::string_view meaning;
  std::span<const ParamSpec> params;
  std::unique_ptr<Workload> (*make)(std::string instance, const Params& params, double scale, WorkloadHost& host);
};

/** Every model, in alphabetical order. */
std::span<const WorkloadModel> workload_models();
const WorkloadModel* find_workload_model(std::string_view name);

}  // namespace gbsim
