// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/memory_pressure.h"

#include "sim/allocator/page_allocator.h"

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

}  // namespace

MemoryPressure::MemoryPressure(Memory& memory, Reclaim& reclaim, Compaction& compaction, Kcompactd& kcompactd)
    : memory_(memory), reclaim_(reclaim), compaction_(compaction), kcompactd_(kcompactd) {}

void MemoryPressure::connect(DaemonWaker& waker, OomVictims& victims) {
  waker_ = &waker;
  victims_ = &victims;
}

void MemoryPressure::wake_kswapd(Zone& zone, const PageRequest& request) {
  const NodeId node = zone.node();
  if (reclaim_.kswapd().hopeless(node)) {
    wake_kcompactd(node, request.order);
    return;
  }
  if (reclaim_.kswapd().wake(node, request.order, highest_zone(request.gfp)) && waker_ != nullptr) {
    waker_->kswapd_woken(node);
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
  const NrPages reclaimed = reclaim_.direct_reclaim(reclaim);
  times_.reclaim += memory_.meter().spent() - start;
  return reclaimed;
}

CompactOutcome MemoryPressure::direct_compact(const PageRequest& request, CompactPriority priority) {
  if (in_relief_) {
    return CompactOutcome::skipped;
  }
  const Scope scope(in_relief_);
  const Ns start = memory_.meter().spent();
  CompactRequest like;
  like.order = request.order;
  like.type = request.gfp.migratetype();
  like.cpu = request.cpu;
  const CompactOutcome outcome = compaction_.direct(request.node, highest_zone(request.gfp), like, priority);
  times_.compaction += memory_.meter().spent() - start;
  return outcome;
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
