// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/recording/trace_event.h"

namespace gbsim {

/** What a field of a recorded event tells. */
enum class FieldMeaning : std::uint8_t {
  none,
  pfn,
  end_pfn,
  order,
  type,
  gfp,
  refill,
  fallback_order,
  fallback_type,
  change_ownership,
  taken,
  took_some,
  taken_block,
  scanned,
  search_start,
  wish,
  outcome,
  task,
};

/** One field under its name in the kernel's event format. Other fields are passed over. */
struct FieldRule {
  std::string_view name{};
  FieldMeaning meaning = FieldMeaning::none;
  bool required = true;
};

/** Every binary event has it; texts print it in front of the fields. */
inline constexpr FieldRule kTaskField{"common_pid", FieldMeaning::task, false};

/** One kernel event. The same row serves binary records and every text that prints them. */
struct EventRule {
  std::string_view system{};
  std::string_view event{};
  EventKind kind = EventKind::other;
  std::array<FieldRule, 6> fields{};
};

/**
 * Events that replay takes part of, from include/trace/events/kmem.h and compaction.h. Fields that kernels before 5.19
 * lack (percpu_refill) are not required.
 */
inline constexpr std::array kEventRules{
    EventRule{"kmem", "mm_page_alloc",
              EventKind::alloc,
              {{{"pfn", FieldMeaning::pfn},
                {"order", FieldMeaning::order},
                {"migratetype", FieldMeaning::type},
                {"gfp_flags", FieldMeaning::gfp}}}},
    EventRule{"kmem", "mm_page_free", EventKind::free, {{{"pfn", FieldMeaning::pfn}, {"order", FieldMeaning::order}}}},
    EventRule{"kmem", "mm_page_free_batched", EventKind::free_batched, {{{"pfn", FieldMeaning::pfn}}}},
    EventRule{"kmem", "mm_page_alloc_zone_locked",
              EventKind::zone_locked,
              {{{"pfn", FieldMeaning::pfn},
                {"order", FieldMeaning::order},
                {"migratetype", FieldMeaning::type},
                {"percpu_refill", FieldMeaning::refill, false}}}},
    EventRule{"kmem", "mm_page_pcpu_drain",
              EventKind::pcpu_drain,
              {{{"pfn", FieldMeaning::pfn}, {"order", FieldMeaning::order}, {"migratetype", FieldMeaning::type}}}},
    EventRule{"kmem", "mm_page_alloc_extfrag",
              EventKind::extfrag,
              {{{"pfn", FieldMeaning::pfn},
                {"alloc_order", FieldMeaning::order},
                {"fallback_order", FieldMeaning::fallback_order},
                {"alloc_migratetype", FieldMeaning::type},
                {"fallback_migratetype", FieldMeaning::fallback_type},
                {"change_ownership", FieldMeaning::change_ownership}}}},
    EventRule{"compaction", "mm_compaction_isolate_freepages",
              EventKind::isolate_range,
              {{{"start_pfn", FieldMeaning::pfn},
                {"end_pfn", FieldMeaning::end_pfn},
                {"nr_scanned", FieldMeaning::scanned},
                {"nr_taken", FieldMeaning::taken}}}},
    EventRule{"compaction", "mm_compaction_fast_isolate_freepages",
              EventKind::fast_isolate,
              {{{"start_pfn", FieldMeaning::search_start},
                {"end_pfn", FieldMeaning::end_pfn},
                {"nr_scanned", FieldMeaning::scanned},
                {"nr_taken", FieldMeaning::taken_block},
                kTaskField}}},
    EventRule{"compaction", "mm_compaction_isolate_migratepages",
              EventKind::scan_source,
              {{{"start_pfn", FieldMeaning::pfn},
                {"end_pfn", FieldMeaning::end_pfn},
                {"nr_taken", FieldMeaning::took_some},
                kTaskField}}},
    EventRule{"compaction", "mm_compaction_migratepages", EventKind::migrated, {{kTaskField}}},
    EventRule{"compaction", "mm_compaction_begin",
              EventKind::compaction,
              {{{"migrate_pfn", FieldMeaning::pfn, false}, {"free_pfn", FieldMeaning::end_pfn, false}, kTaskField}}},
    EventRule{"compaction", "mm_compaction_finished",
              EventKind::compaction_check,
              {{{"order", FieldMeaning::wish}, {"ret", FieldMeaning::outcome}, kTaskField}}},
    EventRule{"compaction", "mm_compaction_end", EventKind::compaction_end, {{kTaskField}}},
};

/** How texts print enum compact_result, in its order: COMPACTION_STATUS in include/trace/events/mmflags.h. */
inline constexpr std::array<std::string_view, 9> kCompactionOutcomes{
    "not_suitable_zone", "skipped",   "deferred", "no_suitable_page", "continue", "complete",
    "partial_skipped",   "contended", "success"};

/** The row of @event, or null: replay has no use for it. */
const EventRule* find_event_rule(std::string_view event);

/** The kernel's name of an event of @kind; empty if no tracepoint has it. */
std::string_view event_name(EventKind kind);

/** Fields of @rule that it uses. */
constexpr std::span<const FieldRule> used_fields(const EventRule& rule) {
  std::size_t count = 0;
  while (count < rule.fields.size() && rule.fields[count].meaning != FieldMeaning::none) {
    ++count;
  }
  return std::span(rule.fields).first(count);
}

/**
 * Puts the value of a field into @event. False: no kernel writes such a value there, the recording is damaged.
 * Migratetypes are numbered as kernels without CMA do, as in PGT1.
 */
bool set_field(TraceEvent& event, FieldMeaning meaning, std::uint64_t value);

}  // namespace gbsim
