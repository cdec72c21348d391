// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/trace_events.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <string>

namespace gbsim {

namespace {

constexpr bool kFrequent = true;

constexpr std::array kEvents{
    TraceEventKind{"kmem", "mm_page_alloc", kFrequent},
    TraceEventKind{"kmem", "mm_page_free", kFrequent},
    TraceEventKind{"kmem", "mm_page_alloc_zone_locked", kFrequent},
    TraceEventKind{"kmem", "mm_page_pcpu_drain", kFrequent},
    TraceEventKind{"kmem", "mm_page_alloc_extfrag"},
    TraceEventKind{"kmem", "spb_alloc_walk", kFrequent},
    TraceEventKind{"kmem", "spb_pb_taint", kFrequent},
    TraceEventKind{"kmem", "spb_alloc_fall_through"},
    TraceEventKind{"kmem", "spb_claim_block_refused"},
    TraceEventKind{"kmem", "spb_evacuate_for_order_done"},
    TraceEventKind{"kmem", "spb_alloc_atomic_relax"},
    TraceEventKind{"vmscan", "mm_vmscan_wakeup_kswapd"},
    TraceEventKind{"vmscan", "mm_vmscan_kswapd_wake"},
    TraceEventKind{"vmscan", "mm_vmscan_kswapd_sleep"},
    TraceEventKind{"vmscan", "mm_vmscan_direct_reclaim_begin"},
    TraceEventKind{"vmscan", "mm_vmscan_direct_reclaim_end"},
    TraceEventKind{"compaction", "mm_compaction_try_to_compact_pages"},
    TraceEventKind{"compaction", "mm_compaction_begin"},
    TraceEventKind{"compaction", "mm_compaction_end"},
    TraceEventKind{"compaction", "mm_compaction_migratepages"},
    TraceEventKind{"compaction", "mm_compaction_wakeup_kcompactd"},
    TraceEventKind{"compaction", "mm_compaction_kcompactd_wake"},
    TraceEventKind{"compaction", "mm_compaction_kcompactd_sleep"},
    TraceEventKind{"gbsim", "gigablock_filed"},
    TraceEventKind{"gbsim", "gigablock_defrag"},
    TraceEventKind{"gbsim", "gigablock_evacuate_begin"},
    TraceEventKind{"gbsim", "gigablock_evacuate_end"},
    TraceEventKind{"gbsim", "gigantic_alloc_begin"},
    TraceEventKind{"gbsim", "gigantic_alloc_end"},
};

bool matches(const std::string& pattern, const TraceEventKind& kind) {
  const bool names_system = pattern.find(':') != std::string::npos;
  const std::string name = names_system ? fmt::format("{}:{}", kind.system, kind.name) : std::string(kind.name);
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

}  // namespace

std::span<const TraceEventKind> trace_events() { return kEvents; }

TraceFilter::TraceFilter() {
  for (const TraceEventKind& kind : kEvents) {
    wanted_.push_back(!kind.frequent);
  }
}

bool TraceFilter::choose(std::string_view pattern) {
  const std::string glob(pattern);
  std::vector<bool> matching;
  for (const TraceEventKind& kind : kEvents) {
    matching.push_back(matches(glob, kind));
  }
  if (std::ranges::find(matching, true) == matching.end()) {
    return false;
  }
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    wanted_[i] = matching[i] || (chosen_ && wanted_[i]);
  }
  chosen_ = true;
  return true;
}

bool TraceFilter::wants(std::string_view event) const {
  const auto kind = std::ranges::find(kEvents, event, &TraceEventKind::name);
  return kind != kEvents.end() && wanted_[static_cast<std::size_t>(kind - kEvents.begin())];
}

bool TraceFilter::wants_frequent() const {
  const auto wanted = [&](const TraceEventKind& kind) { return kind.frequent && wants(kind.name); };
  return std::ranges::any_of(kEvents, wanted);
}

}  // namespace gbsim
