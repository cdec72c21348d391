// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/recording/event_reader.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/recorded_files.h"
#include "sim/recording/recorded_machine.h"
#include "sim/recording/snapshot_walk.h"
#include "sim/recording/trace_survey.h"
#include "sim/recording/untraced_pages.h"

namespace gbsim {

/** What becomes of pages that left the buddy and were never announced: see UntracedPages. */
enum class Untraced : std::uint8_t { left_out, as_allocations };

/** Which recording, and what of it. Times are of its clock. */
struct RecordingRequest {
  std::filesystem::path trace{};
  std::optional<std::filesystem::path> snapshots{};  // else those beside the trace
  std::optional<Ns> until{};
  std::optional<KernelVersion> kernel{};  // else what the recording tells
  bool uses_aux = true;                   // files beside the trace that say what it cannot show
  std::uint64_t seed = 1;                 // of places that a snapshot does not tell
};

/** A recording with all that lies beside it. */
class Recording {
 public:
  /** Opens and surveys @request's recording: reads it once. Throws BadRecording. */
  explicit Recording(const RecordingRequest& request);
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  /**
   * Its events from the first on, those of auxiliary files in their places. The recording outlives the reader. Throws
   * BadRecording, and std::logic_error while an earlier reader lives: they share the opened trace.
   */
  std::unique_ptr<EventReader> events(Untraced untraced = Untraced::as_allocations) const;
  /** What untraced.csv beside it tells, unless that is to be ignored, and what its events show besides. */
  UntracedPages untraced() const;
  /** Of events(). */
  const TraceSurvey& survey() const { return survey_; }
  /** Throws BadRecording if events() has none of @kind, a tracepoint's; @why says what needs it, or does without. */
  void require(EventKind kind, std::string_view why) const;
  /** As asked for; else as the recording says, as its events look, or the newest. */
  KernelVersion kernel() const { return kernel_; }
  /** Those of a machine under the rules of kernel(), set as the recorded one as far as that is known. */
  Tunables tunables() const;
  /** As files kept with the recording tell. */
  const RecordedMachine& machine() const { return machine_; }
  /** Nothing: there is none. */
  const SnapshotSet* snapshots() const { return snapshots_.get(); }
  /** What the replay starts from. Throws BadRecording if there is no snapshot. */
  const KernelSnapshot& start() const;
  /** Exact snapshots after the start. */
  SnapshotWalk later_snapshots() const;
  /** The event lies after the start: after its zone was taken, for zones are taken one after the other. */
  bool has_begun(const TraceEvent& event) const;
  bool is_over(const TraceEvent& event) const { return request_.until && event.time > *request_.until; }
  const RecordingRequest& request() const { return request_; }
  /** What readers of the result must know of this recording. */
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  /** Files that belong to it: in the .gbtrace, else in the folder of the trace. */
  RecordedFiles files() const;
  /** @first_time: of its first event. */
  void open_snapshots(Ns first_time);
  void refuse_few_orders() const;
  /** The start has counts only. */
  bool is_drawn() const { return start_entry_ != nullptr && !start_entry_->is_exact; }
  /** @base with events of the files beside it put into their places, decoded ahead. */
  std::unique_ptr<EventReader> with_sides(std::unique_ptr<EventReader> base, Untraced untraced) const;
  /** @uses: nullptr, or where to note what pages were used for first. */
  void read_once(std::unique_ptr<EventReader> trace, FirstUses* uses);
  void note_uses(const std::vector<TraceEvent>& batch, FirstUses& uses) const;
  void choose_kernel(const TraceOrigin& origin);

  RecordingRequest request_;
  std::optional<RecordedFiles> archive_;  // nothing: it is no .gbtrace
  std::shared_ptr<TraceReader> trace_;
  RecordedMachine machine_;
  std::unique_ptr<SnapshotSet> snapshots_;
  const SnapshotEntry* start_entry_ = nullptr;
  std::optional<KernelSnapshot> start_;
  Ns begun_{0};  // the last zone of start_ was taken
  std::vector<UntracedStay> listed_untraced_;  // in untraced.csv; what was found is in survey_
  TraceSurvey survey_;
  KernelVersion kernel_ = KernelVersion::v6_12;
  std::vector<std::string> remarks_;
};

/**
 * The rules nearest to the kernel that uname -r names @release: of 6.1 before 6.12, of 6.12 from there on; nothing if
 * @release does not begin with a version.
 */
std::optional<KernelVersion> kernel_of_release(std::string_view release);

}  // namespace gbsim
