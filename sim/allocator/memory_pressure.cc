// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/memory_pressure.h"

#include "sim/allocator/confinement.h"
#include "sim/allocator/gfp_names.h"
#include "sim/allocator/gigablock_defrag.h"
#include "sim/allocator/page_allocator.h"
#include "sim/mm/tracepoint.h"

namespace gbsim {

namespace {

/** Sets a flag for as long as it lives. */
class Scope {
 public:
  explicit Scope(bool& flag) : flag_(flag) { flag_ = true; }
  ~Scope() { flag_ = false; }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  bool& flag_;
};

/** Tells whoever listens that relief for @request begins. */
template <class Begin>
void trace_begin(const Memory& memory, const PageRequest& request) {
  if (TracepointSink* sink = memory.tracepoints()) {
    sink->tracepoint(Begin{request.order, gfp_text(request.gfp)});
  }
}

void trace(const Memory& memory, Tracepoint point) {
  if (TracepointSink* sink = memory.tracepoints()) {
    sink->tracepoint(std::move(point));
  }
}

}  // namespace

MemoryPressure::MemoryPressure(Memory& memory, Reclaim& reclaim, Compaction& compaction, Kcompactd& kcompactd)
    : memory_(memory), reclaim_(reclaim), compaction_(compaction), kcompactd_(kcompactd) {
  compaction.migration().connect(reclaim.writeback());
}

void MemoryPressure::connect(DaemonWaker& waker, OomVictims& victims) {
  waker_ = &waker;
  victims_ = &victims;
}

void MemoryPressure::connect(GigablockDefrag& defrag) {
  defrag_ = &defrag;
  defrag.on_work([this] {
    if (waker_ != nullptr) {
      waker_->gigablock_defrag_woken();
    }
  });
}

bool MemoryPressure::evacuate_tainted(const PageRequest& request) {
  if (defrag_ == nullptr || in_relief_ || !request.gfp.has(Gfp::io)) {
    return false;
  }
  const Scope scope(in_relief_);
  const Ns start = memory_.meter().spent();
  trace_begin<tracepoint::EvacuateBegin>(memory_, request);
  const bool moved = defrag_->evacuate_for(request);
  trace(memory_, tracepoint::EvacuateEnd{moved});
  times_.compaction += memory_.meter().spent() - start;
  return moved;
}

bool MemoryPressure::grow_region(const PageRequest& request) {
  if (confinement_ == nullptr || in_relief_) {
    return false;
  }
  const Scope scope(in_relief_);
  const Ns start = memory_.meter().spent();
  const bool grown = confinement_->make_room(request);
  times_.compaction += memory_.meter().spent() - start;
  return grown;
}

// Enough memory, but no block of the order: that is kcompactd's business, unless the caller compacts for itself.
void MemoryPressure::wake_kswapd(Zone& zone, const PageRequest& request) {
  Kswapd& kswapd = reclaim_.kswapd();
  const NodeId node = zone.node();
  const ZoneType highest = highest_zone(request.gfp);
  if (kswapd.wake(node, request.order, highest)) {
    if (TracepointSink* sink = memory_.tracepoints()) {
      sink->tracepoint(tracepoint::KswapdWanted{node, request.order, gfp_text(request.gfp)});
    }
    if (waker_ != nullptr) {
      waker_->kswapd_woken(node);
    }
    return;
  }
  if (!request.gfp.may_block() && kswapd.needless(node, request.order, highest)) {
    wake_kcompactd(node, request.order);
  }
}

void MemoryPressure::wake_kcompactd(NodeId node, Order order) {
  if (order.value != 0 && kcompactd_.wake(node, order) && waker_ != nullptr) {
    waker_->kcompactd_woken(node);
  }
}

NrPages MemoryPressure::direct_reclaim(const PageRequest& request) {
  if (in_relief_) {
    return NrPages{};
  }
  const Scope scope(in_relief_);
  const Ns start = memory_.meter().spent();
  const DirectReclaim reclaim{request.node, request.cpu, request.order, highest_zone(request.gfp),
                              request.gfp.has(Gfp::io)};
  trace_begin<tracepoint::DirectReclaimBegin>(memory_, request);
  const NrPages reclaimed = reclaim_.direct_reclaim(reclaim);
  trace(memory_, tracepoint::DirectReclaimEnd{reclaimed});
  times_.reclaim += memory_.meter().spent() - start;
  return reclaimed;
}

CompactOutcome MemoryPressure::direct_compact(const PageRequest& request, CompactPriority priority) {
  const bool moves_nothing = memory_.tunables().confines() && request.gfp.migratetype() != Migratetype::movable;
  if (in_relief_ || !request.gfp.has(Gfp::io) || moves_nothing) {
    return CompactOutcome::skipped;  // migration may have to write; a confined region has nothing to migrate
  }
  const Scope scope(in_relief_);
  const Ns start = memory_.meter().spent();
  CompactRequest like;
  like.order = request.order;
  like.type = request.gfp.migratetype();
  like.cpu = request.cpu;
  like.flags = slow_path_flags(memory_, request);
  like.may_fs = request.gfp.has(Gfp::fs);
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(
        tracepoint::DirectCompactBegin{request.order, gfp_text(request.gfp), static_cast<unsigned>(priority)});
  }
  const bool emptied = defrag_ != nullptr && defrag_->empty_clean_for(request);
  const CompactOutcome outcome = emptied ? CompactOutcome::success
                                         : compaction_.direct(request.node, highest_zone(request.gfp), like, priority);
  trace(memory_, tracepoint::DirectCompactEnd{name(outcome)});
  times_.compaction += memory_.meter().spent() - start;
  return outcome;
}

NrPages MemoryPressure::reclaimable_in(const Zone& zone) const {
  const LruVec& lru = memory_.lru(zone.node());
  NrPages pages = lru.size(LruList::inactive_file, zone.index()) + lru.size(LruList::active_file, zone.index());
  if (reclaim_.swap().exists() && reclaim_.swap().free() != NrPages{}) {
    pages += lru.size(LruList::inactive_anon, zone.index()) + lru.size(LruList::active_anon, zone.index());
  }
  return pages;
}

bool MemoryPressure::oom_kill(const PageRequest&) {
  if (victims_ == nullptr || victims_->largest().value == 0) {
    return false;
  }
  memory_.vmstat().add(VmEvent::oom_kill);
  victims_->kill_largest();
  return true;
}

}  // namespace gbsim
