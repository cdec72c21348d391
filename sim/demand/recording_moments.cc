// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recording_moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "sim/base/units.h"
#include "sim/mm/kernel_rules.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/snapshot_set.h"

namespace gbsim {

namespace {

/** Types of pageblocks of one snapshot. */
class BlockTypes {
 public:
  BlockTypes() = default;
  explicit BlockTypes(const KernelSnapshot& snapshot) {
    for (const ZoneImage& zone : snapshot.zones) {
      Pfn at = zone.start.align_down(zone.orders.pageblock);
      for (const Migratetype type : zone.pageblocks) {
        types_.insert_or_assign(at.value, type);
        at += zone.orders.pageblock.pages();
      }
      order_ = zone.orders.pageblock;
    }
  }

  Migratetype at(Pfn pfn) const {
    const auto found = types_.find(pfn.align_down(order_).value);
    return found != types_.end() ? static_cast<Migratetype>(demand_type(found->second)) : Migratetype::movable;
  }
  Order order() const { return order_; }
  const std::unordered_map<std::uint64_t, Migratetype>& all() const { return types_; }

 private:
  std::unordered_map<std::uint64_t, Migratetype> types_;  // by first pfn
  Order order_{9};
};

bool is_exact(const KernelSnapshot& snapshot) {
  return std::ranges::none_of(snapshot.zones, &ZoneImage::is_drawn);
}

/** Pageblocks that managed memory fills: reserved ones, which a simulated machine has fewer of, hold nothing. */
double managed_pageblocks(const KernelSnapshot& snapshot) {
  double sum = 0;
  for (const ZoneImage& zone : snapshot.zones) {
    sum += static_cast<double>(zone.managed.value) / static_cast<double>(zone.orders.pageblock.pages().value);
  }
  return sum;
}

double mixed_share(const KernelSnapshot& snapshot, const std::vector<LiveBlock>& live) {
  const BlockTypes types(snapshot);
  std::unordered_map<std::uint64_t, bool> mixed;
  for (const LiveBlock& block : live) {
    const std::uint64_t pageblock = block.pfn.align_down(types.order()).value;
    const auto found = types.all().find(pageblock);
    if (found != types.all().end() && index(found->second) < kNrDemandTypes && found->second != block.type) {
      mixed[pageblock] = true;
    }
  }
  return static_cast<double>(mixed.size()) / std::max(1.0, managed_pageblocks(snapshot));
}

void add_zone(MemoryMoment& moment, const ZoneImage& zone) {
  std::array<std::uint64_t, kNrDemandTypes> held{};
  for (const Migratetype type : zone.pageblocks) {
    held[demand_type(type)] += zone.orders.pageblock.pages().value;
  }
  for (std::size_t order = 0; order < zone.free.size(); ++order) {
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      const std::uint64_t blocks = zone.free[order][type].size();
      moment.free_blocks[order] += blocks;
      std::uint64_t& label = held[demand_type(static_cast<Migratetype>(type))];
      label -= std::min(label, blocks << order);
    }
  }
  for (std::size_t type = 0; type < kNrDemandTypes; ++type) {
    moment.held[type] += NrPages{held[type]};
  }
  for (const PcpImage& pcp : zone.pcps) {
    moment.pcp += NrPages{static_cast<std::uint64_t>(std::max(0, pcp.count))};
  }
  moment.managed += zone.managed;
  moment.min_watermark += NrPages{zone.watermark[0]};
}

/** Old pages that stay: what the first moment holds beyond what events explain, spread by the types of pageblocks. */
std::array<NrPages, kNrDemandTypes> staying(const MemoryMoment& moment, const std::vector<LiveBlock>& live,
                                            NrPages old_live) {
  std::array<double, kNrDemandTypes> unexplained{};
  for (std::size_t type = 0; type < kNrDemandTypes; ++type) {
    unexplained[type] = static_cast<double>(moment.held[type].value);
  }
  std::uint64_t known = moment.free().value + moment.pcp.value + old_live.value;
  for (const LiveBlock& block : live) {
    known += block.order.pages().value;
    unexplained[demand_type(block.type)] -= static_cast<double>(block.order.pages().value);
  }
  const double rest = static_cast<double>(moment.managed.value) - static_cast<double>(known);
  double sum = 0;
  for (double& pages : unexplained) {
    pages = std::max(pages, 0.0);
    sum += pages;
  }
  std::array<NrPages, kNrDemandTypes> result{};
  for (std::size_t type = 0; type < kNrDemandTypes && sum > 0 && rest > 0; ++type) {
    result[type] = NrPages{static_cast<std::uint64_t>(rest * unexplained[type] / sum)};
  }
  return result;
}

/** Tells whether fallbacks raise watermarks: a snapshot just after one shows whether they did. */
class BoostTell {
 public:
  void note(const TraceEvent& event) {
    // Only where less than a pageblock is taken does the kernel boost.
    const bool is_small = event.kind == EventKind::extfrag && event.fallback_order < kPageblock;
    last_fallback_ = is_small ? event.time : last_fallback_;
  }
  void note(const ZoneImage& zone) {
    seen_ = seen_ || zone.boost != 0;
    missed_ = missed_ || (last_fallback_ && !zone.is_drawn && zone.time - *last_fallback_ < kJustAfter);
  }
  bool boosts() const { return seen_ || !missed_; }

 private:
  static constexpr Order kPageblock{9};
  static constexpr Ns kJustAfter{10'000'000};  // kswapd takes longer to take a boost back

  std::optional<Ns> last_fallback_;
  bool seen_ = false;
  bool missed_ = false;
};

/** Makes shares of what vmstat counts and what the recording shows to die, both up to the present. */
class ReclaimTell {
 public:
  void look(std::uint64_t taken, Ns time, NrPages dead, ReclaimShares& shares) {
    if (taken_ && dead > dead_) {
      shares.add(time, static_cast<double>(taken - std::min(taken, *taken_)) /
                           static_cast<double>((dead - dead_).value));
    }
    taken_ = taken;
    dead_ = dead;
  }

 private:
  std::optional<std::uint64_t> taken_;
  NrPages dead_{};
};

/** SwapTotal of the text of /proc/meminfo; 0 if it does not say. */
std::uint64_t swap_in(const std::string& meminfo) {
  constexpr std::uint64_t kKib = 1024;
  std::istringstream in(meminfo);
  std::uint64_t kibibytes = 0;
  for (std::string word; in >> word;) {
    if (word == "SwapTotal:" && in >> kibibytes) {
      break;
    }
  }
  return kibibytes * kKib;
}

/** Looks at each snapshot of a recording when its time has come. */
class MomentReader {
 public:
  explicit MomentReader(const Recording& recording) : set_(recording.snapshots()), seed_(recording.request().seed) {
    if (set_ != nullptr) {
      std::ranges::for_each(set_->entries(), [&](const SnapshotEntry& entry) { pending_.push_back(&entry); });
      std::erase_if(pending_, [](const SnapshotEntry* entry) { return !entry->time; });
      std::ranges::stable_sort(pending_, {}, [](const SnapshotEntry* entry) { return *entry->time; });
    }
  }

  void add(const TraceEvent& event) {
    if (!begin_) {
      begin(event.time);
    }
    while (next_ < pending_.size() && *pending_[next_]->time <= event.time) {
      look(*pending_[next_++]);
    }
    boost_.note(event);
    collector_.add(event);
  }

  RecordingWithMoments finish() {
    result_.demand = collector_.finish();
    if (first_) {
      const auto dies_later = [&](const OldBlock& block) { return block.died > first_->time; };
      NrPages old_live{};
      for (const OldBlock& block : result_.demand.old_blocks) {
        old_live += dies_later(block) ? block.order.pages() : NrPages{};
      }
      result_.old.stays = staying(result_.moments.front(), first_->live, old_live);
    }
    for (const OldBlock& block : result_.demand.old_blocks) {
      result_.old.dying.push_back(types_.at(block.pfn));
    }
    result_.boosts_watermarks = boost_.boosts();
    return std::move(result_);
  }

 private:
  struct First {
    Ns time;
    std::vector<LiveBlock> live;
  };

  /** Of the snapshots before @time only what the last one counts matters. */
  void begin(Ns time) {
    begin_ = time;
    const auto passed = [&](const SnapshotEntry* entry) { return *entry->time < time; };
    next_ = static_cast<std::size_t>(std::ranges::find_if_not(pending_, passed) - pending_.begin());
    if (next_ > 0) {
      look_at_reclaim(pending_[next_ - 1]->files, time);
    }
  }

  void look(const SnapshotEntry& entry) {
    const KernelSnapshot snapshot = set_->load(entry, seed_);
    const std::vector<LiveBlock> live = collector_.live();
    result_.moments.push_back(moment_of(snapshot, live, *begin_));
    result_.moments.back().time = *entry.time - *begin_;
    std::ranges::for_each(snapshot.zones, [&](const ZoneImage& zone) { boost_.note(zone); });
    look_at_reclaim(entry.files, *entry.time);
    if (is_exact(snapshot) && types_.all().empty()) {
      types_ = BlockTypes(snapshot);
    }
    if (!first_) {
      first_ = First{*entry.time, live};
    }
  }

  void look_at_reclaim(const RecordedFiles& snapshot, Ns time) {
    if (const auto taken = pages_reclaimed(snapshot.text("vmstat"))) {
      reclaim_.look(taken->file, time, collector_.page_cache_freed(), result_.reclaim);
      swapping_.look(taken->anon, time, collector_.anon_freed(), result_.swapping);
      look_at_drops(taken->drops, time);
    }
    result_.swap_bytes = std::max(result_.swap_bytes, swap_in(snapshot.text("meminfo")));
  }

  void look_at_drops(std::uint64_t drops, Ns time) {
    if (last_drops_ && drops > last_drops_->count) {
      result_.drops.push_back({last_drops_->time, time});
    }
    last_drops_ = Drops{drops, time};
  }

  struct Drops {
    std::uint64_t count;
    Ns time;
  };

  const SnapshotSet* set_;
  std::uint64_t seed_;
  std::vector<const SnapshotEntry*> pending_;  // by time
  std::size_t next_ = 0;
  std::optional<Ns> begin_;
  DemandCollector collector_;
  BoostTell boost_;
  ReclaimTell reclaim_;
  ReclaimTell swapping_;
  std::optional<Drops> last_drops_;  // that a snapshot counted, and when
  BlockTypes types_;  // of the first exact snapshot
  std::optional<First> first_;
  RecordingWithMoments result_;
};

/** No run lasts as long as events of a recording may lie apart whose clock was set meanwhile. */
void refuse_jumps(const Recording& recording, const RecordedDemand& demand) {
  constexpr std::chrono::hours kLongest{100 * 24};
  if (const Ns length = demand.end - demand.begin; length > kLongest) {
    throw BadRecording(recording.request().trace, 0,
                       fmt::format("its first event and its last lie {} hours apart, at most {} can be simulated: "
                                   "did its clock jump?",
                                   std::chrono::duration_cast<std::chrono::hours>(length).count(), kLongest.count()));
  }
}

}  // namespace

NrPages RecordingWithMoments::min_watermark() const {
  std::vector<NrPages> sorted;
  std::ranges::transform(moments, std::back_inserter(sorted), &MemoryMoment::min_watermark);
  std::ranges::sort(sorted);
  return sorted.empty() ? NrPages{} : sorted[sorted.size() / 2];
}

std::vector<TunableSetting> RecordingWithMoments::tunables() const {
  std::map<std::string, std::string> values{{"kernel.rules", std::string(kernel_rules(kernel).name)},
                                            {"cpu.data_cache", std::string(kAssumedDataCache)}};
  if (!moments.empty()) {
    values.emplace("vm.min_free_kbytes", std::to_string(min_watermark().value * kPageSize / 1024));
  }
  if (!boosts_watermarks) {
    values.emplace("vm.watermark_boost_factor", "0");
  }
  if (swap_bytes != 0) {
    values.emplace("swap.size", format_size(swap_bytes));
  }
  for (const TunableSetting& setting : machine.settings) {
    values[setting.name] = setting.value;
  }
  std::vector<TunableSetting> result;
  std::ranges::transform(values, std::back_inserter(result),
                         [](const auto& entry) { return TunableSetting{entry.first, entry.second}; });
  return result;
}

NrPages MemoryMoment::free() const {
  NrPages sum{};
  for (std::size_t order = 0; order < free_blocks.size(); ++order) {
    sum += NrPages{free_blocks[order] << order};
  }
  return sum;
}

MemoryMoment moment_of(const KernelSnapshot& snapshot, const std::vector<LiveBlock>& live, Ns begin) {
  MemoryMoment moment;
  moment.time = snapshot.time - begin;
  for (const ZoneImage& zone : snapshot.zones) {
    add_zone(moment, zone);
  }
  if (is_exact(snapshot)) {
    moment.mixed_share = mixed_share(snapshot, live);
  }
  return moment;
}

RecordingWithMoments read_with_moments(const Recording& recording) {
  recording.require(EventKind::alloc, "a workload is made of allocations");
  const auto reader = recording.events();
  MomentReader moments(recording);
  std::vector<TraceEvent> batch;
  while (reader->next_batch(batch)) {
    std::ranges::for_each(batch, [&](const TraceEvent& event) { moments.add(event); });
    batch.clear();
  }
  RecordingWithMoments result = moments.finish();
  result.demand.left_out.add(reader->oddities());
  refuse_jumps(recording, result.demand);
  result.kernel = recording.kernel();
  result.machine = recording.machine();
  result.demand.cpus = std::max(result.demand.cpus, result.machine.cpus);
  result.remarks = recording.remarks();
  return result;
}

}  // namespace gbsim
