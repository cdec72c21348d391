// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/trace_text.h"

#include <doctest/doctest.h>

#include "sim/metrics/trace_events.h"

using namespace gbsim;
namespace tp = gbsim::tracepoint;

TEST_CASE("kernel tracepoints have the fields of the kernel's print fmt") {
  const ExtfragEvent event{Pfn{0x2ec00},         Order{2}, Order{10},           Migratetype::reclaimable,
                           Migratetype::movable, true,     ExtfragAction::claim};
  const TraceText extfrag = trace_text(tp::Extfrag{event, Order{9}});
  CHECK(extfrag.event == "mm_page_alloc_extfrag");
  CHECK(extfrag.fields ==
        "page=0xffffea0000bb0000 pfn=0x2ec00 alloc_order=2 fallback_order=10 pageblock_order=9 alloc_migratetype=2 "
        "fallback_migratetype=1 fragmenting=0 change_ownership=1");
  CHECK(trace_text(tp::KcompactdWake{NodeId{0}, Order{3}}).fields == "nid=0 order=3 classzone_idx=Normal  ");
  CHECK(trace_text(tp::DirectCompactBegin{Order{2}, "GFP_KERNEL", 2}).fields ==
        "order=2 gfp_mask=GFP_KERNEL priority=2");
  CHECK(trace_text(tp::KswapdSleep{NodeId{1}}).fields == "nid=1");
}

TEST_CASE("a compaction's end has the fields of its beginning and a status") {
  tp::CompactZoneRun run{Pfn{0x1000}, Pfn{0x1200}, Pfn{0x3e00}, Pfn{0x4000}, true};
  const TraceText begin = trace_text(run);
  run.status = "complete";
  const TraceText end = trace_text(run);
  CHECK(begin.event == "mm_compaction_begin");
  CHECK(begin.fields == "zone_start=0x1000 migrate_pfn=0x1200 free_pfn=0x3e00 zone_end=0x4000, mode=sync");
  CHECK(end.event == "mm_compaction_end");
  CHECK(end.fields == begin.fields + " status=complete");
}

TEST_CASE("events of every page are those of kmem.h") {
  CHECK(trace_text(tp::PageAlloc{Pfn{0x100}, Order{1}, Migratetype::movable, "GFP_USER"}).fields ==
        "page=0xffffea0000004000 pfn=0x100 order=1 migratetype=1 gfp_flags=GFP_USER");
  CHECK(trace_text(tp::PageZoneLocked{Pfn{0x100}, Order{0}, Migratetype::reclaimable, true}).fields ==
        "page=0xffffea0000004000 pfn=0x100 order=0 migratetype=2 percpu_refill=1");
  CHECK(trace_text(tp::PagePcpuDrain{Pfn{0x100}, Order{0}, Migratetype::movable}).fields ==
        "page=0xffffea0000004000 pfn=0x100 order=0 migratetype=1");
  CHECK(trace_text(tp::PageFree{Pfn{0x100}, Order{9}}).fields == "page=0xffffea0000004000 pfn=0x100 order=9");
}

TEST_CASE("tracepoints of the gigablock RFC have the fields of its print fmt") {
  const tp::ZoneRequest asked{"Normal", Order{3}, Migratetype::unmovable};
  const AllocFlags flags{Watermark::low, AllocFlags::nofragment | AllocFlags::kswapd};
  CHECK(trace_text(tp::AllocWalk{asked, flags, "PASS_2B", 7}).fields ==
        "zone=Normal order=3 mt=0 alloc_flags=0x901 outcome=PASS_2B n_spbs_visited=7");
  CHECK(trace_text(tp::AllocFallThrough{asked, flags, 12, 0, true, false, true}).fields ==
        "zone=Normal order=3 mt=0 alloc_flags=0x901 n_tainted=12 n_tainted_with_buddy=0 walk=[fp=1 fpb=0 below=1]");
  CHECK(trace_text(tp::PageblockTaint{Pfn{0x80200}, Migratetype::unmovable, false, true}).fields ==
        "pfn=0x80200 mt=0 action=CLEAR first_or_last=1");
  CHECK(trace_text(tp::ClaimBlockRefused{Pfn{0x80200}, Migratetype::unmovable, Migratetype::movable,
                                         "INSUFFICIENT_COMPAT"})
            .fields == "pfn=0x80200 start_mt=0 block_mt=1 reason=INSUFFICIENT_COMPAT");
  CHECK(trace_text(tp::EvacuateForOrderDone{asked, 2, 5, true}).fields ==
        "zone=Normal order=3 mt=0 p1=2 p2=5 did_evac=1");
  CHECK(trace_text(tp::AtomicRelax{asked, "GFP_ATOMIC", "ADD_TAINTED_OK"}).fields ==
        "zone=Normal order=3 mt=0 gfp=GFP_ATOMIC step=ADD_TAINTED_OK");
}

TEST_CASE("every event can be chosen by its name") {
  const auto chosen = [](const Tracepoint& point) {
    TraceFilter filter;
    return filter.choose(trace_text(point).event);
  };
  CHECK(chosen(tp::AllocWalk{}));
  CHECK(chosen(tp::PageAlloc{}));
  CHECK(chosen(tp::CompactZoneRun{}));
  CHECK(chosen(tp::GiganticEnd{}));
}

TEST_CASE("what no kernel has is silent or ours") {
  CHECK(trace_text(tp::DirectCompactEnd{"success"}).event.empty());
  CHECK(trace_text(tp::GiganticEnd{std::nullopt, NrPages{7}}).fields == "pfn=none nr_migrated=7");
}
