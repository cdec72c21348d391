// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "sim/base/text.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/proc_snapshot.h"
#include "sim/recording/snapshot_draw.h"
#include "sim/recording/text_lines.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

/** NNN_LABEL; nothing if @name is of another kind. */
std::optional<SnapshotEntry> entry_of(const std::string& name, const RecordedFiles& files) {
  SnapshotEntry entry{.files = files};
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), entry.sequence);
  if (error != std::errc{} || end == name.data() + name.size() || *end != '_') {
    return std::nullopt;
  }
  entry.label = std::string(end + 1, name.data() + name.size());
  entry.is_exact = files.has("pgsnap");
  return entry.is_exact || files.has("buddyinfo") ? std::optional{entry} : std::nullopt;
}

KernelSnapshot read_lists(const SnapshotEntry& entry) {
  return parse_pgsnap(read_whole(entry.files.open("pgsnap")), entry.files.path_of("pgsnap"));
}

std::vector<ProcZone> read_counts(const SnapshotEntry& entry) {
  std::vector<ProcZone> zones = read_proc_files(entry.files);
  for (ProcZone& zone : zones) {
    zone.image.time = entry.time.value_or(Ns{0});
  }
  return zones;
}

KernelSnapshot draw_places(const SnapshotEntry& entry, std::uint64_t seed, const FirstUses& uses) {
  KernelSnapshot snapshot = draw_snapshot(read_counts(entry), uses, seed, entry.files.path_of("pagetypeinfo"));
  snapshot.time = entry.time.value_or(Ns{0});
  snapshot.file = entry.files.path_of("pagetypeinfo");
  return snapshot;
}

}  // namespace

SnapshotSet::SnapshotSet(const fs::path& source) {
  if (fs::is_directory(source)) {
    read_folder(source);
  } else if (is_gbtrace(source)) {
    read_folder(RecordedFiles::unpack(source));
  } else if (source.filename() == "pgsnap") {
    entries_.push_back(SnapshotEntry{0, "start", fs::absolute(source).parent_path(), std::nullopt, true});
  }
  refuse_none(source);
}

SnapshotSet::SnapshotSet(const RecordedFiles& files) {
  read_folder(files);
  refuse_none(files.path_of(""));
}

void SnapshotSet::refuse_none(const fs::path& source) const {
  if (entries_.empty()) {
    throw BadRecording(source, 0, "no snapshots: wanted are directories NNN_LABEL with pgsnap, or buddyinfo and "
                                  "pagetypeinfo; or a tar archive of them; or one file named pgsnap");
  }
}

void SnapshotSet::read_folder(const RecordedFiles& files) {
  for (const RecordedFiles& place : {files, files.below(kGbtraceSnapshots)}) {
    find_entries(place);
  }
  read_times(files);
  read_times(files.below(kGbtraceSnapshots));
  std::ranges::sort(entries_, {}, &SnapshotEntry::sequence);
}

void SnapshotSet::find_entries(const RecordedFiles& place) {
  for (const std::string& name : place.names()) {
    if (const auto entry = entry_of(name, place.below(name))) {
      entries_.push_back(*entry);
    }
  }
}

/** Rows under a heading with seq and t_ns. The last file of a snapshot tells when it was complete. */
void SnapshotSet::read_times(const RecordedFiles& place) {
  if (!place.has("index.csv")) {
    return;
  }
  TextLines lines(place.open("index.csv"));
  const auto heading = split_fields(lines.next().value_or(""), ',');
  const auto column = std::ranges::find(heading, "t_ns") - heading.begin();
  if (heading[0] != "seq" || column == std::ssize(heading)) {
    lines.fail("an index of snapshots is headed seq,label,...,t_ns");
  }
  while (const auto row = lines.next()) {
    const auto fields = split_fields(*row, ',');
    const auto sequence = whole_number<unsigned>(fields[0]);
    const auto time = std::ssize(fields) > column ? whole_number<std::int64_t>(fields[static_cast<std::size_t>(column)])
                                                  : std::nullopt;
    if (!sequence || !time) {
      lines.fail("this row has no number and time of a snapshot");
    }
    const auto found = std::ranges::find(entries_, *sequence, &SnapshotEntry::sequence);
    if (found != entries_.end()) {
      found->time = Ns{*time};
    }
  }
}

bool SnapshotSet::any_exact() const { return std::ranges::any_of(entries_, &SnapshotEntry::is_exact); }

std::vector<const SnapshotEntry*> SnapshotSet::after(Ns time) const {
  std::vector<const SnapshotEntry*> later;
  for (const SnapshotEntry& entry : entries_) {
    if (entry.time && *entry.time > time) {
      later.push_back(&entry);
    }
  }
  std::ranges::stable_sort(later, {}, [](const SnapshotEntry* entry) { return *entry->time; });
  return later;
}

const SnapshotEntry& SnapshotSet::start(Ns begin) const {
  const bool is_exact = any_exact();
  const auto serves = [&](const SnapshotEntry& entry) {
    return entry.is_exact == is_exact && entry.time.value_or(begin) + kQuiet >= begin;
  };
  const auto named = std::ranges::find_if(entries_, [&](const SnapshotEntry& entry) {
    return serves(entry) && entry.label == "start";
  });
  if (named != entries_.end()) {
    return *named;
  }
  const auto first = std::ranges::find_if(entries_, serves);
  const auto last = std::find_if(entries_.rbegin(), entries_.rend(), [&](const SnapshotEntry& entry) {
    return entry.is_exact == is_exact;
  });
  return first != entries_.end() ? *first : *last;
}

KernelSnapshot SnapshotSet::load_lists(const SnapshotEntry& entry, std::uint64_t seed, const FirstUses& uses) const {
  KernelSnapshot snapshot = entry.is_exact ? read_lists(entry) : draw_places(entry, seed, uses);
  snapshot.sequence = entry.sequence;
  snapshot.label = entry.label;
  return snapshot;
}

KernelSnapshot SnapshotSet::load(const SnapshotEntry& entry, std::uint64_t seed, const FirstUses& uses) const {
  KernelSnapshot snapshot = load_lists(entry, seed, uses);
  const std::string classes = entry.files.text("kpageclass");
  const ZoneImage& last = snapshot.zones.back();
  if (const Pfn end = last.start + last.spanned; !classes.empty() && classes.size() < end.value) {
    throw BadRecording(entry.files.path_of("kpageclass"), classes.size(),
                       fmt::format("the file ends before page {}, the last zone has pages up to {}: it was cut short",
                                   classes.size(), end.value));
  }
  snapshot.classes.assign(classes.begin(), classes.end());
  return snapshot;
}

std::vector<ZoneImage> SnapshotSet::load_zones(const SnapshotEntry& entry) const {
  if (entry.is_exact) {
    return read_lists(entry).zones;
  }
  std::vector<ZoneImage> zones;
  for (ProcZone& zone : read_counts(entry)) {
    zones.push_back(std::move(zone.image));
  }
  return zones;
}

std::optional<fs::path> snapshots_beside(const fs::path& trace) {
  const fs::path dir = fs::absolute(trace).parent_path();
  for (const char* name : {"snaps.tar.xz", "snaps.tar.zst", "snaps.tar", "snaps"}) {
    if (fs::exists(dir / name)) {
      return dir / name;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
