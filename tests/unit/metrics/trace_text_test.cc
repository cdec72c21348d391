// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/trace_text.h"

#include <doctest/doctest.h>

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

TEST_CASE("what no kernel has is silent or ours") {
  CHECK(trace_text(tp::DirectCompactEnd{"success"}).event.empty());
  CHECK(trace_text(tp::GiganticEnd{std::nullopt, NrPages{7}}).fields == "pfn=none nr_migrated=7");
}
