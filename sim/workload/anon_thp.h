// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/anon_memory.h"
#include "sim/workload/model_base.h"
#include "sim/workload/slab_cache.h"

namespace gbsim {

/** What processes of one sort are like. */
struct ProcessRules {
  Law size;      // bytes it grows to
  Law lifetime;  // ns
};

/** Parameters of the anon-thp model, typed; the keys are those of anon_thp_model().params. */
struct AnonRules {
  explicit AnonRules(const Params& params);

  double services;  // kept alive, before scaling
  ProcessRules service;
  double jobs;      // started a second, before scaling
  ProcessRules job;
  double base_share;
  double madvised_share;
  Ns step;
  std::uint32_t faults_per_step;
  double releases;  // a second and process
  Law release_size;
  double touches;
  double forks;
  double cow_share;
};

/**
 * Processes with anonymous memory: services that live long and keep giving back and growing, jobs that come and go.
 * Each has kernel memory of its own: stack, upper page tables, task, mm and vma objects.
 */
class AnonThp final : public ModelBase {
 public:
  AnonThp(std::string instance, const AnonRules& rules, double scale, WorkloadHost& host);

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;
  NrPages largest_process() const override;
  void kill_largest_process() override;
  bool khugepaged(NrPages pages) override;

  std::size_t nr_processes() const;
  const AnonMemory& anon() const { return anon_; }

 private:
  static constexpr std::size_t kStackPages = 4;   // THREAD_SIZE 16 KiB, vmalloced base pages
  static constexpr std::size_t kUpperTables = 3;  // pgd, pud, pmd
  static constexpr std::size_t kNrObjects = 10;

  enum class Life : std::uint8_t { none, running, doomed };

  struct Filling {
    RangeId range;
    std::uint16_t next;
    std::uint16_t end;
  };
  struct Process {
    Life life = Life::none;
    bool service = false;
    bool busy = false;  // in the middle of its own work: an OOM kill of it takes effect when that ends
    std::uint32_t generation = 0;
    std::uint64_t goal = 0;     // pages it wants mapped
    std::uint64_t mapped = 0;   // pages it has asked for
    Ns exits_at{0};
    std::vector<RangeId> ranges;
    std::vector<Filling> filling;
    std::vector<std::uint32_t> kernel_pages;
    std::vector<std::uint32_t> objects;  // by row of the table of kernel objects, all rows in turn
  };
  /** A process's next step. */
  struct Event {
    std::uint32_t process;
    std::uint32_t generation;
  };

  std::uint32_t spawn(bool service, CpuId cpu, Ns now);
  bool add_kernel_memory(Process& process, CpuId cpu);
  bool add_objects(Process& process, std::size_t row, CpuId cpu);
  void free_kernel_memory(Process& process, CpuId cpu);
  void exit(std::uint32_t id, CpuId cpu);
  void step(std::uint32_t id, CpuId cpu, Ns now);
  void act(Process& process, CpuId cpu);
  std::uint64_t draws(double per_second, CpuId cpu);
  std::uint32_t fill(Process& process, std::uint32_t budget, CpuId cpu);
  void grow(Process& process, CpuId cpu);
  std::uint32_t add_range(Process& process, CpuId cpu);
  void give_back(Process& process, CpuId cpu);
  void drop_range(Process& process, std::size_t at, CpuId cpu);
  void touch(Process& process, CpuId cpu);
  void fork(std::uint32_t parent, CpuId cpu, Ns now);
  void copy_on_write(Process& process, CpuId cpu);
  RangeId writable(Process& process, std::size_t at);
  std::uint64_t resident(const Process& process) const;
  std::uint32_t largest() const;

  AnonRules rules_;
  AnonMemory anon_;
  std::array<SlabCache*, kNrObjects> slabs_{};
  std::vector<Process> processes_;
  std::vector<std::uint32_t> free_;
  std::vector<TimingWheel<Event>> wheels_;  // by CPU
  std::uint64_t most_pages_ = 0;            // of one process
  std::uint32_t services_owed_ = 0;         // killed, to be started again
  std::size_t scan_process_ = 0;            // khugepaged's place
  std::size_t scan_range_ = 0;

  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};
};

/** The model as YAML names it: "anon-thp". */
const WorkloadModel& anon_thp_model();

}  // namespace gbsim
