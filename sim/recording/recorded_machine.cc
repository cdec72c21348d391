// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recorded_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "sim/base/text.h"
#include "sim/recording/byte_source.h"

namespace gbsim {

namespace {

constexpr std::string_view kCpusOnline = "sys/devices/system/cpu/online";

/** Without a tunable they are kept for people, and for what later versions may make of them. */
constexpr auto kMachineFiles = std::to_array<std::string_view>({
    "proc/cmdline",
    "proc/swaps",
    "proc/sys/kernel/osrelease",
    "proc/sys/vm/compaction_proactiveness",
    "proc/sys/vm/defrag_mode",
    "proc/sys/vm/extfrag_threshold",
    "proc/sys/vm/lowmem_reserve_ratio",
    "proc/sys/vm/min_free_kbytes",
    "proc/sys/vm/nr_hugepages",
    "proc/sys/vm/percpu_pagelist_high_fraction",
    "proc/sys/vm/swappiness",
    "proc/sys/vm/vfs_cache_pressure",
    "proc/sys/vm/watermark_boost_factor",
    "proc/sys/vm/watermark_scale_factor",
    "proc/sys/vm/zone_reclaim_mode",
    kCpusOnline,
    "sys/devices/system/node/online",
    "sys/kernel/mm/lru_gen/enabled",
    "sys/kernel/mm/transparent_hugepage/defrag",
    "sys/kernel/mm/transparent_hugepage/enabled",
    "sys/kernel/mm/transparent_hugepage/khugepaged/alloc_sleep_millisecs",
    "sys/kernel/mm/transparent_hugepage/khugepaged/defrag",
    "sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan",
    "sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs",
});

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

constexpr std::uint64_t kLongest = std::uint64_t{1} << 16;  // text of one file

void add_settings(const SettingRule& rule, const RecordedFiles& files, std::vector<TunableSetting>& settings) {
  std::istringstream words(files.text(rule.file, kLongest));
  Tunables scratch;
  std::string word;
  for (const std::string_view tunable : rule.tunables) {
    if (tunable.empty() || !(words >> word)) {
      return;
    }
    if (const auto problem = set_tunable(scratch, tunable, word)) {
      throw BadRecording(files.path_of(rule.file), 0, *problem);
    }
    settings.push_back({std::string(tunable), word});
  }
}

/** One more than the last of "0-3,8"; 0 if there is none. */
unsigned end_of_ranges(const RecordedFiles& files, std::string_view file) {
  const std::string text = files.text(file, kLongest);
  const std::size_t digits = text.find_last_of("0123456789");
  if (digits == std::string::npos) {
    return 0;
  }
  const std::size_t before = text.find_last_not_of("0123456789", digits);
  const std::size_t first = before == std::string::npos ? 0 : before + 1;
  const auto last = whole_number<std::uint16_t>(std::string_view(text).substr(first, digits + 1 - first));
  if (!last) {
    throw BadRecording(files.path_of(file), 0, fmt::format("{} is no range of CPUs", text));
  }
  return *last + 1U;
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

RecordedMachine read_machine(const RecordedFiles& files) {
  RecordedMachine machine;
  for (const SettingRule& rule : kSettings) {
    add_settings(rule, files, machine.settings);
  }
  machine.cpus = end_of_ranges(files, kCpusOnline);
  return machine;
}

}  // namespace gbsim
