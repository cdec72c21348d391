// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/inode_cache.h"

#include <algorithm>
#include <numeric>

#include "sim/reclaim/reclaim.h"

namespace gbsim {

namespace {

/** Sizes of 6.1, from slabinfo of the recorded runs. */
struct FileSlab {
  FileObject kind;
  const char* name;
  std::uint32_t size;
  bool reclaimable;
  Gfp gfp;
};

constexpr std::array kFileSlabs{
    FileSlab{FileObject::dentry, "dentry", 192, true, gfp::kKernel},
    FileSlab{FileObject::inode, "btrfs_inode", 1160, true, gfp::kNofs},
    FileSlab{FileObject::extent_map, "btrfs_extent_map", 144, false, gfp::kNofs},
};

std::array<SlabCache*, kNrFileObjects> find_slabs(SlabCaches& caches) {
  std::array<SlabCache*, kNrFileObjects> found{};
  for (const FileSlab& row : kFileSlabs) {
    found[static_cast<std::size_t>(row.kind)] = &caches.get(SlabSpec{row.name, row.size, row.reclaimable});
  }
  return found;
}

CpuId first_cpu_of(const Memory& memory, NodeId node) {
  for (unsigned cpu = 0; cpu < memory.nr_cpus(); ++cpu) {
    const CpuId id{cpu};
    if (memory.node_of(id) == node) {
      return id;
    }
  }
  return CpuId{};
}

}  // namespace

InodeCache::InodeCache(const std::string& name, WorkloadHost& host, const FileUse& use)
    : host_(host),
      use_(use),
      slabs_(find_slabs(host.slabs)),
      shrinkers_{Shrink{name + "/dentry", *this, FileObject::dentry},
                 Shrink{name + "/inode", *this, FileObject::inode},
                 Shrink{name + "/extent_map", *this, FileObject::extent_map}} {
  for (std::size_t kind = 0; kind < kNrFileObjects; ++kind) {
    counts_[kind].resize(host.memory.nr_nodes());
    host.reclaim.register_shrinker(shrinkers_[kind]);
  }
}

InodeCache::~InodeCache() {
  for (Shrink& shrinker : shrinkers_) {
    host_.reclaim.unregister_shrinker(shrinker);
  }
}

void InodeCache::make(SlabObject& object, FileObject kind, CpuId cpu) {
  if (object != kNone) {
    return;
  }
  const auto made = slab(kind).alloc(cpu, kFileSlabs[static_cast<std::size_t>(kind)].gfp);
  if (made) {
    object = *made;
    ++counts_[static_cast<std::size_t>(kind)][slab(kind).node_of(object).value];
  }
}

void InodeCache::free(SlabObject& object, FileObject kind, CpuId cpu) {
  if (object == kNone) {
    return;
  }
  --counts_[static_cast<std::size_t>(kind)][slab(kind).node_of(object).value];
  slab(kind).free(object, cpu);
  object = kNone;
}

void InodeCache::open(std::uint32_t file, std::uint32_t extents, CpuId cpu) {
  Objects& objects = files_[file];
  objects.referenced = true;
  make(objects.dentry, FileObject::dentry, cpu);
  make(objects.inode, FileObject::inode, cpu);
  for (std::uint32_t i = 0; i < std::min(extents, kMaxExtents); ++i) {
    make(objects.maps[i], FileObject::extent_map, cpu);
  }
}

void InodeCache::drop(std::uint32_t file, CpuId cpu) {
  Objects& objects = files_[file];
  for (SlabObject& map : objects.maps) {
    free(map, FileObject::extent_map, cpu);
  }
  free(objects.inode, FileObject::inode, cpu);
  free(objects.dentry, FileObject::dentry, cpu);
  objects.referenced = false;
}

SlabObject InodeCache::first(const Objects& objects, FileObject kind) const {
  switch (kind) {
    case FileObject::dentry:
      return objects.dentry;
    case FileObject::inode:
      return objects.inode;
    default:
      return objects.maps[0];
  }
}

bool InodeCache::has(std::uint32_t file, FileObject kind) const { return first(files_[file], kind) != kNone; }

std::uint64_t InodeCache::count(FileObject kind) const {
  const auto& by_node = counts_[static_cast<std::size_t>(kind)];
  return std::accumulate(by_node.begin(), by_node.end(), std::uint64_t{0});
}

std::uint64_t InodeCache::scan_file(std::uint32_t file, FileObject kind, NodeId node) {
  Objects& objects = files_[file];
  const CpuId cpu = first_cpu_of(host_.memory, node);
  if (kind == FileObject::dentry) {
    if (objects.referenced) {
      objects.referenced = false;
      return 0;
    }
    free(objects.dentry, kind, cpu);
    return 1;
  }
  if (use_.has_data(file) || (kind == FileObject::inode && objects.dentry != kNone)) {
    return 0;
  }
  if (kind == FileObject::inode) {
    free(objects.inode, kind, cpu);
    return 1;
  }
  std::uint64_t freed = 0;
  for (SlabObject& map : objects.maps) {
    freed += map != kNone ? 1 : 0;
    free(map, kind, cpu);
  }
  return freed;
}

std::uint64_t InodeCache::Shrink::count_objects(NodeId node) const {
  return cache_.counts_[static_cast<std::size_t>(kind_)][node.value];
}

std::uint64_t InodeCache::Shrink::scan_objects(const ShrinkScope& scope, std::uint64_t nr_to_scan) {
  std::uint64_t freed = 0;
  std::uint64_t scanned = 0;
  const std::size_t files = cache_.files_.size();
  for (std::size_t seen = 0; seen < files && scanned < nr_to_scan; ++seen) {
    hand_ = (hand_ + 1) % files;
    const SlabObject object = cache_.first(cache_.files_[hand_], kind_);
    if (object == kNone || cache_.slab(kind_).node_of(object) != scope.node) {
      continue;
    }
    ++scanned;
    if (scope.is_node() || scope.covers(cache_.slab(kind_).pfn_of(object))) {
      freed += cache_.scan_file(static_cast<std::uint32_t>(hand_), kind_, scope.node);
    }
  }
  return freed;
}

}  // namespace gbsim
