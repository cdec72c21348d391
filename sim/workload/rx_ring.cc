// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/rx_ring.h"

#include <utility>

namespace gbsim {

namespace {

// page_pool_dev_alloc_pages(): refilled from softirq.
constexpr Gfp kRefill = gfp::kAtomic.with(Gfp::nowarn);

}  // namespace

RxRings::RxRings(std::string name, PageAllocator& allocator, const RxRingSpec& spec)
    : allocator_(allocator),
      owner_(std::move(name), allocator.memory()),
      spec_(spec),
      rings_(allocator.memory().nr_cpus()) {}

Maybe<FolioId> RxRings::fresh(CpuId cpu, Gfp gfp) {
  const Gfp shaped = spec_.order > Order{0} ? gfp.with(Gfp::comp) : gfp;
  const NodeId node = allocator_.memory().node_of(cpu);
  const auto buffer = allocator_.alloc_folio({spec_.order, shaped, cpu, node}, FolioUse{owner_.id()});
  if (buffer) {
    pages_ += spec_.order.pages();
  }
  return buffer;
}

Maybe<FolioId> RxRings::replacement(CpuId cpu) {
  std::vector<FolioId>& pool = rings_[cpu.value].pool;
  if (pool.empty()) {
    return fresh(cpu, kRefill);
  }
  const FolioId buffer = pool.back();
  pool.pop_back();
  return buffer;
}

void RxRings::fill(CpuId cpu, Gfp gfp) {
  Ring& ring = rings_[cpu.value];
  while (!is_full(cpu)) {
    const auto buffer = fresh(cpu, gfp);
    if (!buffer) {
      return;
    }
    ring.posted.push_back(*buffer);
  }
}

Maybe<FolioId> RxRings::take(CpuId cpu) {
  Ring& ring = rings_[cpu.value];
  if (ring.posted.empty()) {
    return std::nullopt;
  }
  const auto next = replacement(cpu);
  if (!next) {
    return std::nullopt;
  }
  ring.oldest = ring.oldest + 1 < ring.posted.size() ? ring.oldest + 1 : 0;
  return std::exchange(ring.posted[ring.oldest], *next);
}

void RxRings::recycle(FolioId buffer, CpuId home, CpuId cpu) {
  std::vector<FolioId>& pool = rings_[home.value].pool;
  if (pool.size() < spec_.pool) {
    pool.push_back(buffer);
  } else {
    free(buffer, cpu);
  }
}

void RxRings::free(FolioId buffer, CpuId cpu) {
  pages_ -= spec_.order.pages();
  allocator_.free_folio(buffer, cpu);
}

void RxRings::clear() {
  for (std::uint16_t cpu = 0; cpu < rings_.size(); ++cpu) {
    for (const FolioId buffer : rings_[cpu].posted) {
      free(buffer, CpuId{cpu});
    }
    for (const FolioId buffer : rings_[cpu].pool) {
      free(buffer, CpuId{cpu});
    }
    rings_[cpu] = Ring{};
  }
}

}  // namespace gbsim
