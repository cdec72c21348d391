// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/event_fields.h"

#include <doctest/doctest.h>

#include "sim/recording/trace_event.h"

using namespace gbsim;

TEST_CASE("every event is found by name, others are not") {
  for (const EventRule& rule : kEventRules) {
    CHECK(find_event_rule(rule.event) == &rule);
    CHECK(event_name(rule.kind) == rule.event);
  }
  CHECK(find_event_rule("sched_switch") == nullptr);
  CHECK(event_name(EventKind::buddy_free).empty());
  CHECK(used_fields(*find_event_rule("mm_page_free")).size() == 2);
  CHECK(used_fields(*find_event_rule("mm_compaction_begin")).empty());
}

TEST_CASE("values that no kernel writes are refused") {
  TraceEvent event;
  CHECK(set_field(event, FieldMeaning::order, 18));  // a 1 GiB page
  CHECK_FALSE(set_field(event, FieldMeaning::order, 21));
  CHECK_FALSE(set_field(event, FieldMeaning::type, 6));
  CHECK_FALSE(set_field(event, FieldMeaning::pfn, std::uint64_t{1} << 41));
  CHECK_FALSE(set_field(event, FieldMeaning::gfp, std::uint64_t{1} << 32));
}

TEST_CASE("page -1 and page 0 are failed attempts") {
  for (const std::uint64_t value : {~std::uint64_t{0}, std::uint64_t{0}}) {
    TraceEvent event;
    event.kind = EventKind::alloc;
    CHECK(set_field(event, FieldMeaning::pfn, value));
    CHECK_FALSE(event.has_pfn);
  }
}

TEST_CASE("without CMA, type 4 is isolation") {
  TraceEvent event;
  CHECK(set_field(event, FieldMeaning::type, 4));
  CHECK(event.type == Migratetype::isolate);
}
