// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/tracepoint.h"

#include <doctest/doctest.h>

#include <vector>

using namespace gbsim;

TEST_CASE("a sink gets each tracepoint as the type it is") {
  class Notes : public TracepointSink {
   public:
    void tracepoint(Tracepoint point) override { points.push_back(std::move(point)); }
    std::vector<Tracepoint> points;
  } notes;
  notes.tracepoint(tracepoint::KswapdWake{NodeId{0}, Order{4}});
  REQUIRE(notes.points.size() == 1);
  CHECK(std::get<tracepoint::KswapdWake>(notes.points[0]).order == Order{4});
}
