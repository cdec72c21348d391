// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/mm/kernel_rules.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/read_ahead.h"
#include "sim/recording/side_events.h"

namespace gbsim {

namespace {

/** Gives all events of another reader, of which it has looked at the first: opening a trace.dat takes long. */
class PeekedReader : public EventReader {
 public:
  explicit PeekedReader(std::unique_ptr<EventReader> base) : base_(std::move(base)) {
    while (peeked_.empty() && base_->next_batch(peeked_)) {
    }
  }

  /** When the first event happened; zero if there is none. */
  Ns first_time() const { return peeked_.empty() ? Ns{0} : peeked_.front().time; }
  bool next_batch(std::vector<TraceEvent>& batch) override {
    if (peeked_.empty()) {
      return base_->next_batch(batch);
    }
    batch.insert(batch.end(), peeked_.begin(), peeked_.end());
    peeked_.clear();
    return true;
  }
  TraceOrigin origin() const override { return base_->origin(); }
  EventTally oddities() const override { return base_->oddities(); }

 private:
  std::unique_ptr<EventReader> base_;
  std::vector<TraceEvent> peeked_;
};

Pfn end_of(const KernelSnapshot& snapshot) {
  Pfn end{};
  for (const ZoneImage& zone : snapshot.zones) {
    end = std::max(end, zone.start + zone.spanned);
  }
  return end;
}

/** Those taken before @time show what was free then. */
void note_snapshots(SnapshotWalk& walk, Ns time, Surveyor& surveyor) {
  while (const ZoneImage* zone = walk.due(time)) {
    surveyor.note(*zone);
  }
}

}  // namespace

std::optional<KernelVersion> kernel_of_release(std::string_view release) {
  unsigned major = 0;
  unsigned minor = 0;
  const char* const end = release.data() + release.size();
  const auto dot = std::from_chars(release.data(), end, major);
  if (dot.ec != std::errc{} || dot.ptr == end || *dot.ptr != '.' ||
      std::from_chars(dot.ptr + 1, end, minor).ec != std::errc{}) {
    return std::nullopt;
  }
  return std::pair{major, minor} < std::pair{6U, 12U} ? KernelVersion::v6_1 : KernelVersion::v6_12;
}

Recording::Recording(const RecordingRequest& request) : request_(request), machine_(machine_beside(request.trace)) {
  auto opened = std::make_unique<PeekedReader>(open_trace(request.trace));
  first_time_ = opened->first_time();
  const auto found = request.snapshots ? request.snapshots : snapshots_beside(request.trace);
  if (found) {
    snapshots_ = std::make_unique<SnapshotSet>(*found);
    start_entry_ = &snapshots_->start(first_time_);
    start_ = snapshots_->load(*start_entry_, request.seed);
  }
  if (start_) {
    begun_ = std::ranges::max(start_->zones, {}, &ZoneImage::time).time;
  }
  const bool is_drawn = start_ && std::ranges::any_of(start_->zones, &ZoneImage::is_drawn);
  FirstUses uses;
  read_once(with_sides(std::move(opened), Untraced::as_allocations), is_drawn ? &uses : nullptr);
  if (is_drawn) {
    start_ = snapshots_->load(*start_entry_, request.seed, uses);
    remarks_.push_back("the snapshot has counts only: places of free blocks are drawn at random, but for what the "
                       "recording shows of them");
  }
  if (!survey_.untraced.empty()) {
    remarks_.push_back(fmt::format("{} pages were given out without an event (the bulk allocator does so), as what "
                                   "follows shows: they count as allocations of unmovable pages",
                                   survey_.untraced.size()));
  }
  if (const std::string remark = machine_.remark(); !remark.empty()) {
    remarks_.push_back(remark);
  }
}

std::unique_ptr<EventReader> Recording::events(Untraced untraced_pages) const {
  return with_sides(open_trace(request_.trace), untraced_pages);
}

std::unique_ptr<EventReader> Recording::with_sides(std::unique_ptr<EventReader> base, Untraced untraced_pages) const {
  std::vector<std::unique_ptr<SideEvents>> sides;
  if (const auto other = file_beside(request_.trace, "other.txt")) {
    sides.push_back(open_other(*other));
  }
  const auto hidden = request_.uses_aux ? file_beside(request_.trace, "hidden.csv") : std::nullopt;
  const bool wants_untraced = request_.uses_aux && untraced_pages == Untraced::as_allocations;
  const auto untraced = wants_untraced ? file_beside(request_.trace, "untraced.csv") : std::nullopt;
  if (hidden) {
    sides.push_back(open_hidden(*hidden));
  }
  if (untraced) {
    sides.push_back(open_untraced(*untraced, first_time_));
  } else if (wants_untraced && !survey_.untraced.empty()) {
    sides.push_back(untraced_events(survey_.untraced));
  }
  if (!sides.empty()) {
    base = std::make_unique<MergedReader>(std::move(base), std::move(sides));
  }
  return std::make_unique<ReadAhead>(std::move(base));
}

UntracedPages Recording::untraced() const {
  const auto file = request_.uses_aux ? file_beside(request_.trace, "untraced.csv") : std::nullopt;
  return file ? UntracedPages(*file, first_time_) : UntracedPages(survey_.untraced);
}

void Recording::read_once(std::unique_ptr<EventReader> reader, FirstUses* uses) {
  Surveyor surveyor(start_ ? end_of(*start_) : Pfn{}, request_.kernel);
  if (start_ && request_.uses_aux && !file_beside(request_.trace, "untraced.csv")) {
    surveyor.find_untraced();
  }
  // Where one is drawn, all are, and show nothing.
  SnapshotWalk walk = uses == nullptr ? later_snapshots() : SnapshotWalk(nullptr, Ns{0}, request_.seed);
  std::vector<TraceEvent> batch;
  while (reader->next_batch(batch)) {
    for (const TraceEvent& event : batch) {
      note_snapshots(walk, event.time, surveyor);
      surveyor.note(event);
    }
    if (uses != nullptr) {
      note_uses(batch, *uses);
    }
    batch.clear();
  }
  survey_ = std::move(surveyor).finish();
  choose_kernel(reader->origin());
}

void Recording::note_uses(const std::vector<TraceEvent>& batch, FirstUses& uses) const {
  for (const TraceEvent& event : batch) {
    if (has_begun(event)) {
      uses.note(event);
    }
  }
}

void Recording::choose_kernel(const TraceOrigin& origin) {
  const auto named = kernel_of_release(origin.kernel_release);
  if (!request_.kernel && !named && !survey_.kernel) {
    remarks_.push_back(fmt::format("the recording does not say which kernel made it: rules of {} are assumed "
                                   "(--kernel)",
                                   kernel_rules(kNewestKernel).name));
  }
  kernel_ = request_.kernel.value_or(named.value_or(survey_.kernel.value_or(kNewestKernel)));
}

Tunables Recording::tunables() const {
  Tunables tunables;
  tunables.kernel_rules = kernel_;
  set_tunable(tunables, "cpu.data_cache", kAssumedDataCache);
  for (const TunableSetting& setting : machine_.settings) {
    set_tunable(tunables, setting.name, setting.value);
  }
  return tunables;
}

const KernelSnapshot& Recording::start() const {
  if (!start_) {
    throw BadRecording(request_.trace, 0,
                       "no snapshot to start from beside it: snaps.tar.xz, snaps/, or name one with --snapshot");
  }
  return *start_;
}

bool Recording::has_begun(const TraceEvent& event) const {
  if (event.time > begun_) {
    return true;
  }
  const auto holds = [&](const ZoneImage& zone) {
    return event.pfn >= zone.start && event.pfn < zone.start + zone.spanned;
  };
  const auto zone = std::ranges::find_if(start().zones, holds);
  return zone != start().zones.end() && event.time > zone->time;
}

SnapshotWalk Recording::later_snapshots() const {
  if (!start_) {
    return SnapshotWalk(nullptr, Ns{0}, request_.seed);
  }
  return SnapshotWalk(snapshots_.get(), start_entry_->time.value_or(start_->time), request_.seed);
}

}  // namespace gbsim
