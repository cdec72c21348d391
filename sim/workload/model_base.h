// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/random.h"
#include "sim/workload/workload.h"

namespace gbsim {

/** Owner of kernel pages that are on no LRU list, so that reclaim never takes them. */
class KernelPages final : public FolioOwner {
 public:
  KernelPages(std::string name, Memory& memory);

  OwnerId id() const { return id_; }
  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;

 private:
  std::string name_;
  OwnerId id_;
};

/** The lowest CPU of @node, CPU 0 if it has none. */
CpuId lowest_cpu_of(const Memory& memory, NodeId node);

/** What every model has: a name, its host, and one random stream a CPU. */
class ModelBase : public Workload {
 public:
  ModelBase(std::string name, double scale, WorkloadHost& host);

  const std::string& name() const override { return name_; }

 protected:
  Memory& memory() const { return host_.memory; }
  PageAllocator& allocator() const { return host_.allocator; }
  WorkloadHost& host() const { return host_; }
  RandomStream& random(CpuId cpu) { return streams_[cpu.value]; }
  std::size_t nr_cpus() const { return streams_.size(); }
  double scale() const { return scale_; }
  PageRequest request(Order order, Gfp gfp, CpuId cpu) const {
    return PageRequest{order, gfp, cpu, host_.memory.node_of(cpu)};
  }
  /** @machine_wide of anything, scaled, as the part that falls to @cpu; the parts add up. */
  std::uint64_t share_of(CpuId cpu, double machine_wide) const;
  /** How many of @per_second machine-wide events fall into this CPU's window, scaled. */
  std::uint64_t arrivals(CpuId cpu, double per_second, Ns from, Ns to) {
    const double seconds = static_cast<double>((to - from).count()) * 1e-9;
    return random(cpu).poisson(per_second * scale_ * seconds / static_cast<double>(nr_cpus()));
  }
  /** Calls @arrive(Ns) @n times, at times spread evenly over the window. */
  template <class Arrive>
  static void spread(std::uint64_t n, Ns from, Ns to, Arrive&& arrive) {
    const auto count = static_cast<std::int64_t>(n);
    for (std::int64_t i = 0; i < count; ++i) {
      arrive(from + (to - from) * (2 * i + 1) / (2 * count));
    }
  }
  /** A duration drawn from a law in ns, never negative, at most a year. */
  Ns duration(CpuId cpu, const Law& law);

 private:
  std::string name_;
  double scale_;
  WorkloadHost& host_;
  std::vector<RandomStream> streams_;
};

}  // namespace gbsim
