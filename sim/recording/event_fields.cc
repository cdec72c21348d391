// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/event_fields.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace gbsim {

namespace {

constexpr std::uint64_t kMostOrder = kMaxOrders - 1;  // a freed 1 GiB page has 18
constexpr std::uint64_t kMostType = 5;  // isolate, with CMA configured
constexpr std::uint64_t kMostScanned = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t kNoPfn = ~std::uint64_t{0};

bool set_pfn(TraceEvent& event, std::uint64_t value) {
  // A failed attempt has pfn -1, which text shows as 0; the kernel never hands out page 0.
  event.has_pfn = value != kNoPfn && !(value == 0 && !is_range(event.kind));
  event.pfn = event.has_pfn ? Pfn{value} : Pfn{};
  return !event.has_pfn || event.pfn < kEndOfPages;
}

/** Where the scanners have met, the kernel computes a pfn that wraps. */
bool set_search_start(TraceEvent& event, std::uint64_t value) {
  event.has_pfn = Pfn{value} < kEndOfPages;
  event.pfn = event.has_pfn ? Pfn{value} : Pfn{};
  return true;
}

bool set_order(Order& order, std::uint64_t value) {
  order = Order{static_cast<unsigned>(value)};
  return value <= kMostOrder;
}

/** -1, in 32 bits or 64: no order in particular. */
bool set_wish(Order& order, std::uint64_t value) {
  const bool is_none = static_cast<std::int32_t>(value) < 0;
  return set_order(order, is_none ? 0 : value);
}

/** At most one block: 0 pages or those of an order. */
bool set_taken_block(TraceEvent& event, std::uint64_t pages) {
  event.flag = pages != 0;
  return !event.flag || set_order(event.order, static_cast<std::uint64_t>(std::bit_width(pages)) - 1);
}

/** enum compact_result. "No suitable page" is announced where the kernel goes on: compact_finished(). */
bool set_outcome(TraceEvent& event, std::uint64_t value) {
  constexpr std::uint64_t kNoSuitablePage = 3;
  constexpr std::uint64_t kContinue = 4;
  event.flag = value == kNoSuitablePage || value == kContinue;
  event.has_pfn = false;
  return value < kCompactionOutcomes.size();
}

bool set_compaction_field(TraceEvent& event, FieldMeaning meaning, std::uint64_t value) {
  switch (meaning) {
    case FieldMeaning::wish:
      return set_wish(event.order, value);
    case FieldMeaning::taken_block:
      return set_taken_block(event, value);
    case FieldMeaning::scanned:
      event.scanned = static_cast<std::uint16_t>(std::min<std::uint64_t>(value, kMostScanned));
      return true;
    case FieldMeaning::search_start:
      return set_search_start(event, value);
    case FieldMeaning::outcome:
      return set_outcome(event, value);
    default:
      return false;
  }
}

bool set_type(Migratetype& type, std::uint64_t value) {
  if (value > kMostType) {
    return false;
  }
  type = kernel_migratetype(static_cast<unsigned>(value), kNrTypesWithoutCma);
  return true;
}

}  // namespace

const EventRule* find_event_rule(std::string_view event) {
  const auto found = std::ranges::find(kEventRules, event, &EventRule::event);
  return found == kEventRules.end() ? nullptr : &*found;
}

std::string_view event_name(EventKind kind) {
  const auto found = std::ranges::find(kEventRules, kind, &EventRule::kind);
  return found == kEventRules.end() ? std::string_view{} : found->event;
}

bool set_field(TraceEvent& event, FieldMeaning meaning, std::uint64_t value) {
  switch (meaning) {
    case FieldMeaning::none:
      return true;
    case FieldMeaning::pfn:
      return set_pfn(event, value);
    case FieldMeaning::end_pfn:
      event.to = Pfn{value};
      return event.to <= kEndOfPages;
    case FieldMeaning::order:
      return set_order(event.order, value);
    case FieldMeaning::fallback_order:
      return set_order(event.fallback_order, value);
    case FieldMeaning::type:
      return set_type(event.type, value);
    case FieldMeaning::fallback_type:
      return set_type(event.fallback_type, value);
    case FieldMeaning::gfp:
    case FieldMeaning::taken:
    case FieldMeaning::task:
      event.gfp = static_cast<std::uint32_t>(value);
      return value <= ~std::uint32_t{0};
    case FieldMeaning::took_some:
    case FieldMeaning::refill:
    case FieldMeaning::change_ownership:
      event.flag = value != 0;
      return true;
    default:
      return set_compaction_field(event, meaning, value);
  }
}

}  // namespace gbsim
