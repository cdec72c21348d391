// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/types.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/pageblock.h"
#include "sim/mm/zone.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/page_bytes.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * For what type of request each page was given out, whoever gave it: fed with a recording's events from its first on it
 * is the truth about mixed pageblocks, which no snapshot shows; fed with a model's pfns it is the model's side of it.
 */
class PageTypes {
 public:
  /** Notes allocations, frees and migrations; other events say nothing here. */
  void feed(const TraceEvent& event);
  /** Type of the request that got @pfn; nothing if it is free or was given out before the first event. */
  std::optional<Migratetype> type_of(Pfn pfn) const;
  /** Pageblocks with their labels and known pages in use; free pages are not counted. */
  std::vector<Pageblock> pageblocks(const ZoneImage& zone) const;
  std::vector<Pageblock> pageblocks(const Zone& zone) const;

 private:
  void fill(Pfn pfn, Order order, std::uint8_t value);
  void count(Pfn start, NrPages spanned, Order pageblock, std::vector<Pageblock>& blocks) const;

  PageBytes pages_;  // type plus one, or 0
};

}  // namespace gbsim
