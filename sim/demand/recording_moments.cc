// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recording_moments.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <unordered_map>
#include <utility>

#include "sim/replay/byte_source.h"
#include "sim/replay/open_trace.h"
#include "sim/replay/recording.h"
#include "sim/replay/replay_report.h"
#include "sim/replay/snapshot_set.h"

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
  return static_cast<double>(mixed.size()) / static_cast<double>(std::max<std::size_t>(1, types.all().size()));
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

/** Reads a recording, and looks at each snapshot when its time has come. */
class MomentReader {
 public:
  MomentReader(const std::optional<std::filesystem::path>& snapshots, std::uint64_t seed) : seed_(seed) {
    if (snapshots) {
      set_ = std::make_unique<SnapshotSet>(*snapshots);
      std::ranges::for_each(set_->entries(), [&](const SnapshotEntry& entry) { pending_.push_back(&entry); });
      std::erase_if(pending_, [](const SnapshotEntry* entry) { return !entry->time; });
      std::ranges::stable_sort(pending_, {}, [](const SnapshotEntry* entry) { return *entry->time; });
    }
  }

  void add(const TraceEvent& event) {
    if (!begin_) {
      begin_ = event.time;
      const auto passed = [&](const SnapshotEntry* entry) { return *entry->time < event.time; };
      next_ = static_cast<std::size_t>(std::ranges::find_if_not(pending_, passed) - pending_.begin());
    }
    while (next_ < pending_.size() && *pending_[next_]->time <= event.time) {
      look(*pending_[next_++]);
    }
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
    return std::move(result_);
  }

 private:
  struct First {
    Ns time;
    std::vector<LiveBlock> live;
  };

  void look(const SnapshotEntry& entry) {
    const KernelSnapshot snapshot = set_->load(entry, seed_);
    const std::vector<LiveBlock> live = collector_.live();
    result_.moments.push_back(moment_of(snapshot, live, *begin_));
    result_.moments.back().time = *entry.time - *begin_;
    if (is_exact(snapshot) && types_.all().empty()) {
      types_ = BlockTypes(snapshot);
    }
    if (!first_) {
      first_ = First{*entry.time, live};
    }
  }

  std::unique_ptr<SnapshotSet> set_;
  std::uint64_t seed_;
  std::vector<const SnapshotEntry*> pending_;  // by time
  std::size_t next_ = 0;
  std::optional<Ns> begin_;
  DemandCollector collector_;
  BlockTypes types_;  // of the first exact snapshot
  std::optional<First> first_;
  RecordingWithMoments result_;
};

/** What /proc/version said, if a copy lies beside @trace; empty otherwise. */
std::string release_beside(const std::filesystem::path& trace) {
  std::ifstream version(trace.parent_path() / "formats" / "proc__version");
  std::string release;
  std::string word;
  version >> word >> word >> release;
  return version ? release : std::string();
}

}  // namespace

NrPages MemoryMoment::free() const {
  NrPages sum{};
  for (std::size_t order = 0; order < free_blocks.size(); ++order) {
    sum += NrPages{free_blocks[order] << order};
  }
  return sum;
}

std::string rules_of_release(std::string_view release) {
  return std::string(kernel_name(kernel_of_release(release).value_or(KernelVersion::v6_12)));
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

RecordingWithMoments read_with_moments(const std::filesystem::path& trace,
                                       const std::optional<std::filesystem::path>& snapshots, std::uint64_t seed) {
  const auto reader = open_trace(trace);
  MomentReader moments(snapshots, seed);
  std::vector<TraceEvent> batch;
  bool any = false;
  while (reader->next_batch(batch)) {
    std::ranges::for_each(batch, [&](const TraceEvent& event) { moments.add(event); });
    any = any || !batch.empty();
    batch.clear();
  }
  if (!any) {
    throw BadRecording(trace, 0, "no events of the page allocator in this recording");
  }
  RecordingWithMoments result = moments.finish();
  const std::string release = reader->origin().kernel_release;
  result.kernel_release = release.empty() ? release_beside(trace) : release;
  return result;
}

}  // namespace gbsim
