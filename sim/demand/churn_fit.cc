// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/churn_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "sim/demand/class_table.h"
#include "sim/demand/demand_runs.h"
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

/** Runs told apart by class, by size, and by how they end. */
class SortedRuns {
 public:
  explicit SortedRuns(const TimeCells& time) : time_(time) {}

  void add(const DemandRun& run) {
    const auto bucket = std::ranges::upper_bound(kBuckets, run.count) - kBuckets.begin();
    sketches_.try_emplace({run.cls, bucket, end_of(run, time_)}, time_).first->second.add(run);
  }
  /** Calls @each with the class, with how runs end, and with what is kept of them. */
  template <class Each>
  void for_each(Each each) const {
    for (const auto& [place, sketch] : sketches_) {
      each(std::get<0>(place), std::get<2>(place), sketch);
    }
  }

 private:
  TimeCells time_;
  std::map<std::tuple<std::uint16_t, std::ptrdiff_t, RunEnd>, RunSketch> sketches_;
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
  sorted.for_each([&](std::uint16_t number, RunEnd /*end*/, const RunSketch& sketch) {
    FittedClass cls = class_of(keys[number]);
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

bool was_reclaimed(const RecordingWithMoments& recording, const ClassKey& cls, Ns died) {
  return (cls.lru == kPageCacheList && recording.reclaim.took(died)) ||
         (cls.lru == kAnonList && recording.swapping.took(died));
}

/** The runs of the recording's own allocations. */
SortedRuns runs_of(const RecordingWithMoments& recording, const ClassTable& table, const RunRules& rules,
                   const TimeCells& time) {
  const RecordedDemand& demand = recording.demand;
  SortedRuns sorted(time);
  RunFinder finder(rules, [&](const DemandRun& run) { sorted.add(run); });
  LifeReader lives(demand.allocations);
  while (const RecordedAllocation* life = lives.next()) {
    const Ns born = life->born - demand.begin;
    const Ns died = life->died == Ns::max() ? Ns::max() : life->died - demand.begin;
    const DemandKind& kind = demand.kinds[life->kind];
    const std::uint16_t cls = table.class_of(life->kind);
    const bool reclaimed = was_reclaimed(recording, table.keys()[cls], life->died);
    finder.add({born, born, died, 1, cls, reclaimed}, life->cpu, kind.order.pages().value);
  }
  finder.finish();
  return sorted;
}

void add_classes(const RecordingWithMoments& recording, const RunRules& rules, const TimeCells& time, ChurnFit& fit) {
  const ClassTable table(recording.demand);
  const double tolerance = tolerance_of(recording);
  const SortedRuns sorted = runs_of(recording, table, rules, time);
  sorted.for_each([&](std::uint16_t number, RunEnd end, const RunSketch& sketch) {
    FittedClass cls = class_of(table.keys()[number]);
    cls.left_to_reclaim = end == RunEnd::reclaimed;
    cls.name += !cls.left_to_reclaim ? "" : cls.lru == kAnonList ? "-swap" : "-cache";
    cls.burst = sketch.bursts();
    cls.spacing = sketch.spacing();
    cls.phases = find_phases(sketch, {tolerance, cls.order.pages().value});
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
