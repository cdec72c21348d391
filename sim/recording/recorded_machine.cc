// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recorded_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/temp_file.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kCpusOnline = "sys/devices/system/cpu/online";

/** Without a tunable they are kept for people, and for what later versions may make of them. */
constexpr std::array kMachineFiles{
    std::string_view{"proc/cmdline"},
    std::string_view{"proc/swaps"},
    std::string_view{"proc/sys/kernel/osrelease"},
    std::string_view{"proc/sys/vm/compaction_proactiveness"},
    std::string_view{"proc/sys/vm/defrag_mode"},
    std::string_view{"proc/sys/vm/extfrag_threshold"},
    std::string_view{"proc/sys/vm/lowmem_reserve_ratio"},
    std::string_view{"proc/sys/vm/min_free_kbytes"},
    std::string_view{"proc/sys/vm/nr_hugepages"},
    std::string_view{"proc/sys/vm/percpu_pagelist_high_fraction"},
    std::string_view{"proc/sys/vm/swappiness"},
    std::string_view{"proc/sys/vm/vfs_cache_pressure"},
    std::string_view{"proc/sys/vm/watermark_boost_factor"},
    std::string_view{"proc/sys/vm/watermark_scale_factor"},
    std::string_view{"proc/sys/vm/zone_reclaim_mode"},
    kCpusOnline,
    std::string_view{"sys/devices/system/node/online"},
    std::string_view{"sys/kernel/mm/lru_gen/enabled"},
    std::string_view{"sys/kernel/mm/transparent_hugepage/defrag"},
    std::string_view{"sys/kernel/mm/transparent_hugepage/enabled"},
    std::string_view{"sys/kernel/mm/transparent_hugepage/khugepaged/alloc_sleep_millisecs"},
    std::string_view{"sys/kernel/mm/transparent_hugepage/khugepaged/defrag"},
    std::string_view{"sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan"},
    std::string_view{"sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs"},
};

/** The numbers of one file, in their order, and the tunables they are. */
struct SettingRule {
  std::string_view file;
  std::array<std::string_view, 4> tunables;
};

constexpr std::array kSettings{
    SettingRule{"proc/sys/vm/min_free_kbytes", {"vm.min_free_kbytes"}},
    SettingRule{"proc/sys/vm/watermark_scale_factor", {"vm.watermark_scale_factor"}},
    SettingRule{"proc/sys/vm/watermark_boost_factor", {"vm.watermark_boost_factor"}},
    SettingRule{"proc/sys/vm/lowmem_reserve_ratio",
                {"vm.lowmem_reserve_ratio.dma", "vm.lowmem_reserve_ratio.dma32", "vm.lowmem_reserve_ratio.normal",
                 "vm.lowmem_reserve_ratio.movable"}},
    SettingRule{"proc/sys/vm/percpu_pagelist_high_fraction", {"vm.percpu_pagelist_high_fraction"}},
    SettingRule{"proc/sys/vm/compaction_proactiveness", {"vm.compaction_proactiveness"}},
    SettingRule{"proc/sys/vm/extfrag_threshold", {"vm.extfrag_threshold"}},
};

/** The text of @file, which may be missing. */
std::string text_of(const fs::path& file) { return fs::exists(file) ? read_whole(file, 1U << 16U) : std::string(); }

void add_settings(const SettingRule& rule, const fs::path& dir, std::vector<TunableSetting>& settings) {
  std::istringstream words(text_of(dir / rule.file));
  Tunables scratch;
  std::string word;
  for (const std::string_view tunable : rule.tunables) {
    if (tunable.empty() || !(words >> word)) {
      return;
    }
    if (const auto problem = set_tunable(scratch, tunable, word)) {
      throw BadRecording(dir / rule.file, 0, *problem);
    }
    settings.push_back({std::string(tunable), word});
  }
}

/** One more than the last of "0-3,8"; 0 if there is none. */
unsigned end_of_ranges(const fs::path& file) {
  const std::string text = text_of(file);
  const std::size_t digits = text.find_last_of("0123456789");
  if (digits == std::string::npos) {
    return 0;
  }
  const std::size_t before = text.find_last_not_of("0123456789", digits);
  const char* const first = text.data() + (before == std::string::npos ? 0 : before + 1);
  unsigned last = 0;
  const auto [end, error] = std::from_chars(first, text.data() + digits + 1, last);
  constexpr unsigned kMost = 1U << 16U;
  if (error != std::errc{} || last >= kMost) {
    throw BadRecording(file, 0, fmt::format("{} is no range of CPUs", text));
  }
  return last + 1;
}

}  // namespace

std::span<const std::string_view> machine_files() { return kMachineFiles; }

std::string RecordedMachine::remark() const {
  std::string text;
  for (const TunableSetting& setting : settings) {
    text += fmt::format("{} {} {}", text.empty() ? "set as on the recorded machine:" : ",", setting.name,
                        setting.value);
  }
  return text;
}

RecordedMachine read_machine(const fs::path& dir) {
  RecordedMachine machine;
  for (const SettingRule& rule : kSettings) {
    add_settings(rule, dir, machine.settings);
  }
  machine.cpus = end_of_ranges(dir / kCpusOnline);
  return machine;
}

RecordedMachine machine_beside(const fs::path& trace) {
  if (!is_gbtrace(trace)) {
    return read_machine(fs::absolute(trace).parent_path() / kMachineDir);
  }
  const TempDir unpacked;
  unpack_gbtrace(trace, unpacked.path(), [](const fs::path& member) { return *member.begin() == kMachineDir; });
  return read_machine(unpacked.path() / kMachineDir);
}

}  // namespace gbsim
