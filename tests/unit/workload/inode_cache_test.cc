// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/inode_cache.h"

#include <doctest/doctest.h>

#include <set>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

struct Pinned : FileUse {
  std::set<std::uint32_t> files;
  bool has_data(std::uint32_t file) const override { return files.contains(file); }
};

}  // namespace

TEST_CASE("opening a file makes its objects, deleting it frees them") {
  Rig rig;
  Pinned use;
  InodeCache cache("fs", rig.host, use);
  cache.resize(10);
  cache.open(3, 2, CpuId{});
  cache.open(3, 2, CpuId{});
  CHECK(cache.count(FileObject::dentry) == 1);
  CHECK(cache.count(FileObject::inode) == 1);
  CHECK(cache.count(FileObject::extent_map) == 2);
  cache.drop(3, CpuId{});
  CHECK(cache.count(FileObject::dentry) + cache.count(FileObject::inode) + cache.count(FileObject::extent_map) == 0);
}

TEST_CASE("shrinking spares files with data: their inodes go last") {
  Rig rig;
  Pinned use;
  InodeCache cache("fs", rig.host, use);
  cache.resize(100);
  for (std::uint32_t file = 0; file < 100; ++file) {
    cache.open(file, 1, CpuId{});
  }
  use.files = {7};
  for (int round = 0; round < 3; ++round) {
    rig.reclaim.slab().drop(NodeId{});
  }
  CHECK(cache.count(FileObject::dentry) == 0);
  CHECK(cache.count(FileObject::inode) == 1);
  CHECK(cache.has(7, FileObject::inode));
  CHECK(cache.has(7, FileObject::extent_map));
}

TEST_CASE("a dentry used since the last look survives it") {
  Rig rig;
  Pinned use;
  InodeCache cache("fs", rig.host, use);
  cache.resize(2);
  cache.open(0, 1, CpuId{});
  cache.open(1, 1, CpuId{});
  rig.reclaim.slab().drop(NodeId{});
  cache.open(1, 1, CpuId{});
  rig.reclaim.slab().drop(NodeId{});
  CHECK(!cache.has(0, FileObject::dentry));
  CHECK(cache.has(1, FileObject::dentry));
}
