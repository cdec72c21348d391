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
  CHECK(used_fields(*find_event_rule("mm_compaction_end")).size() == 1);
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

TEST_CASE("a search by compaction takes one block or none, and may begin nowhere") {
  TraceEvent event;
  event.kind = EventKind::fast_isolate;
  CHECK(set_field(event, FieldMeaning::taken_block, 64));
  CHECK(event.flag);
  CHECK(event.order == Order{6});
  CHECK(set_field(event, FieldMeaning::taken_block, 0));
  CHECK_FALSE(event.flag);
  CHECK_FALSE(set_field(event, FieldMeaning::taken_block, std::uint64_t{1} << 30));
  CHECK(set_field(event, FieldMeaning::search_start, 0x8000000000018000));
  CHECK_FALSE(event.has_pfn);
  CHECK(set_field(event, FieldMeaning::search_start, 0));
  CHECK(event.has_pfn);
  CHECK(set_field(event, FieldMeaning::scanned, 70'000));
  CHECK(event.scanned == 65'535);
}

TEST_CASE("a compaction goes on also where it found no suitable page yet, for an order or for none") {
  TraceEvent event;
  event.kind = EventKind::compaction_check;
  for (std::uint64_t outcome = 0; outcome < kCompactionOutcomes.size(); ++outcome) {
    CHECK(set_field(event, FieldMeaning::outcome, outcome));
    const std::string_view name = kCompactionOutcomes[outcome];
    CHECK(event.flag == (name == "continue" || name == "no_suitable_page"));
  }
  CHECK_FALSE(set_field(event, FieldMeaning::outcome, 9));
  CHECK(set_field(event, FieldMeaning::wish, 9));
  CHECK(event.order == Order{9});
  for (const std::uint64_t none : {~std::uint64_t{0}, std::uint64_t{0xffffffff}}) {
    CHECK(set_field(event, FieldMeaning::wish, none));
    CHECK(event.order == Order{0});
  }
}
