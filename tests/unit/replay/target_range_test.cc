// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/target_range.h"

#include <doctest/doctest.h>

#include "toy_replay.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

struct Range {
  explicit Range(const KernelSnapshot& snapshot) : world(snapshot) {}

  /** Heads of what was taken, as offsets. */
  std::string taken(std::uint64_t from, std::uint64_t to, unsigned pages, unsigned scanned) {
    TraceEvent event = toy_event(EventKind::isolate_range, from, 0, kM);
    event.to = toy_page(to);
    event.gfp = pages;
    event.scanned = static_cast<std::uint16_t>(scanned);
    const auto range = recorded_targets(RecordedPages(*world.memory), event);
    if (!range) {
      return "outside";
    }
    std::string text;
    for (const RecordedPages::FreeBlock& block : range->blocks) {
      text += (text.empty() ? "" : " ") + std::to_string(block.head.value - 1024);
    }
    return text;
  }

  ToyReplayWorld world;
};

KernelSnapshot scattered() {
  KernelSnapshot snapshot = toy_snapshot("MMMMMMMM");
  add_free(snapshot, 0, kM, {3, 5, 32});
  add_free(snapshot, 1, kM, {10});
  return snapshot;
}

}  // namespace

TEST_CASE("every page is looked at, and every free block taken") {
  CHECK(Range(scattered()).taken(0, 16, 4, 16) == "3 5 10");
}

TEST_CASE("it ends where enough was taken") {
  CHECK(Range(scattered()).taken(0, 16, 2, 6) == "3 5");
  CHECK(Range(scattered()).taken(0, 6, 2, 6) == "3 5");
}

TEST_CASE("how many pages were looked at tells the step, which passes blocks over") {
  CHECK(Range(scattered()).taken(0, 64, 1, 2) == "32");
  CHECK(Range(scattered()).taken(0, 16, 2, 9) == "10");
}

TEST_CASE("what no step gives is taken as if every page had been looked at") {
  CHECK(Range(scattered()).taken(0, 16, 3, 99) == "3 5 10");
}

TEST_CASE("a compound page is passed whole, and ranges outside of the zones are refused") {
  KernelSnapshot snapshot = scattered();
  Range range(snapshot);
  RecordedPages::label(range.world.zone(), toy_page(16), Order{3}, kM, true);
  CHECK(range.taken(0, 64, 5, 64) == "3 5 10 32");
  CHECK(range.taken(60, 80, 1, 20) == "outside");
}
