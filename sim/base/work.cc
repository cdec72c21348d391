// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/work.h"

namespace gbsim {
namespace {

using enum WorkKind;

// llfree-bench, Linux 6.0 on a Xeon Gold 5320: bulk order 0 costs 94 ns on 1 CPU and 984 ns on 26, which is 37.8 ns
// under the lock (33 a block, 300 a lock transfer shared by 63) and 60 outside it; a free and alloc pair served by
// the pcp costs 115 ns. See contention.h for the rest.
constexpr std::string_view kBulk = "llfree-bench module_o/module_c.dref, order-0 bulk on 1, 8 and 26 CPUs";
constexpr std::string_view kPair = "llfree-bench, pcp-served pair of free and alloc 112-118 ns at 8 CPUs";

// mmtests MonitorMmtestsvmstat.pm weighs compaction as 7 a scanned, 19 an isolated and 1038 a migrated page.
constexpr std::string_view kMmtests = "mmtests compaction cost weights 7:19:1038, with 1.5 us a migrated page";
constexpr std::string_view kEstimate = "estimate";

constexpr std::array<CostEntry, kNrWorkKinds> kDefaults{{
    {pcp_alloc, "pcp_alloc", Ns{60}, kPair},
    {pcp_free, "pcp_free", Ns{55}, kPair},
    {pcp_buddy_step, "pcp_buddy_step", Ns{15}, "estimate: as move_freepages, on lines of the CPU's own"},
    {pcp_remote_free, "pcp_remote_free", Ns{100}, "estimate: pcp_free and an atomic exchange on another CPU's line"},
    {zone_lock, "zone_lock", Ns{20}, "estimate: uncontended irq-safe spinlock; contention.h adds transfer and waiting"},
    {buddy_alloc, "buddy_alloc", Ns{33}, kBulk},
    {buddy_free, "buddy_free", Ns{38}, kBulk},
    {move_freepages, "move_freepages", Ns{15}, "estimate: two list operations on lines the search has touched"},
    {zero_page, "zero_page", Ns{100}, "estimate: clear_page at 40 GB/s; a THP takes 51 us"},
    {fault, "fault", Ns{500}, "estimate: minor fault without allocation and clearing"},
    {slab_object, "slab_object", Ns{20}, "estimate: kmem_cache_alloc fast path"},
    {lru_scan, "lru_scan", Ns{100}, "estimate: isolate, check references, put back"},
    {reclaim_page, "reclaim_page", Ns{250}, "estimate: unmap, remove from the page cache, batch free"},
    {writeback_page, "writeback_page", Ns{500}, "estimate: CPU side of submitting one page"},
    {swap_out_page, "swap_out_page", Ns{2000}, "estimate: swap slot, unmap, CPU side of one write"},
    {swap_in_page, "swap_in_page", Ns{3000}, "estimate: major fault, CPU side of one read"},
    {file_read_page, "file_read_page", Ns{300}, "estimate: page cache insertion and its share of one read"},
    {shrink_object, "shrink_object", Ns{150}, "estimate: LRU walk, lock and free of one dentry or inode"},
    {compact_scan, "compact_scan", Ns{10}, kMmtests},
    {isolate_free_page, "isolate_free_page", Ns{27}, kMmtests},
    {migrate_page, "migrate_page", Ns{1500}, "estimate: unmap, TLB flush, copy, remap; 32 GiB compact in under 1 s"},
    {migrate_fail, "migrate_fail", Ns{300}, "estimate: lock, try to unmap, put back"},
    {split_folio, "split_folio", Ns{5000}, "estimate: unmap, rewrite 512 struct pages, remap"},
    {wait_writeback, "wait_writeback", Ns{10'000'000}, "estimate; the kernel's throttle gives up after 100 ms"},
    {direct_reclaim_entry, "direct_reclaim_entry", Ns{2000}, kEstimate},
    {direct_compact_entry, "direct_compact_entry", Ns{2000}, kEstimate},
    {drain_pcp, "drain_pcp", Ns{1500}, "estimate: work item on another CPU and its wake-up"},
    {gigablock_look, "gigablock_look", Ns{5}, "gbsim bench pick: a walk over 238 to 16,384 gigablocks, 4 to 5 ns each"},
    {bitmap_word, "bitmap_word", Ns{1}, "gbsim bench pick: the refined bitmap reads two words in 2 ns"},
}};

constexpr bool in_order_of_kind() {
  for (std::size_t i = 0; i < kDefaults.size(); ++i) {
    if (kDefaults[i].kind != static_cast<WorkKind>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(in_order_of_kind());

}  // namespace

const std::array<CostEntry, kNrWorkKinds>& default_costs() { return kDefaults; }

CostTable::CostTable() {
  for (const CostEntry& entry : kDefaults) {
    set(entry.kind, entry.cost);
  }
}

}  // namespace gbsim
