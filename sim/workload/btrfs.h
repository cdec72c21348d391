// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/btree.h"
#include "sim/workload/inode_cache.h"
#include "sim/workload/model_base.h"
#include "sim/workload/page_cache.h"

namespace gbsim {

/** Parameters of the btrfs model, typed; the keys are those of btrfs_model().params. */
struct BtrfsRules {
  explicit BtrfsRules(const Params& params);

  double total_bytes;  // of all files, before scaling
  Law size;            // bytes
  double popularity;
  double creates;      // a second
  double deletes;
  double reads;
  Law read_length;     // bytes
  double overwrites;
  Law overwrite_length;
  double fsync_share;
  double backup_bytes;  // a second
  PageCacheRules cache;
  double prefill_bytes;
  bool large_metadata;
  Ns commit_interval;
  std::size_t snapshots_kept;
  Ns phase_length;
};

/** What a file server does mostly at one time; factors on the configured rates. */
struct BtrfsPhase {
  std::string_view name;
  double create;
  double read;
  double remove;
  bool takes_snapshot;
};

/** The cycle of phases; the factors of each column average about one. */
std::span<const BtrfsPhase> btrfs_phases();

/** Files on btrfs: data in the page cache, metadata in the btree inode, inodes and extent maps in slabs. */
class Btrfs final : public ModelBase, private FileUse {
 public:
  Btrfs(std::string instance, const BtrfsRules& rules, double scale, WorkloadHost& host);

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

  /** Creates a file and begins to write it; its number, or nullopt if there is no room for more. */
  std::optional<std::uint32_t> create_file(CpuId cpu, Ns now);
  void delete_file(std::uint32_t file, CpuId cpu);
  void read_file(std::uint32_t file, FileRange range, CpuId cpu);

  std::size_t nr_files() const { return files_.size() - free_.size(); }
  bool exists(std::uint32_t file) const { return files_[file].exists; }
  NrPages file_pages() const { return total_; }
  const PageCache& data() const { return data_; }
  const Btree& metadata() const { return tree_; }
  const InodeCache& inodes() const { return inodes_; }
  FileId cache_of(std::uint32_t file) const { return files_[file].cache; }

 private:
  struct File {
    FileId cache{};
    std::uint32_t extent = 0;      // where its data lies on disk, in units of one checksum leaf
    std::uint32_t generation = 0;  // tells a running stream that its file is gone
    bool exists = false;
  };
  /** A sequential write or read of a file, one step at a time. */
  struct Stream {
    std::uint32_t file;
    std::uint32_t generation;
    std::uint32_t next;
    std::uint32_t end;
    bool writes;
  };
  /** One kind of operation and how often it happens. */
  struct Operation {
    double per_second;
    void (Btrfs::*run)(CpuId cpu, Ns now);
  };

  bool has_data(std::uint32_t file) const override;
  std::optional<std::uint32_t> add_file(CpuId cpu);
  void prefill();
  void run_operation(const Operation& operation, CpuId cpu, Ns from, Ns to);
  void create(CpuId cpu, Ns now);
  void remove_some(CpuId cpu, Ns now);
  void read_some(CpuId cpu, Ns now);
  void overwrite_some(CpuId cpu, Ns now);
  void step(CpuId cpu, Ns now, Stream stream);
  void housekeeping(CpuId cpu, Ns now);
  void back_up(CpuId cpu, Ns time);
  void next_backup_file();
  std::uint32_t popular_file(CpuId cpu);
  std::uint32_t draw_pages(CpuId cpu, const Law& law);
  FileRange draw_range(std::uint32_t file, const Law& length, CpuId cpu);
  void open(std::uint32_t file, CpuId cpu, bool modify);
  std::uint32_t item_leaf(std::uint32_t file) const;
  std::uint32_t checksum_leaf(std::uint32_t file, std::uint32_t index) const;
  const BtrfsPhase& phase_at(Ns now) const;

  BtrfsRules rules_;
  PageCache data_;
  Btree tree_;
  InodeCache inodes_;
  std::vector<File> files_;
  std::vector<std::uint32_t> free_;
  std::vector<TimingWheel<Stream>> streams_;  // by CPU
  NrPages total_;
  std::uint32_t item_leaves_ = 0;
  std::uint32_t checksum_leaves_ = 0;
  std::uint32_t next_extent_ = 0;
  Ns next_commit_{0};
  std::size_t phase_ = 0;
  std::uint32_t file_limit_ = 1;     // one past the largest number ever used
  std::uint32_t backup_file_ = 0;    // where the backup is
  std::uint32_t backup_next_ = 0;
  double backup_credit_ = 0;         // pages it may read now
};

/** The model as YAML names it: "btrfs". */
const WorkloadModel& btrfs_model();

}  // namespace gbsim
