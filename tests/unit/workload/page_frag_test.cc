// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/page_frag.h"

#include <doctest/doctest.h>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

constexpr CpuId kCpu{0};

FragRef take(PageFrags& frags, std::uint32_t bytes) {
  std::uint32_t taken = 0;
  const auto fragment = frags.take(kCpu, bytes, gfp::kKernel, &taken);
  REQUIRE(fragment);
  CHECK(taken == bytes);
  return *fragment;
}

}  // namespace

TEST_CASE("a chunk is pinned until its last fragment goes") {
  Rig rig;
  PageFrags frags("net", rig.allocator);
  const FragRef a = take(frags, 16 << 10);
  const FragRef b = take(frags, 16 << 10);
  CHECK(a == b);
  const FragRef c = take(frags, 4 << 10);
  CHECK(c != a);
  CHECK(frags.pages() == NrPages{16});
  frags.put(a, kCpu);
  CHECK(frags.pages() == NrPages{16});
  frags.put(b, kCpu);
  CHECK(frags.pages() == NrPages{8});
  check_memory(rig.memory);
}

TEST_CASE("a CPU holds its current chunk and cuts it anew once all fragments are back") {
  Rig rig;
  PageFrags frags("net", rig.allocator);
  const FragRef a = take(frags, 32 << 10);
  frags.put(a, kCpu);
  CHECK(frags.chunks() == 1);
  CHECK(take(frags, 32 << 10) == a);
  CHECK(rig.allocator.stats().attempts(Order{3}) == 1);
  frags.put(a, kCpu);
  frags.release_current(kCpu);
  CHECK(frags.pages() == NrPages{0});
}

TEST_CASE("a refused order-3 chunk falls to one page") {
  Rig rig;
  rig.fragment(300);
  PageFrags frags("net", rig.allocator);
  std::uint32_t taken = 0;
  REQUIRE(frags.take(kCpu, 10'000, gfp::kAtomic, &taken));
  CHECK(taken == kPageSize);
  CHECK(frags.pages() == NrPages{1});
  CHECK(frags.fallbacks() == 1);
  CHECK(rig.allocator.stats().failures(Order{3}) == 1);
}

TEST_CASE("with no page at all there is no fragment") {
  Rig rig;
  rig.fragment(0);
  PageFrags frags("net", rig.allocator);
  std::uint32_t taken = 0;
  CHECK_FALSE(frags.take(kCpu, 100, gfp::kAtomic, &taken));
  CHECK(frags.chunks() == 0);
}
