// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/rx_ring.h"

#include <doctest/doctest.h>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

constexpr CpuId kCpu{0};
constexpr RxRingSpec kSmall{4, 2, Order{1}};

}  // namespace

TEST_CASE("rings stay full: each filled buffer is replaced, the oldest first") {
  Rig rig;
  RxRings rings("rx", rig.allocator, kSmall);
  rings.fill(kCpu, gfp::kKernel);
  CHECK(rings.is_full(kCpu));
  CHECK(rings.pages() == NrPages{8});
  const auto a = rings.take(kCpu);
  const auto b = rings.take(kCpu);
  CHECK(*a != *b);
  CHECK(rings.pages() == NrPages{12});
  rings.free(*a, kCpu);
  rings.free(*b, kCpu);
  rings.clear();
  CHECK(rings.pages() == NrPages{0});
  check_memory(rig.memory);
}

TEST_CASE("read buffers return to the pool, and those it has no room for are freed") {
  Rig rig;
  RxRings rings("rx", rig.allocator, kSmall);
  rings.fill(kCpu, gfp::kKernel);
  std::vector<FolioId> buffers;
  for (int i = 0; i < 3; ++i) {
    buffers.push_back(*rings.take(kCpu));
  }
  for (const FolioId buffer : buffers) {
    rings.recycle(buffer, kCpu, CpuId{1});
  }
  CHECK(rings.pooled(kCpu) == 2);
  CHECK(rings.pages() == NrPages{12});
  const std::uint64_t attempts = rig.allocator.stats().attempts(Order{1});
  CHECK(rings.take(kCpu));
  CHECK(rig.allocator.stats().attempts(Order{1}) == attempts);
}

TEST_CASE("without memory for a replacement the packet is lost and the buffer stays posted") {
  Rig rig;
  RxRings rings("rx", rig.allocator, kSmall);
  rings.fill(kCpu, gfp::kKernel);
  rig.fragment(0);
  CHECK_FALSE(rings.take(kCpu));
  CHECK(rings.is_full(kCpu));
  CHECK(rings.pages() == NrPages{8});
}
