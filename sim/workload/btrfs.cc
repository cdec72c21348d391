// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/btrfs.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/reclaim/reclaim.h"

namespace gbsim {

namespace {

constexpr std::uint32_t kMaxFilePages = 1U << 18;   // 1 GiB: larger files behave like several
constexpr std::uint32_t kFilesPerLeaf = 30;         // about 500 bytes of items a file in a 16 KiB node
constexpr std::uint32_t kPagesPerChecksumLeaf = 4000;  // 4 bytes a block in a 16 KiB node
constexpr std::uint32_t kStreamStep = 256;          // pages: 1 MiB
constexpr Ns kStreamPause{2'500'000};               // 1 MiB at 400 MB/s
constexpr std::uint32_t kPagesPerExtent = 2048;     // of a file written at once; btrfs allows 128 MiB
constexpr double kMostFiles = 16e6;

constexpr std::array kPhases{
    BtrfsPhase{"serve", 0.6, 1.3, 0.6, false},   BtrfsPhase{"create", 3.5, 0.6, 0.2, false},
    BtrfsPhase{"snapshot", 0.6, 1.3, 0.6, true}, BtrfsPhase{"serve", 0.6, 1.3, 0.6, false},
    BtrfsPhase{"delete", 0.2, 0.8, 3.7, false},  BtrfsPhase{"idle", 0.1, 0.3, 0.1, false},
};

std::uint32_t to_pages(double bytes) {
  const double pages = std::ceil(bytes / static_cast<double>(kPageSize));
  return static_cast<std::uint32_t>(std::clamp(pages, 1.0, static_cast<double>(kMaxFilePages)));
}

}  // namespace

std::span<const BtrfsPhase> btrfs_phases() { return kPhases; }

Btrfs::Btrfs(std::string instance, const BtrfsRules& rules, double scale, WorkloadHost& host)
    : ModelBase(std::move(instance), scale, host),
      rules_(rules),
      data_(name() + "/data", host, rules.cache),
      tree_(name() + "/btree", host, rules.large_metadata),
      inodes_(name(), host, *this),
      streams_(host.memory.nr_cpus()) {}

bool Btrfs::has_data(std::uint32_t file) const {
  return files_[file].exists && data_.resident(files_[file].cache) != 0;
}

std::uint32_t Btrfs::draw_pages(CpuId cpu, const Law& law) { return to_pages(law.draw(random(cpu))); }

std::uint32_t Btrfs::item_leaf(std::uint32_t file) const { return file / kFilesPerLeaf % item_leaves_; }

std::uint32_t Btrfs::checksum_leaf(std::uint32_t file, std::uint32_t index) const {
  return item_leaves_ + (files_[file].extent + index / kPagesPerChecksumLeaf) % checksum_leaves_;
}

void Btrfs::start() {
  const CpuId boot{};
  const auto goal = static_cast<std::uint64_t>(rules_.total_bytes * scale() / static_cast<double>(kPageSize));
  const double mean = std::max(static_cast<double>(kPageSize), std::min(rules_.size.mean(), 64e6));
  const double expected = static_cast<double>(goal * kPageSize) / mean;
  files_.resize(static_cast<std::size_t>(std::clamp(expected * 3, 64.0, kMostFiles)));
  inodes_.resize(static_cast<std::uint32_t>(files_.size()));
  item_leaves_ = static_cast<std::uint32_t>(files_.size()) / kFilesPerLeaf + 1;
  checksum_leaves_ = static_cast<std::uint32_t>(goal / kPagesPerChecksumLeaf) + 1;
  tree_.resize(item_leaves_ + checksum_leaves_);
  free_.clear();
  file_limit_ = 1;
  backup_file_ = backup_next_ = 0;
  for (std::size_t i = files_.size(); i > 0; --i) {
    free_.push_back(static_cast<std::uint32_t>(i - 1));
  }
  while (total_.value < goal && add_file(boot)) {
  }
  next_commit_ = memory().clock().now + rules_.commit_interval;
  prefill();
}

void Btrfs::prefill() {
  const NrPages goal{static_cast<std::uint64_t>(rules_.prefill_bytes * scale() / static_cast<double>(kPageSize))};
  for (std::uint32_t file = 0; file < files_.size() && data_.resident() < goal; ++file) {
    if (files_[file].exists) {
      read_file(file, FileRange{0, data_.pages_of(files_[file].cache)}, CpuId{});
    }
  }
}

std::optional<std::uint32_t> Btrfs::add_file(CpuId cpu) {
  if (free_.empty()) {
    return std::nullopt;
  }
  const std::uint32_t id = free_.back();
  free_.pop_back();
  file_limit_ = std::max(file_limit_, id + 1);
  const std::uint32_t pages = draw_pages(cpu, rules_.size);
  File& file = files_[id];
  file.cache = data_.create(pages);
  file.extent = next_extent_ / kPagesPerChecksumLeaf;
  file.exists = true;
  next_extent_ += pages;
  total_ += NrPages{pages};
  return id;
}

void Btrfs::open(std::uint32_t file, CpuId cpu, bool modify) {
  inodes_.open(file, 1 + data_.pages_of(files_[file].cache) / kPagesPerExtent, cpu);
  modify ? tree_.modify(item_leaf(file), cpu) : tree_.read(item_leaf(file), cpu);
}

std::optional<std::uint32_t> Btrfs::create_file(CpuId cpu, Ns now) {
  const auto file = add_file(cpu);
  if (file) {
    open(*file, cpu, true);
    step(cpu, now, Stream{*file, files_[*file].generation, 0, data_.pages_of(files_[*file].cache), true});
  }
  return file;
}

void Btrfs::delete_file(std::uint32_t id, CpuId cpu) {
  File& file = files_[id];
  const FileId cache = file.cache;
  tree_.modify(item_leaf(id), cpu);
  total_ -= NrPages{data_.pages_of(cache)};
  file.exists = false;
  ++file.generation;
  data_.remove(cache, cpu);
  inodes_.drop(id, cpu);
  free_.push_back(id);
}

void Btrfs::read_file(std::uint32_t file, FileRange range, CpuId cpu) {
  open(file, cpu, false);
  tree_.read(checksum_leaf(file, range.first), cpu);
  data_.read(files_[file].cache, range, cpu);
}

void Btrfs::step(CpuId cpu, Ns now, Stream stream) {
  if (files_[stream.file].generation != stream.generation) {
    return;
  }
  const FileId cache = files_[stream.file].cache;
  const FileRange range{stream.next, std::min(kStreamStep, stream.end - stream.next)};
  if (stream.writes) {
    data_.write(cache, range, cpu);
    tree_.modify(checksum_leaf(stream.file, range.first), cpu);
    host().reclaim.balance_dirty();
  } else {
    read_file(stream.file, range, cpu);
  }
  stream.next = range.end();
  if (stream.next < stream.end) {
    streams_[cpu.value].schedule(now + kStreamPause, stream);
  } else if (stream.writes && random(cpu).chance(rules_.fsync_share)) {
    data_.sync(cache);
  }
}

void Btrfs::create(CpuId cpu, Ns now) { create_file(cpu, now); }

// Files come and go around the configured total: nothing is deleted while a tenth of it is missing.
void Btrfs::remove_some(CpuId cpu, Ns /*now*/) {
  const double goal = rules_.total_bytes * scale() * 0.9;
  if (static_cast<double>(total_.value * kPageSize) < goal) {
    return;
  }
  // Numbers without a file are a share that does not grow, so a few draws find one; a walk would favour gap ends.
  for (int draws = 0; draws < 64; ++draws) {
    const auto file = static_cast<std::uint32_t>(random(cpu).below(files_.size()));
    if (files_[file].exists) {
      delete_file(file, cpu);
      return;
    }
  }
}

void Btrfs::next_backup_file() {
  backup_next_ = 0;
  backup_file_ = backup_file_ + 1 < file_limit_ ? backup_file_ + 1 : 0;
}

/** A backup reads all files in turn, each once, so that the page cache takes everything that is left. */
void Btrfs::back_up(CpuId cpu, Ns time) {
  backup_credit_ += rules_.backup_bytes * scale() * static_cast<double>(time.count()) * 1e-9 / kPageSize;
  for (std::uint32_t skipped = 0; backup_credit_ >= kStreamStep && skipped < kStreamStep;) {
    if (!files_[backup_file_].exists) {
      next_backup_file();
      ++skipped;
      continue;
    }
    const std::uint32_t pages = data_.pages_of(files_[backup_file_].cache);
    const std::uint32_t step = std::min(kStreamStep, pages - std::min(pages, backup_next_));
    read_file(backup_file_, FileRange{backup_next_, step}, cpu);
    backup_next_ += step;
    backup_credit_ -= std::max(step, 1U);
    if (backup_next_ >= pages) {
      next_backup_file();
    }
  }
}

/** Zipf by inversion of the continuous law: rank = ((n^(1-s) - 1) u + 1)^(1/(1-s)). Low numbers are popular. */
std::uint32_t Btrfs::popular_file(CpuId cpu) {
  const double exponent = 1 - rules_.popularity;
  const auto files = static_cast<double>(std::max<std::size_t>(nr_files(), 1));
  const double u = random(cpu).uniform();
  const double rank = std::abs(exponent) < 1e-6 ? std::pow(files, u)
                                                : std::pow((std::pow(files, exponent) - 1) * u + 1, 1 / exponent);
  return std::min(static_cast<std::uint32_t>(rank) - 1, static_cast<std::uint32_t>(files_.size() - 1));
}

FileRange Btrfs::draw_range(std::uint32_t file, const Law& length, CpuId cpu) {
  const std::uint32_t pages = data_.pages_of(files_[file].cache);
  const std::uint32_t wanted = std::min(draw_pages(cpu, length), pages);
  const auto first = static_cast<std::uint32_t>(random(cpu).below(pages - wanted + 1));
  return FileRange{first, wanted};
}

void Btrfs::read_some(CpuId cpu, Ns now) {
  const std::uint32_t file = popular_file(cpu);
  if (files_[file].exists) {
    const FileRange range = draw_range(file, rules_.read_length, cpu);
    step(cpu, now, Stream{file, files_[file].generation, range.first, range.end(), false});
  }
}

void Btrfs::overwrite_some(CpuId cpu, Ns now) {
  const std::uint32_t file = popular_file(cpu);
  if (files_[file].exists) {
    const FileRange range = draw_range(file, rules_.overwrite_length, cpu);
    open(file, cpu, true);
    step(cpu, now, Stream{file, files_[file].generation, range.first, range.end(), true});
  }
}

const BtrfsPhase& Btrfs::phase_at(Ns now) const {
  return kPhases[static_cast<std::size_t>(now / rules_.phase_length) % kPhases.size()];
}

void Btrfs::housekeeping(CpuId cpu, Ns now) {
  if (now >= next_commit_) {
    next_commit_ = now + rules_.commit_interval;
    tree_.commit(cpu);
  }
  const auto phase = static_cast<std::size_t>(now / rules_.phase_length);
  if (phase != phase_ && phase_at(now).takes_snapshot) {
    tree_.snapshot(rules_.snapshots_kept);
  }
  phase_ = phase;
}

void Btrfs::run_operation(const Operation& operation, CpuId cpu, Ns from, Ns to) {
  const std::uint64_t times = arrivals(cpu, operation.per_second, from, to);
  for (std::uint64_t i = 0; i < times; ++i) {
    (this->*operation.run)(cpu, from);
  }
}

void Btrfs::run(CpuId cpu, Ns from, Ns to) {
  if (cpu == CpuId{}) {
    housekeeping(cpu, from);
  }
  if (cpu.value + 1U == nr_cpus()) {
    back_up(cpu, to - from);
  }
  const BtrfsPhase& phase = phase_at(from);
  const std::array operations{
      Operation{rules_.creates * phase.create, &Btrfs::create},
      Operation{rules_.reads * phase.read, &Btrfs::read_some},
      Operation{rules_.overwrites * phase.create, &Btrfs::overwrite_some},
      Operation{rules_.deletes * phase.remove, &Btrfs::remove_some},
  };
  for (const Operation& operation : operations) {
    run_operation(operation, cpu, from, to);
  }
  streams_[cpu.value].advance(to, [&](Ns due, const Stream& stream) { step(cpu, due, stream); });
}

void Btrfs::stop() {
  const CpuId cpu{};
  for (std::uint32_t file = 0; file < files_.size(); ++file) {
    if (files_[file].exists) {
      delete_file(file, cpu);
    }
  }
  tree_.clear(cpu);
  for (TimingWheel<Stream>& streams : streams_) {
    streams.clear();
  }
}

}  // namespace gbsim
