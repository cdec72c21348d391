// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/tunables.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("text defaults of tunables equal the struct's") {
  const Tunables from_text = to_tunables(Params(tunable_specs()));
  const Tunables plain;
  CHECK(from_text.kernel_rules == plain.kernel_rules);
  CHECK(from_text.min_free_kbytes == plain.min_free_kbytes);
  CHECK(from_text.watermark_scale_factor == plain.watermark_scale_factor);
  CHECK(from_text.watermark_boost_factor == plain.watermark_boost_factor);
  CHECK(from_text.defrag_mode == plain.defrag_mode);
  CHECK(from_text.lowmem_reserve_ratio == plain.lowmem_reserve_ratio);
  CHECK(from_text.percpu_pagelist_high_fraction == plain.percpu_pagelist_high_fraction);
  CHECK(from_text.compaction_proactiveness == plain.compaction_proactiveness);
  CHECK(from_text.extfrag_threshold == plain.extfrag_threshold);
  CHECK(from_text.swappiness == plain.swappiness);
  CHECK(from_text.vfs_cache_pressure == plain.vfs_cache_pressure);
  CHECK(from_text.dirty_ratio == plain.dirty_ratio);
  CHECK(from_text.dirty_background_ratio == plain.dirty_background_ratio);
  CHECK(from_text.dirty_expire == plain.dirty_expire);
  CHECK(from_text.dirty_writeback_interval == plain.dirty_writeback_interval);
  CHECK(from_text.swap_bytes == plain.swap_bytes);
  CHECK(from_text.swap_bandwidth == plain.swap_bandwidth);
  CHECK(from_text.disk_write_bandwidth == plain.disk_write_bandwidth);
  CHECK(from_text.disk_read_bandwidth == plain.disk_read_bandwidth);
  CHECK(from_text.disk_latency == plain.disk_latency);
  CHECK(from_text.thp_enabled == plain.thp_enabled);
  CHECK(from_text.thp_defrag == plain.thp_defrag);
  CHECK(from_text.btrfs_movable_metadata == plain.btrfs_movable_metadata);
  CHECK(from_text.khugepaged_pages_to_scan == plain.khugepaged_pages_to_scan);
  CHECK(from_text.khugepaged_scan_sleep == plain.khugepaged_scan_sleep);
  CHECK(from_text.khugepaged_alloc_sleep == plain.khugepaged_alloc_sleep);
  CHECK(from_text.slice == plain.slice);
}

TEST_CASE("every tunable has a meaning and a source, and accepts its own default") {
  Params params(tunable_specs());
  for (const ParamSpec& spec : tunable_specs()) {
    CAPTURE(spec.name);
    CHECK_FALSE(spec.meaning.empty());
    CHECK_FALSE(spec.source.empty());
    CHECK_FALSE(params.set(spec.name, spec.default_text).has_value());
  }
}

TEST_CASE("a tunable changed by name reaches its field") {
  Tunables tunables;
  CHECK_FALSE(set_tunable(tunables, "vm.swappiness", "10").has_value());
  CHECK(tunables.swappiness == 10);
  CHECK_FALSE(set_tunable(tunables, "thp.enabled", "never").has_value());
  CHECK(tunables.thp_enabled == ThpEnabled::never);
  CHECK_FALSE(set_tunable(tunables, "thp.defrag", "defer+madvise").has_value());
  CHECK(tunables.thp_defrag == ThpDefrag::defer_madvise);
  CHECK_FALSE(set_tunable(tunables, "vm.lowmem_reserve_ratio.normal", "64").has_value());
  CHECK(tunables.lowmem_reserve_ratio[2] == 64);
  CHECK_FALSE(set_tunable(tunables, "disk.write_bandwidth", "2GiB").has_value());
  CHECK(tunables.disk_write_bandwidth == 2147483648.0);
  CHECK_FALSE(set_tunable(tunables, "vm.dirty_expire_centisecs", "100").has_value());
  CHECK(tunables.dirty_expire == Ns{1'000'000'000});
  CHECK_FALSE(set_tunable(tunables, "vm.defrag_mode", "1").has_value());
  CHECK(tunables.defrag_mode);
}

TEST_CASE("a refused change says what is allowed and changes nothing") {
  Tunables tunables;
  CHECK(set_tunable(tunables, "vm.swappiness", "201") ==
        "vm.swappiness: 201 is out of range; 0 to 200 is allowed");
  CHECK(set_tunable(tunables, "thp.enabled", "sometimes") ==
        "thp.enabled: 'sometimes' is not one of always, madvise, never");
  CHECK(set_tunable(tunables, "vm.nothing", "1") == "unknown key 'vm.nothing'");
  CHECK(tunables.swappiness == 60);
}

TEST_CASE("what is fixed before the run does not change in it") {
  Tunables tunables;
  CHECK(set_tunable(tunables, "swap.size", "1GiB") == "swap.size: cannot change during a run; set it under tunables");
  CHECK(changes_at_run_time("vm.swappiness"));
  CHECK_FALSE(changes_at_run_time("kernel.rules"));
  CHECK_FALSE(changes_at_run_time("no such thing"));
}

TEST_CASE("a choice that starts like another is told apart") {
  Params params(tunable_specs());
  CHECK_FALSE(params.set("thp.defrag", "defer").has_value());
  CHECK(to_tunables(params).thp_defrag == ThpDefrag::defer);
  CHECK_FALSE(params.set("kernel.rules", "6.1").has_value());
  CHECK(to_tunables(params).kernel_rules == KernelVersion::v6_1);
}
