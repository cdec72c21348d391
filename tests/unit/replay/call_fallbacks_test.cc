// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/call_fallbacks.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

tracepoint::Extfrag ours(std::uint64_t offset, unsigned from_order) {
  return {ExtfragEvent{toy_page(offset), Order{0}, Order{from_order}, kU, kM, false, ExtfragAction::pollute}, Order{3}};
}

}  // namespace

TEST_CASE("the fallbacks of a call are compared with the recorded ones of its CPU, one by one") {
  CallFallbacks fallbacks;
  FallbackScore score;
  fallbacks.note(toy_fallback(4, 0, kU, 2, kM, false));
  fallbacks.note(toy_fallback(5, 0, kU, 0, kM, false));
  fallbacks.tracepoint(ours(4, 2));
  fallbacks.tracepoint(ours(6, 0));
  CHECK(fallbacks.score_call(0, score) == 0);
  CHECK(score.total == 2);
  CHECK(score.same_decision == 1);
  CHECK(score.same_order_and_type == 2);
  CHECK(score.same_page == 1);
}

TEST_CASE("a recorded fallback that we did not make counts against us, and one of ours alone is told") {
  CallFallbacks fallbacks;
  FallbackScore score;
  fallbacks.note(toy_fallback(4, 0, kU, 2, kM, false));
  CHECK(fallbacks.score_call(0, score) == 0);
  CHECK(score.total == 1);
  CHECK(score.same_decision == 0);
  CHECK(fallbacks.last().empty());
  fallbacks.tracepoint(ours(4, 2));
  CHECK(fallbacks.score_call(0, score) == 1);
  CHECK(score.total == 1);
  REQUIRE(fallbacks.last().size() == 1);
  CHECK(fallbacks.last()[0].pfn == toy_page(4));
}

TEST_CASE("recorded fallbacks wait for a call of their own CPU") {
  CallFallbacks fallbacks;
  FallbackScore score;
  fallbacks.note(toy_fallback(4, 0, kU, 2, kM, false));
  CHECK(fallbacks.score_call(1, score) == 0);
  CHECK(score.total == 0);
}
