// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/allocator/pressure.h"
#include "sim/base/maybe.h"
#include "sim/reclaim/compaction.h"
#include "sim/reclaim/kcompactd.h"
#include "sim/reclaim/reclaim.h"

namespace gbsim {

class Confinement;
class GigablockDefrag;

/** Told when a daemon that slept has work; the engine lets it run later. */
class DaemonWaker {
 public:
  virtual ~DaemonWaker() = default;
  virtual void kswapd_woken(NodeId node) = 0;
  virtual void kcompactd_woken(NodeId node) = 0;
  virtual void gigablock_defrag_woken() {}
};

/** Whom the OOM killer may choose from. */
class OomVictims {
 public:
  virtual ~OomVictims() = default;
  /** Resident pages of the largest process; zero if there is none. */
  virtual NrPages largest() = 0;
  virtual void kill_largest() = 0;
};

/** Simulated time that allocations spent helping themselves, over all CPUs. */
struct DirectTimes {
  Ns reclaim{0};
  Ns compaction{0};
};

/** Relief that really reclaims, compacts and kills. */
class MemoryPressure : public PressureRelief {
 public:
  MemoryPressure(Memory& memory, Reclaim& reclaim, Compaction& compaction, Kcompactd& kcompactd);

  /** Both must outlive this object. */
  void connect(DaemonWaker& waker, OomVictims& victims);
  /** Evacuates from now on, and wakes the defrag worker when it has work. @defrag must outlive this object. */
  void connect(GigablockDefrag& defrag);
  /** Regions grow on demand from now on. @confinement must outlive this object. */
  void connect(Confinement& confinement) { confinement_ = &confinement; }
  const DirectTimes& direct_times() const { return times_; }

  void wake_kswapd(Zone& zone, const PageRequest& request) override;
  void wake_kcompactd(NodeId node, Order order) override;
  NrPages direct_reclaim(const PageRequest& request) override;
  CompactOutcome direct_compact(const PageRequest& request, CompactPriority priority) override;
  Maybe<Pfn> take_captured() override { return compaction_.take_captured(); }
  void compaction_paid_off(Pfn pfn, Order order) override { compaction_.paid_off(pfn, order); }
  bool evacuate_tainted(const PageRequest& request) override;
  bool grow_region(const PageRequest& request) override;
  bool oom_kill(const PageRequest& request) override;
  NrPages reclaimable_pages(NodeId node) const override { return reclaim_.reclaimable_pages(node); }
  NrPages reclaimable_in(const Zone& zone) const override;
  bool is_relieving() const override { return in_relief_; }

 private:
  Memory& memory_;
  Reclaim& reclaim_;
  Compaction& compaction_;
  Kcompactd& kcompactd_;
  DaemonWaker* waker_ = nullptr;
  OomVictims* victims_ = nullptr;
  GigablockDefrag* defrag_ = nullptr;
  Confinement* confinement_ = nullptr;
  DirectTimes times_;
  bool in_relief_ = false;  // PF_MEMALLOC: relief that allocates does not relieve itself
};

}  // namespace gbsim
