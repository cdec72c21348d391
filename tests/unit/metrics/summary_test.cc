// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/summary.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fake_run.h"

using namespace gbsim;
using Json = nlohmann::ordered_json;

namespace {

Json fake_summary(const RunEnding& ending = {.simulated = Ns{7'200'000'000'000}}) {
  return Json::parse(summary_json({"mixed-server", "linux", "linux", 1}, test::fake_sample({}, 19), {1, 2, 3}, ending));
}

}  // namespace

TEST_CASE("the summary has every key of the contract, in its order, and those that were added") {
  const std::vector<std::string> contract{
      "schema",     "scenario",    "placement",    "pcp",        "seed",   "outcome",        "simulated_seconds",
      "operations", "gigablocks",  "stranded",     "hugepages_1g", "thp",  "orders",         "extfrag_events",
      "fragmentation", "search",   "per_cpu",
      "gigablock_work", "region",      "cpu_seconds", "vmstat",   "latency_ns",   "host"};
  const Json summary = fake_summary();
  std::vector<std::string> keys;
  for (const auto& [key, value] : summary.items()) {
    keys.push_back(key);
  }
  CHECK(keys == contract);
}

TEST_CASE("inner objects have the contract's keys") {
  const Json summary = fake_summary();
  const auto has = [&](const char* object, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
      CAPTURE(object);
      CAPTURE(key);
      CHECK(summary[object].contains(key));
    }
  };
  has("operations", {"page_allocs", "page_frees", "allocs", "frees", "failures"});
  has("gigablocks",
      {"total", "empty", "clean", "tainted", "tainted_peak", "became_tainted", "became_clean", "allocatable_1g"});
  has("hugepages_1g", {"requested", "allocated", "pages_migrated", "latency_p50_ns", "latency_max_ns",
                       "latency_served_p50_ns"});
  has("thp", {"fault_alloc", "fault_fallback", "success_rate"});
  has("extfrag_events", {"total", "unmovable_into_movable", "claim", "steal", "pollute"});
  has("fragmentation", {"unusable_index_9", "unusable_index_18", "mixed_pageblocks", "pageblocks_with_unmovable"});
  has("search",
      {"picks", "gigablocks_examined", "examined_per_pick", "bitmap_words", "bitmap_flips", "false_positives",
       "steps"});
  has("cpu_seconds", {"workload", "kswapd", "kcompactd", "gigablock_defrag", "direct_reclaim", "direct_compaction"});
  has("latency_ns", {"order0_p50", "order0_p99", "order9_p99"});
  has("host",
      {"wall_seconds", "cpu_seconds", "page_operations_per_second", "simulated_seconds_per_second", "peak_rss_bytes"});
}

TEST_CASE("counts are integers, times and ratios are not") {
  const Json summary = fake_summary();
  CHECK(summary["simulated_seconds"].is_number_float());
  CHECK(summary["simulated_seconds"] == 7200.0);
  CHECK(summary["operations"]["allocs"].is_number_unsigned());
  CHECK(summary["orders"]["9"]["failures"].is_number_unsigned());
  CHECK(summary["thp"]["success_rate"].is_number_float());
}

TEST_CASE("no THP fault at all is no failure") {
  Sample sample = test::fake_sample({}, 0);
  sample.counters.vmstat.clear();
  const Json summary = Json::parse(summary_json({}, sample, {}, {}));
  CHECK(summary["thp"]["success_rate"] == 1.0);
}

TEST_CASE("latency keys come from the class that sums up an order") {
  RunEnding ending;
  ending.latency = test::fake_latency();
  const Json summary = fake_summary(ending);
  CHECK(summary["latency_ns"]["order0_p50"] == ending.latency[0].p50);
  CHECK(summary["latency_ns"]["order0_p99"] == ending.latency[0].p99);
}

TEST_CASE("operations per second are those of the host's wall clock") {
  RunEnding ending{.simulated = Ns{100'000'000'000}, .host = {.wall_seconds = 2.0}};
  const Json summary = fake_summary(ending);
  CHECK(summary["host"]["simulated_seconds_per_second"] == 50.0);
  CHECK(summary["host"]["page_operations_per_second"].get<std::uint64_t>() ==
        (summary["operations"]["allocs"].get<std::uint64_t>() + summary["operations"]["frees"].get<std::uint64_t>()) /
            2);
}
