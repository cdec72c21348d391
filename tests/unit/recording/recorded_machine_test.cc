// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recorded_machine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;
namespace fs = std::filesystem;

namespace {

void keep(const fs::path& dir, const fs::path& file, const std::string& text) {
  fs::create_directories((dir / file).parent_path());
  std::ofstream(dir / file) << text;
}

}  // namespace

TEST_CASE("every setting of the page allocator that was kept is a tunable, several numbers of a file several") {
  const TempDir dir;
  keep(dir.path(), "proc/sys/vm/watermark_boost_factor", "0\n");
  keep(dir.path(), "proc/sys/vm/lowmem_reserve_ratio", "256\t256\t32\t0\t0\n");
  keep(dir.path(), "proc/cmdline", "quiet\n");
  const RecordedMachine machine = read_machine(dir.path());
  const std::vector<TunableSetting> wanted{{"vm.watermark_boost_factor", "0"},
                                           {"vm.lowmem_reserve_ratio.dma", "256"},
                                           {"vm.lowmem_reserve_ratio.dma32", "256"},
                                           {"vm.lowmem_reserve_ratio.normal", "32"},
                                           {"vm.lowmem_reserve_ratio.movable", "0"}};
  CHECK(machine.settings == wanted);
  CHECK(machine.remark().starts_with("set as on the recorded machine: vm.watermark_boost_factor 0, vm.lowmem"));
}

TEST_CASE("where nothing was kept nothing is known") {
  const TempDir dir;
  const RecordedMachine machine = read_machine(dir.path());
  CHECK(machine.settings.empty());
  CHECK(machine.cpus == 0);
  CHECK(machine.remark().empty());
}

TEST_CASE("CPUs are counted up to the last that is online") {
  for (const auto& [text, cpus] : {std::pair{"0\n", 1U}, {"0-3\n", 4U}, {"0-1,6-299\n", 300U}}) {
    const TempDir dir;
    keep(dir.path(), "sys/devices/system/cpu/online", text);
    CHECK(read_machine(dir.path()).cpus == cpus);
  }
}

TEST_CASE("a value that no kernel shows is an error that names the file") {
  const TempDir dir;
  keep(dir.path(), "proc/sys/vm/compaction_proactiveness", "lots\n");
  CHECK_THROWS_WITH_AS(read_machine(dir.path()), doctest::Contains("proc/sys/vm/compaction_proactiveness"),
                       BadRecording);
  const TempDir wide;
  keep(wide.path(), "sys/devices/system/cpu/online", "0-99999999999\n");
  CHECK_THROWS_AS(read_machine(wide.path()), BadRecording);
}

TEST_CASE("settings are found in an archive and below a folder") {
  const TempDir dir;
  keep(dir.path(), "in/machine/proc/sys/vm/min_free_kbytes", "4096\n");
  pack_gbtrace(dir.path() / "in", dir.path() / "a.gbtrace");
  const std::vector<TunableSetting> wanted{{"vm.min_free_kbytes", "4096"}};
  CHECK(read_machine(RecordedFiles::unpack(dir.path() / "a.gbtrace").below(kMachineDir)).settings == wanted);
  CHECK(read_machine(RecordedFiles(dir.path() / "in").below(kMachineDir)).settings == wanted);
}

TEST_CASE("files to keep are named once, by paths below the root") {
  std::vector<std::string_view> files(machine_files().begin(), machine_files().end());
  CHECK(std::ranges::all_of(files, [](auto file) { return file.starts_with("proc/") || file.starts_with("sys/"); }));
  std::ranges::sort(files);
  CHECK(std::ranges::adjacent_find(files) == files.end());
}
