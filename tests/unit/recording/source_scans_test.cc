// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/source_scans.h"

#include <doctest/doctest.h>

#include "list_reader.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

TraceEvent by_task(EventKind kind, std::uint32_t task, std::uint64_t offset = 0, bool flag = true) {
  TraceEvent event = toy_event(kind, offset, 0, kM);
  event.gfp = task;
  event.flag = flag;
  return event;
}

const std::vector<TraceEvent> kTwoTasks{
    by_task(EventKind::compaction_check, 1), by_task(EventKind::compaction_check, 2),
    by_task(EventKind::scan_source, 1, 8),   by_task(EventKind::compaction_check, 1, 0, false),
    by_task(EventKind::scan_source, 2, 16),  by_task(EventKind::compaction_check, 2)};

std::vector<Maybe<Pfn>> starts_of(const std::vector<TraceEvent>& events) {
  SourceScans scans;
  for (const TraceEvent& event : events) {
    scans.note(event);
  }
  return std::move(scans).take();
}

}  // namespace

TEST_CASE("where a compaction looks next is told by the next scan of its task, if one comes") {
  CHECK(starts_of(kTwoTasks) == std::vector<Maybe<Pfn>>{toy_page(8), toy_page(16), std::nullopt});
}

TEST_CASE("a second reading has the answer at the check that asked") {
  const auto starts = starts_of(kTwoTasks);
  SourceScanReader reader(std::make_unique<ListReader>(kTwoTasks), starts);
  std::vector<TraceEvent> events;
  CHECK(reader.next_batch(events));
  CHECK(events[0].pfn == toy_page(8));
  CHECK(events[1].pfn == toy_page(16));
  CHECK(events[3] == kTwoTasks[3]);
  CHECK_FALSE(events[5].has_pfn);
  CHECK_FALSE(reader.next_batch(events));
}
