// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_set.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>

#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/proc_snapshot.h"
#include "sim/recording/text_lines.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

/** NNN_LABEL; nothing if the name is of another kind. */
std::optional<SnapshotEntry> entry_of(const fs::path& dir) {
  const std::string name = dir.filename().string();
  SnapshotEntry entry;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), entry.sequence);
  if (error != std::errc{} || end == name.data() + name.size() || *end != '_') {
    return std::nullopt;
  }
  entry.label = std::string(end + 1, name.data() + name.size());
  entry.dir = dir;
  entry.is_exact = fs::exists(dir / "pgsnap");
  return entry.is_exact || fs::exists(dir / "buddyinfo") ? std::optional{entry} : std::nullopt;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, ',');) {
    fields.push_back(field);
  }
  return fields;
}

template <class Number>
std::optional<Number> number_of(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

/** An archive has much else: the trace, and what people look at. vmstat and meminfo are for whoever fits demand. */
bool is_read(const fs::path& member) {
  constexpr std::array<std::string_view, 8> kRead{"index.csv",    "pgsnap",   "kpageclass", "buddyinfo",
                                                  "pagetypeinfo", "zoneinfo", "vmstat",     "meminfo"};
  return std::ranges::find(kRead, member.filename().string()) != kRead.end();
}

}  // namespace

SnapshotSet::SnapshotSet(const fs::path& source) {
  if (fs::is_directory(source)) {
    read_directory(source);
  } else if (is_gbtrace(source)) {
    unpacked_ = std::make_unique<TempDir>();
    unpack_gbtrace(source, unpacked_->path(), is_read);
    read_directory(unpacked_->path());
  } else if (source.filename() == "pgsnap") {
    entries_.push_back(SnapshotEntry{0, "start", fs::absolute(source).parent_path(), std::nullopt, true});
  }
  if (entries_.empty()) {
    throw BadRecording(source, 0, "no snapshots: wanted are directories NNN_LABEL with pgsnap, or buddyinfo and "
                                  "pagetypeinfo; or a tar archive of them; or one file named pgsnap");
  }
}

void SnapshotSet::read_directory(const fs::path& dir) {
  for (const fs::path& place : {dir, dir / kGbtraceSnapshots}) {
    if (fs::is_directory(place)) {
      find_entries(place);
    }
  }
  read_times(dir);
  read_times(dir / kGbtraceSnapshots);
  std::ranges::sort(entries_, {}, &SnapshotEntry::sequence);
}

void SnapshotSet::find_entries(const fs::path& place) {
  for (const auto& found : fs::directory_iterator(place)) {
    if (const auto entry = entry_of(found.path())) {
      entries_.push_back(*entry);
    }
  }
}

/** Rows under a heading with seq and t_ns. The last file of a snapshot tells when it was complete. */
void SnapshotSet::read_times(const fs::path& dir) {
  const fs::path file = dir / "index.csv";
  if (!fs::exists(file)) {
    return;
  }
  TextLines lines(file);
  const auto heading = fields_of(std::string(lines.next().value_or("")));
  const auto column = std::ranges::find(heading, "t_ns") - heading.begin();
  if (heading.empty() || heading[0] != "seq" || column == std::ssize(heading)) {
    lines.fail("an index of snapshots is headed seq,label,...,t_ns");
  }
  while (const auto row = lines.next()) {
    const auto fields = fields_of(std::string(*row));
    const auto sequence = fields.empty() ? std::nullopt : number_of<unsigned>(fields[0]);
    const auto time = std::ssize(fields) > column ? number_of<std::int64_t>(fields[static_cast<std::size_t>(column)])
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
  constexpr Ns kQuiet{1'000'000'000};  // without events, although the recorder listens already
  const bool any_exact = std::ranges::any_of(entries_, &SnapshotEntry::is_exact);
  const auto serves = [&](const SnapshotEntry& entry) {
    return entry.is_exact == any_exact && entry.time.value_or(begin) + kQuiet >= begin;
  };
  const auto named = std::ranges::find_if(entries_, [&](const SnapshotEntry& entry) {
    return serves(entry) && entry.label == "start";
  });
  if (named != entries_.end()) {
    return *named;
  }
  const auto first = std::ranges::find_if(entries_, serves);
  const auto last = std::find_if(entries_.rbegin(), entries_.rend(), [&](const SnapshotEntry& entry) {
    return entry.is_exact == any_exact;
  });
  return first != entries_.end() ? *first : *last;
}

KernelSnapshot SnapshotSet::load(const SnapshotEntry& entry, std::uint64_t seed, const FirstUses& uses) const {
  const fs::path lists = entry.dir / "pgsnap";
  KernelSnapshot snapshot = entry.is_exact
                                ? parse_pgsnap(read_whole(lists), lists)
                                : draw_snapshot(read_proc_files(entry.dir), uses, seed, entry.dir / "pagetypeinfo");
  if (!entry.is_exact) {
    snapshot.time = entry.time.value_or(Ns{0});
    for (ZoneImage& zone : snapshot.zones) {
      zone.time = snapshot.time;
    }
  }
  snapshot.sequence = entry.sequence;
  snapshot.label = entry.label;
  if (fs::exists(entry.dir / "kpageclass")) {
    const std::string classes = read_whole(entry.dir / "kpageclass");
    snapshot.classes.assign(classes.begin(), classes.end());
  }
  return snapshot;
}

std::vector<ZoneImage> SnapshotSet::load_zones(const SnapshotEntry& entry) const {
  if (entry.is_exact) {
    const fs::path lists = entry.dir / "pgsnap";
    return parse_pgsnap(read_whole(lists), lists).zones;
  }
  std::vector<ZoneImage> zones;
  for (ProcZone& zone : read_proc_files(entry.dir)) {
    zones.push_back(std::move(zone.image));
  }
  return zones;
}

std::optional<fs::path> snapshots_beside(const fs::path& trace) {
  if (is_gbtrace(trace)) {
    return trace;
  }
  const fs::path dir = fs::absolute(trace).parent_path();
  for (const char* name : {"snaps.tar.xz", "snaps.tar.zst", "snaps.tar", "snaps"}) {
    if (fs::exists(dir / name)) {
      return dir / name;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
