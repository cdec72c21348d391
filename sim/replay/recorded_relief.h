// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/allocator/idle_relief.h"
#include "sim/mm/memory.h"

namespace gbsim {

/**
 * Reclaim and compaction of the recording have happened already: what they freed is in its events. Of kswapd only its
 * hours are ours: while it works, per-CPU lists stay short. It wakes where the kernel's would, and sleeps once one of
 * the zones it was woken for is above its high watermark and as many pages were freed as its boosts asked for.
 */
class RecordedRelief : public IdleRelief {
 public:
  explicit RecordedRelief(Memory& memory);

  void wake_kswapd(Zone& zone, const PageRequest& request) override;
  /** It is @now: whoever has nothing left to do sleeps, and boosts end. */
  void settle(Ns now);
  /** What a pass with @flags asks of @zone. */
  static WatermarkQuery query(const Zone& zone, const PageRequest& request, AllocFlags flags);
  /** CPUs fold their shares of the zone's counter such that @query ends so; false: it cannot be. */
  static bool recount(Zone& zone, const WatermarkQuery& query, bool is_enough);
  /** Late folds can make @query of @zone end so. */
  static bool can_be(const Zone& zone, const WatermarkQuery& query, bool is_enough);
  /** How far the counter must be from its true value for @query to end as the kernel's did; infinite: too far. */
  static std::uint64_t misjudged_by(const Zone& zone, const WatermarkQuery& query, bool is_enough);
  /**
   * The kernel passed over @zone, which had enough for us by @query: CPUs have yet to fold what they freed; if that
   * cannot be, a boost would tell why, if the zone is short enough for one.
   */
  void learn_short(Zone& zone, const WatermarkQuery& query);
  /**
   * For a @zone that the kernel found long enough by @query. Calls tell how many pages are free or on per-CPU lists,
   * not how many are which: ours are drained, the fullest first, as far as it takes and reclaim would drain them.
   * Nothing changes where late folds explain it, or where draining would not do. Returns whether lists were drained.
   */
  static bool drain_for(Zone& zone, const WatermarkQuery& query);
  /** The kernel took from @zone, too short for us by @query: its counter says more, or what boosted it is over. */
  void learn_enough(Zone& zone, const WatermarkQuery& query);

 private:
  /** kswapd of one node. */
  struct Node {
    bool awake = false;
    bool dozing = false;        // done, and ready to go on, before it sleeps in earnest
    Ns dozing_until{0};
    ZoneType highest = ZoneType::dma;
    std::uint64_t done_at = 0;  // frees of the machine by which boosts have been made good
    std::uint64_t round_ends = 0;   // likewise, unless every zone has enough before
    std::vector<NrPages> boosts{};  // by zone of the node, when it woke: what ends with this round
  };

  bool balanced(NodeId node, Order order, ZoneType highest) const;
  NrPages boosts(NodeId node, ZoneType highest) const;
  NrPages round_pages(NodeId node, ZoneType highest) const;
  bool all_safe(NodeId node, ZoneType highest) const;
  bool is_done(NodeId node) const;
  void forget_boost(Zone& zone);
  bool boosts_after(int sign);
  void begin(NodeId node, ZoneType highest);
  void set_active(NodeId node, ZoneType highest, bool active);
  void set_thresholds(NodeId node, bool under_pressure);
  void end(NodeId node, Ns now);

  Memory& memory_;
  std::vector<Node> nodes_;
  unsigned busy_ = 0;          // nodes whose kswapd is awake or dozing
  unsigned boost_factor_;      // vm.watermark_boost_factor, unless the recording speaks against it
  unsigned contrary_ = 0;      // signs that the machine boosts where we think not, or the other way
  unsigned times_off_ = 0;     // that we came to think it does not
};

}  // namespace gbsim
