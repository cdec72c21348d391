// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/gigantic_requests.h"

#include <algorithm>

#include "sim/allocator/contig.h"
#include "sim/mm/memory.h"

namespace gbsim {

GiganticRequests::GiganticRequests(const RecordedDemand& demand, WorkloadHost& host, DemandOutcome& outcome)
    : demand_(demand), host_(host), outcome_(outcome), held_(demand.gigantic.size()) {
  const std::uint64_t gigablock = host.memory.zone(0).orders().gigablock.pages().value;
  parts_ = std::max<std::uint64_t>(1, kGiganticOrder.pages().value / gigablock);
  for (std::size_t page = 0; page < demand.gigantic.size(); ++page) {
    const GiganticLife& life = demand.gigantic[page];
    deeds_.push_back({life.born - demand.begin, true, page});
    if (life.died != Ns::max()) {
      deeds_.push_back({life.died - demand.begin, false, page});
    }
  }
  std::ranges::sort(deeds_);
}

CpuId GiganticRequests::cpu_of(std::size_t page) const {
  return CpuId{demand_.gigantic[page].cpu % host_.memory.nr_cpus()};
}

void GiganticRequests::act() {
  const Deed& deed = deeds_[next_++];
  deed.is_birth ? ask(deed.page) : give_back(deed.page);
}

void GiganticRequests::ask(std::size_t page) {
  ++outcome_.allocations;
  const CpuId cpu = cpu_of(page);
  while (held_[page].size() < parts_) {
    const auto part = host_.contig.obtain(host_.memory.node_of(cpu), cpu);
    if (!part) {
      outcome_.refuse(kGiganticOrder);
      return release(page);
    }
    held_[page].push_back(*part);
  }
}

void GiganticRequests::give_back(std::size_t page) {
  if (!held_[page].empty()) {
    release(page);
    ++outcome_.frees;
  }
}

void GiganticRequests::release(std::size_t page) {
  for (const Pfn part : held_[page]) {
    host_.contig.release(part, cpu_of(page));
  }
  held_[page].clear();
}

void GiganticRequests::stop() {
  for (std::size_t page = 0; page < held_.size(); ++page) {
    give_back(page);
  }
}

}  // namespace gbsim
