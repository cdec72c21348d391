// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/model_base.h"

#include "sim/base/check.h"

namespace gbsim {

KernelPages::KernelPages(std::string name, Memory& memory)
    : name_(std::move(name)), id_(memory.folios().register_owner(*this)) {}

void KernelPages::on_evicted(FolioId, const Folio&) {
  GBSIM_CHECK(false);
}

CpuId lowest_cpu_of(const Memory& memory, NodeId node) {
  for (std::uint16_t cpu = 0; cpu < memory.nr_cpus(); ++cpu) {
    if (memory.node_of(CpuId{cpu}) == node) {
      return CpuId{cpu};
    }
  }
  return CpuId{0};
}

ModelBase::ModelBase(std::string name, double scale, WorkloadHost& host)
    : name_(std::move(name)), scale_(scale), host_(host) {
  for (unsigned cpu = 0; cpu < host.memory.nr_cpus(); ++cpu) {
    streams_.emplace_back(host.seed, name_ + "/cpu" + std::to_string(cpu));
  }
}

std::uint64_t ModelBase::share_of(CpuId cpu, double machine_wide) const {
  const auto all = static_cast<std::uint64_t>(machine_wide * scale_);
  return all / nr_cpus() + (cpu.value < all % nr_cpus() ? 1 : 0);
}

Ns ModelBase::duration(CpuId cpu, const Law& law) {
  constexpr double kYear = 365.0 * 86400e9;
  return Ns{static_cast<std::int64_t>(std::clamp(law.draw(random(cpu)), 0.0, kYear))};
}

}  // namespace gbsim
