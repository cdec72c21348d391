// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/recording/first_uses.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/recorded_files.h"

namespace gbsim {

/** A recording that goes on may be without events for so long: snapshots before its first or after its last are its. */
inline constexpr Ns kQuiet{1'000'000'000};

/** One snapshot of a recording, not yet read. */
struct SnapshotEntry {
  unsigned sequence = 0;
  std::string label{};
  RecordedFiles files;
  std::optional<Ns> time{};     // of the recording's clock; nothing if the recorder did not say
  bool is_exact = false;        // has free lists in order (pgsnap), not only counts
};

/**
 * The snapshots of a recording: directories NNN_LABEL with buddyinfo, pagetypeinfo, zoneinfo and perhaps pgsnap and
 * kpageclass, beside an index.csv with times; as a directory or packed in a tar archive.
 */
class SnapshotSet {
 public:
  /** Opens @source, a directory, a tar archive or one pgsnap file. Throws BadRecording if it holds no snapshot. */
  explicit SnapshotSet(const std::filesystem::path& source);
  /** Those among @files. Throws BadRecording if there is none. */
  explicit SnapshotSet(const RecordedFiles& files);

  /** In order of their numbers. */
  const std::vector<SnapshotEntry>& entries() const { return entries_; }
  /** Any has free lists in order: then those with counts only are neither started from nor compared with. */
  bool any_exact() const;
  /** Those whose time is known and after @time, in order of time; valid as long as the set. */
  std::vector<const SnapshotEntry*> after(Ns time) const;
  /**
   * Where the replay of a trace that begins at @begin starts: of the exact ones, or of all if none is exact, the one
   * labelled `start`, unless the trace begins a second or more later; then the first since; if there is none, the last.
   */
  const SnapshotEntry& start(Ns begin) const;
  /** Reads one; where it has only counts, places are drawn from @seed, as @uses allow. Throws BadRecording. */
  KernelSnapshot load(const SnapshotEntry& entry, std::uint64_t seed, const FirstUses& uses = {}) const;
  /** The same without classes of pages, by far the most there is to read. */
  KernelSnapshot load_lists(const SnapshotEntry& entry, std::uint64_t seed, const FirstUses& uses = {}) const;
  /** Its zones with what every snapshot knows of them: watermarks, sizes and the like. Throws BadRecording. */
  std::vector<ZoneImage> load_zones(const SnapshotEntry& entry) const;

 private:
  void read_folder(const RecordedFiles& files);
  void find_entries(const RecordedFiles& place);
  void read_times(const RecordedFiles& place);
  void refuse_none(const std::filesystem::path& source) const;

  std::vector<SnapshotEntry> entries_;
};

/** Snapshots beside @trace: snaps.tar.xz, snaps/ and the like; nothing if there are none. */
std::optional<std::filesystem::path> snapshots_beside(const std::filesystem::path& trace);

}  // namespace gbsim
