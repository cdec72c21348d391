// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/event_fields.h"

#include <algorithm>

#include "sim/recording/page_bytes.h"

namespace gbsim {

namespace {

constexpr std::uint64_t kMostOrder = kMaxOrders - 1;  // a freed 1 GiB page has 18
constexpr std::uint64_t kMostType = 5;  // isolate, with CMA configured
constexpr std::uint64_t kNoPfn = ~std::uint64_t{0};

bool set_pfn(TraceEvent& event, std::uint64_t value) {
  // A failed attempt has pfn -1, which text shows as 0; the kernel never hands out page 0.
  event.has_pfn = value != kNoPfn && !(value == 0 && event.kind != EventKind::isolate_range);
  event.pfn = event.has_pfn ? Pfn{value} : Pfn{};
  return !event.has_pfn || event.pfn < kEndOfPages;
}

bool set_order(Order& order, std::uint64_t value) {
  order = Order{static_cast<unsigned>(value)};
  return value <= kMostOrder;
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
      event.gfp = static_cast<std::uint32_t>(value);
      return value <= ~std::uint32_t{0};
    case FieldMeaning::refill:
    case FieldMeaning::change_ownership:
      event.flag = value != 0;
      return true;
  }
  return false;
}

}  // namespace gbsim
