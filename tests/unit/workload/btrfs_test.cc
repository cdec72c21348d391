// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/btrfs.h"

#include <doctest/doctest.h>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

Params small_params() {
  Params params(btrfs_model().params);
  REQUIRE(!params.set("files.total", "128MiB"));
  REQUIRE(!params.set("files.size", "lognormal 32KiB p90 256KiB"));
  REQUIRE(!params.set("data.prefill", "16MiB"));
  REQUIRE(!params.set("phases.length", "500ms"));
  REQUIRE(!params.set("metadata.commit", "1s"));
  return params;
}

Btrfs make_btrfs(Rig& rig, const Params& params) { return Btrfs("fs", BtrfsRules(params), 1.0, rig.host); }

}  // namespace

TEST_CASE("every default of the btrfs model is in range") {
  Params params(btrfs_model().params);
  for (const ParamSpec& spec : params.schema()) {
    CAPTURE(spec.name);
    CHECK(!params.set(spec.name, spec.default_text));
    CHECK(!spec.source.empty());
  }
}

TEST_CASE("the factors of the phases average about one") {
  double create = 0;
  double read = 0;
  for (const BtrfsPhase& phase : btrfs_phases()) {
    create += phase.create / static_cast<double>(btrfs_phases().size());
    read += phase.read / static_cast<double>(btrfs_phases().size());
  }
  CHECK(create == doctest::Approx(1).epsilon(0.1));
  CHECK(read == doctest::Approx(1).epsilon(0.1));
}

TEST_CASE("deleting a file frees its pages but not its metadata") {
  Rig rig(256);
  Btrfs fs = make_btrfs(rig, small_params());
  fs.start();
  const auto file = fs.create_file(CpuId{}, Ns{0});
  REQUIRE(file);
  const std::uint64_t data = fs.data().resident().value;
  const std::uint32_t own = fs.data().resident(fs.cache_of(*file));
  const std::uint64_t metadata = fs.metadata().buffers().resident().value;
  REQUIRE(own > 0);
  REQUIRE(metadata > 0);
  fs.delete_file(*file, CpuId{});
  CHECK(fs.data().resident().value == data - own);
  CHECK(fs.metadata().buffers().resident().value >= metadata);
  CHECK(!fs.inodes().has(*file, FileObject::inode));
}

TEST_CASE("page cache takes what is left of memory, and refaults") {
  Rig rig(64);
  Btrfs fs = make_btrfs(rig, small_params());
  fs.start();
  rig.run(fs, Ns{5'000'000'000});
  check_memory(rig.memory);
  CHECK(rig.memory.zone(0).free_pages_exact().value < rig.memory.managed().value / 10);
  CHECK(fs.data().resident().value > rig.memory.managed().value / 2);
  CHECK(rig.vm(VmEvent::workingset_refault_file) > 0);
  CHECK(fs.metadata().snapshots() > 0);
}

TEST_CASE("a stopped btrfs has given everything back, and can start again") {
  Rig rig(64);
  Btrfs fs = make_btrfs(rig, small_params());
  fs.start();
  rig.run(fs, Ns{2'000'000'000});
  fs.stop();
  CHECK(fs.nr_files() == 0);
  CHECK(fs.data().resident() == NrPages{});
  CHECK(fs.metadata().buffers().nodes() == 0);
  CHECK(fs.inodes().count(FileObject::inode) == 0);
  CHECK(rig.memory.folios().live() < 100);  // slabs that caches keep
  check_memory(rig.memory);
  fs.start();
  rig.run(fs, Ns{100'000'000});
  CHECK(fs.nr_files() > 0);
}

TEST_CASE("the same seed gives the same btrfs, another seed another") {
  const auto result = [](std::uint64_t seed) {
    Rig rig(64, Tunables{}, seed);
    Btrfs fs = make_btrfs(rig, small_params());
    fs.start();
    rig.run(fs, Ns{1'000'000'000});
    return std::pair{rig.vm(VmEvent::pgfree), fs.data().resident().value};
  };
  CHECK(result(1) == result(1));
  CHECK(result(1) != result(2));
}
