// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/churn_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "sim/demand/class_table.h"
#include "sim/demand/demand_runs.h"
#include "sim/demand/reclaim_horizon.h"
#include "sim/demand/run_sketch.h"

namespace gbsim {

namespace {

/** Runs of a class are told apart by size: large ones live unlike single pages. Sizes below these are one bucket. */
constexpr std::array<std::uint32_t, 4> kBuckets{2, 16, 128, ~0U};

/** The part of memory by which the phases of one class may misplace pages in time. */
constexpr double kTolerance = 0.0005;

/** Contiguity of what stays from before the recording, in pages: a pageblock. Nothing in a recording tells it. */
constexpr double kOldBurst = 512;

std::string_view type_name(Migratetype type) {
  constexpr std::array<std::string_view, kNrDemandTypes> kNames{"unmovable", "movable", "reclaimable"};
  return kNames[demand_type(type)];
}

/** How runs end, as far as it makes laws of lives unlike. */
enum class RunEnd : std::uint8_t {
  soon,       // within a cell of time after their birth
  later,
  never,      // within the recording
  reclaimed,
};

RunEnd end_of(const DemandRun& run, const TimeCells& time) {
  if (run.reclaimed) {
    return RunEnd::reclaimed;
  }
  if (run.outlives()) {
    return RunEnd::never;
  }
  return time.within_one(run.died - run.last) ? RunEnd::soon : RunEnd::later;
}

/** What laws are made for, one by one. */
struct RunSort {
  std::uint16_t cls;
  std::ptrdiff_t bucket;
  RunEnd end;
  bool used;

  auto operator<=>(const RunSort&) const = default;
};

/** Runs told apart by class, by size, by how they end, and by whether they had been used again. */
class SortedRuns {
 public:
  explicit SortedRuns(const TimeCells& time) : time_(time) {}

  void add(const DemandRun& run) {
    const auto bucket = std::ranges::upper_bound(kBuckets, run.count) - kBuckets.begin();
    sketches_.try_emplace({run.cls, bucket, end_of(run, time_), run.used}, time_).first->second.add(run);
  }
  /** Calls @each with what they have in common, and with what is kept of them. */
  template <class Each>
  void for_each(Each each) const {
    for (const auto& [sort, sketch] : sketches_) {
      each(sort, sketch);
    }
  }

 private:
  TimeCells time_;
  std::map<RunSort, RunSketch> sketches_;
};

FittedClass class_of(const ClassKey& key) {
  FittedClass cls;
  cls.name = fmt::format("{}-order{}", type_name(key.type), key.order.value);
  cls.order = key.order;
  cls.type = key.type;
  cls.gfp = key.gfp;
  cls.lru = key.lru;
  return cls;
}

/** What was there before the recording and dies in it. */
void add_dying(const RecordingWithMoments& recording, const RunRules& rules, const TimeCells& time, ChurnFit& fit) {
  const auto& blocks = recording.demand.old_blocks;
  std::vector<ClassKey> keys;
  std::vector<std::uint16_t> classes;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const ClassKey key = old_class_key(blocks[i].order, recording.old.dying[i]);
    const auto found = std::ranges::find(keys, key);
    classes.push_back(static_cast<std::uint16_t>(found - keys.begin()));
    if (found == keys.end()) {
      keys.push_back(key);
    }
  }
  SortedRuns sorted({time.length, 1});
  for (const DemandRun& run : find_old_runs(blocks, classes, recording.demand.begin, rules)) {
    sorted.add(run);
  }
  sorted.for_each([&](const RunSort& sort, const RunSketch& sketch) {
    FittedClass cls = class_of(keys[sort.cls]);
    cls.name = "old-" + cls.name;
    cls.burst = sketch.bursts();
    cls.initial = sketch.runs();
    cls.initial_life = sketch.lives().front().quantiles();
    fit.classes.push_back(std::move(cls));
  });
}

/** What was there before the recording and outlives it. */
void add_staying(const RecordingWithMoments& recording, ChurnFit& fit) {
  for (std::size_t type = 0; type < kNrDemandTypes; ++type) {
    const std::uint64_t pages = recording.old.stays[type].value;
    if (pages == 0) {
      continue;
    }
    FittedClass cls = class_of(old_class_key(Order{0}, static_cast<Migratetype>(type)));
    cls.lru = list_of_used(cls.lru);
    cls.name = fmt::format("stays-{}", type_name(static_cast<Migratetype>(type)));
    cls.burst = {std::min(kOldBurst, static_cast<double>(pages))};
    cls.initial = (pages + static_cast<std::uint64_t>(cls.burst.front()) / 2) /
                  static_cast<std::uint64_t>(cls.burst.front());
    fit.classes.push_back(std::move(cls));
  }
}

/** Pages that phases may misplace: a part of memory, or of the demand where memory's size is not known. */
double tolerance_of(const RecordingWithMoments& recording) {
  if (!recording.moments.empty()) {
    return kTolerance * static_cast<double>(recording.moments.front().managed.value);
  }
  double pages = 0;
  for (std::size_t kind = 0; kind < recording.demand.kinds.size(); ++kind) {
    pages += static_cast<double>(recording.demand.counts[kind] << recording.demand.kinds[kind].order.value);
  }
  return kTolerance * pages;
}

/** The allocations of a recording, as runs of one, with what reclaim did to each. */
class RecordedLives {
 public:
  RecordedLives(const RecordingWithMoments& recording, const ClassTable& table, const TimeCells& time)
      : recording_(recording), table_(table), file_(time), anon_(time), drops_(windows_of(recording)) {
    for_each([&](const DemandRun& run, const RecordedAllocation& life) {
      if (run.reclaimed) {
        horizon(run.cls).took(run.born, run.died, pages(life));
      } else if (lru(run.cls) == kPageCacheList) {
        drops_.add(run.died, pages(life));
      }
    });
    file_.close();
    anon_.close();
  }

  /** Calls @each with the run and the recorded allocation, by birth. */
  template <class Each>
  void for_each(Each each) const {
    LifeReader lives(recording_.demand.allocations);
    while (const RecordedAllocation* life = lives.next()) {
      each(run_of(*life), *life);
    }
  }
  std::uint64_t pages(const RecordedAllocation& life) const {
    return recording_.demand.kinds[life.kind].order.pages().value;
  }
  /** Reclaim passed it over: it had been used again. */
  bool was_used(const DemandRun& run) const {
    return !run.reclaimed && lru(run.cls) != "none" && horizon(run.cls).passed_over(run.born, run.died);
  }
  const CacheDrops& drops() const { return drops_; }

 private:
  std::string_view lru(std::uint16_t cls) const { return table_.keys()[cls].lru; }
  const ReclaimHorizon& horizon(std::uint16_t cls) const { return lru(cls) == kAnonList ? anon_ : file_; }
  ReclaimHorizon& horizon(std::uint16_t cls) { return lru(cls) == kAnonList ? anon_ : file_; }

  static std::vector<DropWindow> windows_of(const RecordingWithMoments& recording) {
    std::vector<DropWindow> windows = recording.drops;
    for (DropWindow& window : windows) {
      window = {window.after - recording.demand.begin, window.until - recording.demand.begin};
    }
    return windows;
  }
  bool was_reclaimed(std::uint16_t cls, Ns died) const {
    return (lru(cls) == kPageCacheList && recording_.reclaim.took(died)) ||
           (lru(cls) == kAnonList && recording_.swapping.took(died));
  }
  DemandRun run_of(const RecordedAllocation& life) const {
    const Ns begin = recording_.demand.begin;
    const Ns born = life.born - begin;
    const Ns died = life.died == Ns::max() ? Ns::max() : life.died - begin;
    const std::uint16_t cls = table_.class_of(life.kind);
    return {born, born, died, 1, cls, was_reclaimed(cls, life.died)};
  }

  const RecordingWithMoments& recording_;
  const ClassTable& table_;
  ReclaimHorizon file_;
  ReclaimHorizon anon_;
  CacheDrops drops_;
};

/** The runs of the recording's own allocations. */
SortedRuns runs_of(const RecordedLives& lives, const RunRules& rules, const TimeCells& time) {
  SortedRuns sorted(time);
  RunFinder finder(rules, [&](const DemandRun& run) { sorted.add(run); });
  lives.for_each([&](DemandRun run, const RecordedAllocation& life) {
    run.used = lives.was_used(run);
    finder.add(run, life.cpu, lives.pages(life));
  });
  finder.finish();
  return sorted;
}

std::vector<unsigned> cells_of(const std::vector<Ns>& times, const TimeCells& time) {
  std::vector<unsigned> cells;
  std::ranges::transform(times, std::back_inserter(cells), [&](Ns at) { return time.at(at); });
  return cells;
}

/** What reclaim has left when caches are dropped ends then. */
void end_with_drops(std::vector<FittedPhase>& phases, const CacheDrops& drops) {
  Ns begin{0};
  for (FittedPhase& phase : phases) {
    if (phase.allocations_per_second > 0) {
      phase.ends = drops.ends_after(begin);
    }
    begin += phase.lasts;
  }
}

/** Page cache left to reclaim: its phases end when caches are dropped, too. */
std::vector<FittedPhase> cache_phases(const RunSketch& sketch, PhaseRules rules, const CacheDrops& drops) {
  rules.cuts = cells_of(drops.middles(), sketch.time());
  std::vector<FittedPhase> phases = find_phases(sketch, rules);
  end_with_drops(phases, drops);
  return phases;
}

void add_classes(const RecordingWithMoments& recording, const RunRules& rules, const TimeCells& time, ChurnFit& fit) {
  const ClassTable table(recording.demand);
  const double tolerance = tolerance_of(recording);
  const RecordedLives lives(recording, table, time);
  runs_of(lives, rules, time).for_each([&](const RunSort& sort, const RunSketch& sketch) {
    const ClassKey& key = table.keys()[sort.cls];
    FittedClass cls = class_of(key);
    cls.left_to_reclaim = sort.end == RunEnd::reclaimed;
    cls.name += !cls.left_to_reclaim ? "" : key.lru == kAnonList ? "-swap" : "-cache";
    cls.lru = sort.used ? list_of_used(key.lru) : key.lru;
    cls.burst = sketch.bursts();
    cls.spacing = sketch.spacing();
    const PhaseRules phase_rules{tolerance, cls.order.pages().value};
    const bool is_dropped = cls.left_to_reclaim && key.lru == kPageCacheList;
    cls.phases = is_dropped ? cache_phases(sketch, phase_rules, lives.drops()) : find_phases(sketch, phase_rules);
    fit.classes.push_back(std::move(cls));
  });
}

}  // namespace

ChurnFit fit_churn(const RecordingWithMoments& recording, const FitOptions& options) {
  const RecordedDemand& demand = recording.demand;
  ChurnFit fit;
  fit.length = std::max(demand.end - demand.begin, Ns{1'000'000});
  fit.cpus = demand.cpus;
  fit.managed = recording.moments.empty() ? NrPages{} : recording.moments.front().managed;
  fit.swap_bytes = recording.swap_bytes;
  fit.allocations = demand.allocations.size();
  const TimeCells time{fit.length, options.cells};
  const RunRules rules{.cluster = options.cluster, .cell = fit.length / options.cells};
  add_staying(recording, fit);
  add_dying(recording, rules, time, fit);
  add_classes(recording, rules, time, fit);
  return fit;
}

}  // namespace gbsim
