// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/churn_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <tuple>

#include "sim/allocator/gfp.h"
#include "sim/replay/kernel_gfp.h"

namespace gbsim {

namespace {

/** Flags that decide what an allocation does when memory is short; the others matter little. */
constexpr std::uint32_t kBehaviour = Gfp::direct_reclaim | Gfp::kswapd_reclaim | Gfp::high | Gfp::noretry |
                                     Gfp::retry_mayfail | Gfp::nofail;
constexpr std::uint32_t kRelevant = kBehaviour | Gfp::io | Gfp::fs | Gfp::account | Gfp::nomemalloc | Gfp::nowarn;

/** Runs of a class are told apart by size: large ones live unlike single pages. Sizes below these are one bucket. */
constexpr std::array<std::uint32_t, 4> kBuckets{2, 16, 128, ~0U};

/** Classes with less than this part of all pages and of all allocations join a larger one. */
constexpr double kMinor = 0.002;

/** The part of memory by which the phases of one class may misplace pages in time. */
constexpr double kTolerance = 0.0005;

/** Contiguity of what stays from before the recording, in pages: a pageblock. Nothing in a recording tells it. */
constexpr double kOldBurst = 512;

std::string_view type_name(Migratetype type) {
  constexpr std::array<std::string_view, kNrDemandTypes> kNames{"unmovable", "movable", "reclaimable"};
  return kNames[demand_type(type)];
}

/** What classes are told apart by. */
struct ClassKey {
  Order order{};
  Migratetype type = Migratetype::unmovable;
  std::string_view gfp{};
  std::string_view lru{};

  auto operator<=>(const ClassKey&) const = default;
};

// Anonymous memory is zeroed or huge, the page cache neither; a recording tells no more.
std::string_view lru_of(const DemandKind& kind) {
  if (kind.type != Migratetype::movable) {
    return "none";
  }
  const bool is_anon = gfp_of_kernel(kind.gfp).has(Gfp::zero) || kind.order.value >= 9;
  return is_anon ? "inactive_anon" : "inactive_file";
}

ClassKey key_of(const DemandKind& kind) {
  return {kind.order, static_cast<Migratetype>(demand_type(kind.type)), nearest_shape(kind.gfp), lru_of(kind)};
}

/** The classes of a demand: each recorded kind belongs to one. */
class ClassTable {
 public:
  explicit ClassTable(const RecordedDemand& demand) {
    std::map<ClassKey, std::uint64_t> counts;
    for (const RecordedAllocation& allocation : demand.allocations) {
      ++counts[key_of(demand.kinds[allocation.kind])];
    }
    std::uint64_t pages = 0;
    for (const auto& [key, count] : counts) {
      pages += count << key.order.value;
    }
    const auto is_minor = [&](const ClassKey& key, std::uint64_t count) {
      return static_cast<double>(count) < kMinor * static_cast<double>(demand.allocations.size()) &&
             static_cast<double>(count << key.order.value) < kMinor * static_cast<double>(pages);
    };
    for (const DemandKind& kind : demand.kinds) {
      const ClassKey key = key_of(kind);
      class_of_kind_.push_back(number_of(is_minor(key, counts[key]) ? largest_like(key, counts) : key));
    }
  }

  const std::vector<ClassKey>& keys() const { return keys_; }
  const std::vector<std::uint16_t>& class_of_kind() const { return class_of_kind_; }

 private:
  /** The most frequent class of the same order and type. */
  static ClassKey largest_like(const ClassKey& key, const std::map<ClassKey, std::uint64_t>& counts) {
    ClassKey best = key;
    std::uint64_t most = 0;
    for (const auto& [other, count] : counts) {
      const bool is_like = other.order == key.order && other.type == key.type;
      best = is_like && count > most ? other : best;
      most = is_like ? std::max(most, count) : most;
    }
    return best;
  }
  std::uint16_t number_of(const ClassKey& key) {
    const auto found = std::ranges::find(keys_, key);
    const auto number = static_cast<std::uint16_t>(found - keys_.begin());
    if (found == keys_.end()) {
      keys_.push_back(key);
    }
    return number;
  }

  std::vector<ClassKey> keys_;
  std::vector<std::uint16_t> class_of_kind_;
};

std::size_t bucket_of(std::uint32_t count) {
  return static_cast<std::size_t>(std::ranges::upper_bound(kBuckets, count) - kBuckets.begin());
}

/** @runs by their number of kinds, then bucket of size; order kept. */
std::vector<std::array<std::vector<DemandRun>, kBuckets.size()>> sorted_out(const std::vector<DemandRun>& runs,
                                                                            std::size_t kinds) {
  std::vector<std::array<std::vector<DemandRun>, kBuckets.size()>> result(kinds);
  for (const DemandRun& run : runs) {
    result[run.kind][bucket_of(run.count)].push_back(run);
  }
  return result;
}

Ns spacing_of(const std::vector<DemandRun>& runs) {
  std::int64_t gaps = 0;
  std::int64_t time = 0;
  for (const DemandRun& run : runs) {
    gaps += run.count - 1;
    time += (run.last - run.born).count();
  }
  return gaps > 0 ? Ns{time / gaps} : Ns{0};
}

FittedClass class_of(const ClassKey& key) {
  FittedClass cls;
  cls.name = fmt::format("{}-order{}", type_name(key.type), key.order.value);
  cls.order = key.order;
  cls.type = key.type;
  cls.gfp = key.gfp;
  cls.lru = key.lru;
  return cls;
}

/** Classes of what was there before the recording. */
class OldClasses {
 public:
  OldClasses(const RecordingWithMoments& recording, const RunRules& rules, std::vector<FittedClass>& classes)
      : recording_(recording), rules_(rules), classes_(classes) {}

  void add_dying() {
    const auto& blocks = recording_.demand.old_blocks;
    std::vector<ClassKey> keys;
    std::vector<std::uint16_t> kinds;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const ClassKey key = old_key(blocks[i].order, recording_.old.dying[i]);
      const auto found = std::ranges::find(keys, key);
      kinds.push_back(static_cast<std::uint16_t>(found - keys.begin()));
      if (found == keys.end()) {
        keys.push_back(key);
      }
    }
    const auto runs = find_old_runs(blocks, kinds, recording_.demand.begin, rules_);
    const auto by_kind = sorted_out(runs, keys.size());
    for (std::size_t kind = 0; kind < keys.size(); ++kind) {
      for (const std::vector<DemandRun>& bucket : by_kind[kind]) {
        add_bucket(keys[kind], bucket);
      }
    }
  }

  void add_staying() {
    for (std::size_t type = 0; type < kNrDemandTypes; ++type) {
      const std::uint64_t pages = recording_.old.stays[type].value;
      if (pages == 0) {
        continue;
      }
      FittedClass cls = class_of(old_key(Order{0}, static_cast<Migratetype>(type)));
      cls.name = fmt::format("stays-{}", type_name(static_cast<Migratetype>(type)));
      cls.burst = {std::min(kOldBurst, static_cast<double>(pages))};
      cls.initial = (pages + static_cast<std::uint64_t>(cls.burst.front()) / 2) /
                    static_cast<std::uint64_t>(cls.burst.front());
      classes_.push_back(std::move(cls));
    }
  }

 private:
  static ClassKey old_key(Order order, Migratetype type) {
    const bool is_movable = type == Migratetype::movable;
    return {order, type, is_movable ? "HIGHUSER_MOVABLE" : "KERNEL", is_movable ? "inactive_anon" : "none"};
  }
  void add_bucket(const ClassKey& key, const std::vector<DemandRun>& runs) {
    if (runs.empty()) {
      return;
    }
    FittedClass cls = class_of(key);
    cls.name = "old-" + cls.name;
    cls.burst = burst_quantiles(runs);
    cls.initial = runs.size();
    cls.initial_life = life_quantiles(runs, recording_.demand.end - recording_.demand.begin);
    classes_.push_back(std::move(cls));
  }

  const RecordingWithMoments& recording_;
  const RunRules& rules_;
  std::vector<FittedClass>& classes_;
};

/** Pages that phases may misplace: a part of memory, or of the demand where memory's size is not known. */
double tolerance_of(const RecordingWithMoments& recording) {
  if (!recording.moments.empty()) {
    return kTolerance * static_cast<double>(recording.moments.front().managed.value);
  }
  double pages = 0;
  for (const RecordedAllocation& allocation : recording.demand.allocations) {
    pages += static_cast<double>(recording.demand.kinds[allocation.kind].order.pages().value);
  }
  return kTolerance * pages;
}

/** The class of @runs, which are of @key and one bucket; nothing if there are none. */
void add_class(const ClassKey& key, const std::vector<DemandRun>& runs, const PhaseRules& rules, ChurnFit& fit) {
  if (runs.empty()) {
    return;
  }
  FittedClass cls = class_of(key);
  cls.burst = burst_quantiles(runs);
  cls.spacing = spacing_of(runs);
  cls.phases = find_phases(runs, rules);
  fit.classes.push_back(std::move(cls));
}

}  // namespace

std::string_view nearest_shape(std::uint32_t bits) {
  constexpr int kWeight = 4;
  const std::uint32_t wanted = gfp_of_kernel(bits).bits();
  std::string_view best;
  int least = 0;
  for (const GfpShape& shape : kGfpShapes) {
    const std::uint32_t differs = (wanted ^ shape.gfp.bits()) & kRelevant;
    const int distance = kWeight * std::popcount(differs & kBehaviour) + std::popcount(differs & ~kBehaviour);
    if (best.empty() || distance < least) {
      best = shape.name;
      least = distance;
    }
  }
  return best;
}

ChurnFit fit_churn(const RecordingWithMoments& recording, const FitOptions& options) {
  const RecordedDemand& demand = recording.demand;
  ChurnFit fit;
  fit.length = std::max(demand.end - demand.begin, Ns{1'000'000});
  fit.cpus = demand.cpus;
  fit.managed = recording.moments.empty() ? NrPages{} : recording.moments.front().managed;
  fit.allocations = demand.allocations.size();
  const RunRules rules{.cluster = options.cluster, .cell = fit.length / options.cells};
  OldClasses old(recording, rules, fit.classes);
  old.add_staying();
  old.add_dying();
  const ClassTable table(demand);
  const auto runs = sorted_out(find_runs(demand, table.class_of_kind(), rules), table.keys().size());
  PhaseRules phases{.length = fit.length, .cells = options.cells, .tolerance_pages = tolerance_of(recording)};
  for (std::size_t i = 0; i < table.keys().size(); ++i) {
    phases.block_pages = table.keys()[i].order.pages().value;
    std::ranges::for_each(runs[i], [&](const auto& bucket) { add_class(table.keys()[i], bucket, phases, fit); });
  }
  return fit;
}

}  // namespace gbsim
