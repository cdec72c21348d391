// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/trace_survey.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

TraceSurvey survey_of(const std::vector<TraceEvent>& events) {
  Surveyor surveyor({toy_page(32)}, std::nullopt);
  for (const TraceEvent& event : events) {
    surveyor.note(event);
  }
  return std::move(surveyor).finish();
}

TraceEvent at(std::int64_t nanoseconds, EventKind kind) {
  TraceEvent event = toy_event(kind, 0, 0, kM);
  event.time = Ns{nanoseconds};
  return event;
}

}  // namespace

TEST_CASE("a fallback that is announced before the removal was made by 6.1") {
  CHECK(survey_of({toy_fallback(8, 0, kU, 3, kM, true), toy_event(EventKind::zone_locked, 8, 0, kU)}).kernel ==
        KernelVersion::v6_1);
}

TEST_CASE("a fallback that explains a removal, or takes its page itself, was made by 6.12") {
  CHECK(survey_of({toy_event(EventKind::zone_locked, 8, 0, kU), toy_fallback(8, 0, kU, 2, kM, true)}).kernel ==
        KernelVersion::v6_12);
  CHECK(survey_of({toy_fallback(8, 0, kU, 0, kM, false), toy_event(EventKind::alloc, 8, 0, kU)}).kernel ==
        KernelVersion::v6_12);
  CHECK(survey_of({toy_fallback(8, 0, kU, 3, kM, true), toy_event(EventKind::zone_locked, 9, 0, kU),
                   toy_fallback(1, 0, kU, 0, kM, false), toy_fallback(3, 0, kU, 0, kM, false)})
            .kernel == KernelVersion::v6_12);
}

TEST_CASE("without fallbacks the events do not tell the kernel") {
  CHECK_FALSE(survey_of({toy_event(EventKind::zone_locked, 8, 0, kU)}).kernel);
}

TEST_CASE("compaction begins where it is announced, else with its first deed") {
  CHECK(survey_of({at(1, EventKind::migrate), at(5, EventKind::compaction), at(9, EventKind::compaction)})
            .first_compaction == Ns{5});
  CHECK(survey_of({at(1, EventKind::free), at(3, EventKind::isolate)}).first_compaction == Ns{3});
  CHECK_FALSE(survey_of({at(1, EventKind::free)}).first_compaction);
}

TEST_CASE("events are counted by kind, and direct frees sought only where none is recorded") {
  const std::vector<TraceEvent> events{toy_event(EventKind::free, 5, 0, kM),
                                       toy_event(EventKind::zone_locked, 5, 0, kM)};
  const TraceSurvey survey = survey_of(events);
  CHECK(survey.events == 2);
  CHECK(survey.count(EventKind::free) == 1);
  CHECK(survey.direct_frees == std::vector<std::uint64_t>{0});
  auto recorded = events;
  recorded.push_back(toy_event(EventKind::buddy_free, 9, 0, kM));
  CHECK(survey_of(recorded).direct_frees.empty());
}

TEST_CASE("unannounced allocations shift no numbers, and come between no two events of a CPU") {
  TraceEvent unannounced = toy_event(EventKind::alloc, 1, 0, kU);
  unannounced.announced = false;
  CHECK(survey_of({unannounced, toy_event(EventKind::free, 5, 0, kM), unannounced,
                   toy_event(EventKind::zone_locked, 5, 0, kM)})
            .direct_frees == std::vector<std::uint64_t>{0});
  CHECK(survey_of({toy_fallback(8, 0, kU, 3, kM, true), unannounced, toy_event(EventKind::zone_locked, 8, 0, kU)})
            .kernel == KernelVersion::v6_1);
}

TEST_CASE("unannounced allocations are found") {
  Surveyor surveyor({toy_page(32)}, std::nullopt);
  surveyor.note(toy_event(EventKind::zone_locked, 5, 0, kU));
  surveyor.note(toy_event(EventKind::free, 5, 0, kU));
  const TraceSurvey survey = std::move(surveyor).finish();
  REQUIRE(survey.untraced.size() == 1);
  CHECK(survey.untraced[0].pfn == toy_page(5));
}

TEST_CASE("what a file beside the recording announces is not found again, and what it lacks is") {
  Surveyor surveyor({toy_page(32)}, std::nullopt);
  TraceEvent in_file = toy_event(EventKind::alloc, 5, 0, kU);
  in_file.announced = false;
  surveyor.note(toy_event(EventKind::zone_locked, 5, 0, kU));
  surveyor.note(in_file);
  surveyor.note(toy_event(EventKind::zone_locked, 6, 0, kU));
  for (const std::uint64_t page : {5, 6}) {
    surveyor.note(toy_event(EventKind::free, page, 0, kU));
  }
  const TraceSurvey survey = std::move(surveyor).finish();
  REQUIRE(survey.untraced.size() == 1);
  CHECK(survey.untraced[0].pfn == toy_page(6));
}

TEST_CASE("only kernels that announce kept targets have frees that give nothing back") {
  TraceEvent scan = toy_event(EventKind::scan_source, 0, 0, kM);
  scan.flag = true;
  TraceEvent move = toy_event(EventKind::migrate, 9, 0, kM);
  move.to = toy_page(5);
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    Surveyor surveyor({toy_page(32)}, kernel);
    for (const TraceEvent& event : {scan, toy_event(EventKind::free, 5, 0, kM), move}) {
      surveyor.note(event);
    }
    CHECK(std::move(surveyor).finish().direct_frees.size() == (kernel == KernelVersion::v6_1 ? 1 : 0));
  }
}

TEST_CASE("what others free while a task moves pages gives back, if an allocation gave it") {
  TraceEvent scan = toy_event(EventKind::scan_source, 0, 0, kM);
  scan.flag = true;
  TraceEvent move = toy_event(EventKind::migrate, 9, 0, kM);
  move.to = toy_page(5);
  const std::vector<TraceEvent> none, allocated{toy_event(EventKind::alloc, 5, 0, kU)}, moved{move};
  const std::vector<TraceEvent> free_again{allocated[0], toy_event(EventKind::zone_locked, 5, 0, kU)};
  for (const auto* before : {&none, &allocated, &moved, &free_again}) {
    Surveyor surveyor({toy_page(32)}, KernelVersion::v6_12);
    for (const TraceEvent& event : *before) {
      surveyor.note(event);
    }
    for (const TraceEvent& event :
         {scan, toy_event(EventKind::free, 5, 0, kU), toy_event(EventKind::zone_locked, 5, 0, kU, 1)}) {
      surveyor.note(event);
    }
    const bool has_owner = before == &allocated || before == &moved;
    CHECK(std::move(surveyor).finish().direct_frees.size() == (has_owner ? 1 : 0));
  }
}

TEST_CASE("what is moved to a target that was kept tells of its free before") {
  TraceEvent scan = toy_event(EventKind::scan_source, 0, 0, kM);
  scan.flag = true;
  TraceEvent move = toy_event(EventKind::migrate, 9, 0, kM);
  move.to = toy_page(5);
  Surveyor surveyor({toy_page(32)}, KernelVersion::v6_12);
  const TraceEvent freed = toy_event(EventKind::free, 5, 0, kM);
  for (const TraceEvent& event : {freed, scan, freed, move}) {
    surveyor.note(event);
  }
  CHECK(std::move(surveyor).finish().direct_frees == std::vector<std::uint64_t>{0});
}
