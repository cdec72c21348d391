// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <future>
#include <stdexcept>
#include <utility>

#include "sim/base/units.h"
#include "sim/mm/kernel_rules.h"
#include "sim/mm/pcp.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/event_fields.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/kept_batches.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/read_ahead.h"
#include "sim/recording/side_events.h"

namespace gbsim {

namespace {

/** Some events from the first on; empty if there is none. */
std::vector<TraceEvent> first_batch(EventReader& trace) {
  std::vector<TraceEvent> batch;
  while (batch.empty() && trace.next_batch(batch)) {
  }
  return batch;
}

/** One reading of an opened trace, of which some events may have been looked at already. */
class Reading : public EventReader {
 public:
  explicit Reading(std::shared_ptr<TraceReader> trace, std::vector<TraceEvent> begun = {})
      : trace_(std::move(trace)), begun_(std::move(begun)) {}

  bool next_batch(std::vector<TraceEvent>& batch) override {
    if (begun_.empty()) {
      return trace_->next_batch(batch);
    }
    batch.insert(batch.end(), begun_.begin(), begun_.end());
    begun_.clear();
    return true;
  }
  TraceOrigin origin() const override { return trace_->origin(); }
  EventTally oddities() const override { return trace_->oddities(); }

 private:
  std::shared_ptr<TraceReader> trace_;
  std::vector<TraceEvent> begun_;
};

PageGeometry geometry_of(const KernelSnapshot& snapshot) {
  PageGeometry geometry{.pageblock = snapshot.zones.front().orders.pageblock};
  for (const ZoneImage& zone : snapshot.zones) {
    geometry.end = std::max(geometry.end, zone.start + zone.spanned);
  }
  return geometry;
}

/** What untraced.csv tells, unless it is to be ignored: read while snapshots are unpacked, which takes as long. */
std::future<std::vector<UntracedStay>> listed_untraced(const RecordingRequest& request, Ns first_time) {
  const auto file = request.uses_aux ? file_beside(request.trace, "untraced.csv") : std::nullopt;
  return std::async(file ? std::launch::async : std::launch::deferred, [file, first_time] {
    return file ? read_untraced(*file, first_time) : std::vector<UntracedStay>{};
  });
}

/** Those taken before @time show what was free then. */
void note_snapshots(SnapshotWalk& walk, Ns time, Surveyor& surveyor) {
  while (const ZoneImage* zone = walk.due(time)) {
    surveyor.note(*zone);
  }
}

/** Lengths are easily taken for times of a clock that does not begin at zero. */
std::string ends_early(Ns until, Ns start) {
  return fmt::format("nothing is replayed: the recording's clock shows {} at the start, after {}, the time to stop at",
                     format_time(start), format_time(until));
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

Recording::Recording(const RecordingRequest& request) : request_(request) {
  if (is_gbtrace(request.trace)) {
    archive_ = RecordedFiles::unpack(request.trace);
  }
  machine_ = read_machine(files().below(kMachineDir));
  trace_ = std::make_shared<KeptBatches>(
      open_trace(archive_ ? archive_->open(kGbtraceTrace) : InputFile(request.trace)));
  std::vector<TraceEvent> first = first_batch(*trace_);
  const Ns first_time = first.empty() ? Ns{0} : first.front().time;
  auto listed = listed_untraced(request, first_time);
  open_snapshots(first_time);
  listed_untraced_ = listed.get();
  FirstUses uses;
  read_once(std::make_unique<Reading>(trace_, std::move(first)), is_drawn() ? &uses : nullptr);
  if (is_drawn()) {
    start_ = snapshots_->load(*start_entry_, request.seed, uses);
    remarks_.emplace_back("the snapshot has counts only: places of free blocks are drawn at random, but for what the "
                          "recording shows of them");
  }
  if (!survey_.untraced.empty()) {
    remarks_.push_back(fmt::format("{} pages were given out without an event (the bulk allocator does so), as what "
                                   "follows shows: they count as allocations of unmovable pages",
                                   survey_.untraced.size()));
  }
  if (const Ns start = std::max(begun_, first_time); request.until && *request.until < start) {
    remarks_.push_back(ends_early(*request.until, start));
  }
  if (const std::string remark = machine_.remark(); !remark.empty()) {
    remarks_.push_back(remark);
  }
}

RecordedFiles Recording::files() const {
  return archive_ ? *archive_ : RecordedFiles(std::filesystem::absolute(request_.trace).parent_path());
}

void Recording::open_snapshots(Ns first_time) {
  const auto named = request_.snapshots || archive_ ? request_.snapshots : snapshots_beside(request_.trace);
  if (named) {
    snapshots_ = std::make_unique<SnapshotSet>(*named);
  } else if (archive_) {
    snapshots_ = std::make_unique<SnapshotSet>(*archive_);
  } else {
    return;
  }
  start_entry_ = &snapshots_->start(first_time);
  // Where places are drawn, what the events show of them comes first.
  start_ = start_entry_->is_exact ? snapshots_->load(*start_entry_, request_.seed)
                                  : KernelSnapshot{.zones = snapshots_->load_zones(*start_entry_)};
  refuse_few_orders();
  begun_ = std::ranges::max(start_->zones, {}, &ZoneImage::time).time;
}

void Recording::refuse_few_orders() const {
  if (std::ranges::any_of(start_->zones, [](const ZoneImage& zone) { return zone.orders.max < kCostlyOrder; })) {
    throw BadRecording(start_entry_->files.path_of(start_entry_->is_exact ? "pgsnap" : "buddyinfo"), 0,
                       fmt::format("a zone without blocks of order {}, to which per-CPU lists go in every kernel",
                                   kCostlyOrder.value));
  }
}

std::unique_ptr<EventReader> Recording::events(Untraced untraced) const {
  if (trace_.use_count() > 1) {
    throw std::logic_error("a recording has one reader at a time");
  }
  trace_->rewind();
  auto merged = with_sides(std::make_unique<Reading>(trace_), untraced);
  return std::make_unique<ReadAhead>(
      std::make_unique<SourceScanReader>(std::move(merged), survey_.source_scans));
}

std::unique_ptr<EventReader> Recording::with_sides(std::unique_ptr<EventReader> base, Untraced untraced) const {
  const std::uint32_t cpus = base->origin().cpus;
  std::vector<std::unique_ptr<SideEvents>> sides;
  if (const auto other = file_beside(request_.trace, "other.txt")) {
    sides.push_back(open_other(*other, cpus));
  }
  const auto hidden = request_.uses_aux ? file_beside(request_.trace, "hidden.csv") : std::nullopt;
  if (hidden) {
    sides.push_back(open_hidden(*hidden, cpus));
  }
  for (const std::vector<UntracedStay>* stays : {&listed_untraced_, &survey_.untraced}) {
    if (untraced == Untraced::as_allocations && !stays->empty()) {
      sides.push_back(untraced_events(*stays));
    }
  }
  if (!sides.empty()) {
    base = std::make_unique<MergedReader>(std::move(base), std::move(sides));
  }
  return base;
}

UntracedPages Recording::untraced() const {
  std::vector<UntracedStay> stays = listed_untraced_;
  stays.insert(stays.end(), survey_.untraced.begin(), survey_.untraced.end());
  return UntracedPages(std::move(stays));
}

void Recording::read_once(std::unique_ptr<EventReader> trace, FirstUses* uses) {
  const auto reader = std::make_unique<ReadAhead>(with_sides(std::move(trace), Untraced::as_allocations));
  Surveyor surveyor(start_ ? geometry_of(*start_) : PageGeometry{}, request_.kernel);
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

void Recording::require(EventKind kind, std::string_view why) const {
  if (survey_.count(kind) == 0) {
    throw BadRecording(request_.trace, 0,
                       fmt::format("no {} among its {} events: {} (gbsim record takes all that replays use)",
                                   event_name(kind), survey_.events, why));
  }
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
  return SnapshotWalk(snapshots_.get(), start_entry_->time.value_or(start_->time), request_.seed, &*start_);
}

}  // namespace gbsim
