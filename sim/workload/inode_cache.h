// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/reclaim/shrinker.h"
#include "sim/workload/slab_cache.h"
#include "sim/workload/workload.h"

namespace gbsim {

/** Which kind of object of a file. */
enum class FileObject : std::uint8_t { dentry, inode, extent_map };

inline constexpr std::size_t kNrFileObjects = 3;

/** Says whether a file has data in memory: such a file keeps its inode. */
class FileUse {
 public:
  virtual ~FileUse() = default;
  virtual bool has_data(std::uint32_t file) const = 0;
};

/**
 * Dentries, inodes and extent maps of files, as slab objects under shrinkers. A dentry that was used since the last
 * look gets a second chance; an inode can go once its dentry and its data have; extent maps of files without data can.
 */
class InodeCache {
 public:
  static constexpr std::uint32_t kMaxExtents = 4;  // remembered a file; larger ones are read again

  /** Registers three shrinkers with the host's reclaim. @use must outlive the cache. */
  InodeCache(const std::string& name, WorkloadHost& host, const FileUse& use);
  ~InodeCache();
  InodeCache(const InodeCache&) = delete;
  InodeCache& operator=(const InodeCache&) = delete;

  void resize(std::uint32_t files) { files_.resize(files); }
  /** @file is looked up and opened: its objects exist afterwards, memory permitting. */
  void open(std::uint32_t file, std::uint32_t extents, CpuId cpu);
  /** @file is deleted. */
  void drop(std::uint32_t file, CpuId cpu);

  bool has(std::uint32_t file, FileObject kind) const;
  std::uint64_t count(FileObject kind) const;

 private:
  static constexpr SlabObject kNone = 0xffffffffU;

  struct Objects {
    SlabObject dentry = kNone;
    SlabObject inode = kNone;
    std::array<SlabObject, kMaxExtents> maps{kNone, kNone, kNone, kNone};
    bool referenced = false;
  };

  /** Walks all files in turn, as a stand-in for the LRU order of one kind of object. */
  class Shrink final : public Shrinker {
   public:
    Shrink(std::string name, InodeCache& cache, FileObject kind)
        : name_(std::move(name)), cache_(cache), kind_(kind) {}
    std::string_view name() const override { return name_; }
    std::uint64_t count_objects(NodeId node) const override;
    std::uint64_t scan_objects(const ShrinkScope& scope, std::uint64_t nr_to_scan) override;

   private:
    std::string name_;
    InodeCache& cache_;
    FileObject kind_;
    std::size_t hand_ = 0;
  };

  SlabCache& slab(FileObject kind) const { return *slabs_[static_cast<std::size_t>(kind)]; }
  void make(SlabObject& object, FileObject kind, CpuId cpu);
  void free(SlabObject& object, FileObject kind, CpuId cpu);
  std::uint64_t scan_file(std::uint32_t file, FileObject kind, NodeId node);
  SlabObject first(const Objects& objects, FileObject kind) const;

  WorkloadHost& host_;
  const FileUse& use_;
  std::array<SlabCache*, kNrFileObjects> slabs_;
  std::vector<Objects> files_;
  std::array<std::vector<std::uint64_t>, kNrFileObjects> counts_;  // by node
  std::array<Shrink, kNrFileObjects> shrinkers_;
};

}  // namespace gbsim
