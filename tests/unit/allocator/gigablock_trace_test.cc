// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gigablock_trace.h"

#include <doctest/doctest.h>

#include <vector>

#include "sim/allocator/page_allocator.h"
#include "toy_zone.h"

using namespace gbsim;
using test::NoRelief;
using test::ToySpec;
using test::ToyZone;
namespace tp = gbsim::tracepoint;

namespace {

/** A zone of ten gigablocks whose tracepoints are noted. */
class Traced : public TracepointSink {
 public:
  explicit Traced(std::string_view drawing, bool frequent = true)
      : toy_(ToySpec{.gigablocks = 10, .gigablock_order = 4, .pageblock_order = 2,
                     .placement = PlacementKind::gigablock_bitmap}),
        allocator_(toy_.memory(), relief_) {
    toy_.paint(drawing, "U");
    toy_.memory().set_tracepoints(this, frequent);
  }
  ~Traced() override { toy_.memory().set_tracepoints(nullptr); }

  void tracepoint(Tracepoint point) override { points_.push_back(std::move(point)); }
  Maybe<Pfn> alloc(Gfp gfp, unsigned order) {
    return allocator_.alloc_pages(PageRequest{Order{order}, gfp, CpuId{}, NodeId{}});
  }
  template <class Point>
  std::vector<Point> all() const {
    std::vector<Point> found;
    for (const Tracepoint& point : points_) {
      if (const auto* exact = std::get_if<Point>(&point)) {
        found.push_back(*exact);
      }
    }
    return found;
  }

 private:
  NoRelief relief_;
  ToyZone toy_;
  PageAllocator allocator_;
  std::vector<Tracepoint> points_;
};

}  // namespace

TEST_CASE("a walk names the pass that served, the zone and the flags") {
  Traced traced("UUUU .... MMMM MMMM");
  REQUIRE(traced.alloc(gfp::kKernel, 2));
  const auto walks = traced.all<tp::AllocWalk>();
  REQUIRE(walks.size() == 1);
  CHECK(walks[0].outcome == "PASS_2");
  CHECK(walks[0].asked.zone == "Normal");
  CHECK(walks[0].asked.order == Order{2});
  CHECK(walks[0].flags.has(AllocFlags::nofragment));
  CHECK(traced.all<tp::AllocFallThrough>().empty());
}

TEST_CASE("walks are told only to who wants frequent events, rare ones to everybody") {
  Traced traced("UUUU UUUU UUUU UUUU", false);
  REQUIRE(traced.alloc(gfp::kAtomic, 0));
  CHECK(traced.all<tp::AllocWalk>().empty());
  CHECK(traced.all<tp::PageAlloc>().empty());
  CHECK_FALSE(traced.all<tp::AllocFallThrough>().empty());
}

TEST_CASE("an exhausted tainted pool tells what it had left, then what an atomic caller was told") {
  Traced traced("UUUU UUUU UUUU UUUU");
  REQUIRE(traced.alloc(gfp::kAtomic, 0));
  const auto falls = traced.all<tp::AllocFallThrough>();
  REQUIRE_FALSE(falls.empty());
  CHECK(falls[0].tainted == 1);
  CHECK(falls[0].tainted_with_buddy == 0);
  CHECK_FALSE(falls[0].saw_free_pages);
  CHECK(falls[0].saw_below_reserve);
  const auto relaxed = traced.all<tp::AtomicRelax>();
  REQUIRE(relaxed.size() == 1);
  CHECK(relaxed[0].step == "DROP_NOFRAGMENT");
  CHECK(relaxed[0].gfp == "GFP_ATOMIC");
}

TEST_CASE("movable requests never fall through") {
  Traced traced("MMMM MMMM MMMM MMMM");
  REQUIRE(traced.alloc(gfp::kUser.with(Gfp::movable), 0));
  CHECK(traced.all<tp::AllocFallThrough>().empty());
  CHECK(traced.all<tp::PageAlloc>().size() == 1);
}
