// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/summary.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/base/tunables.h"

namespace gbsim {
namespace {

using Json = nlohmann::ordered_json;

/** Six decimals: enough for a ratio, and the same text on every machine. */
double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

double seconds(Ns time) {
  return static_cast<double>(time.count()) / 1e9;
}

double ratio(std::uint64_t part, std::uint64_t whole, double if_none) {
  return whole == 0 ? if_none : rounded(static_cast<double>(part) / static_cast<double>(whole));
}

Json operations(const Counters& c) {
  return {{"page_allocs", c.page_allocs},
          {"page_frees", c.page_frees},
          {"allocs", c.allocs},
          {"frees", c.frees},
          {"failures", c.failures}};
}

Json gigablocks(const Sample& last, const GigablockChanges& changes) {
  return {{"total", last.whole_gigablocks()},
          {"empty", last.gigablocks_in(GigablockState::empty)},
          {"clean", last.gigablocks_in(GigablockState::clean)},
          {"tainted", last.gigablocks_in(GigablockState::tainted)},
          {"tainted_begin", changes.tainted_begin},
          {"tainted_peak", changes.tainted_peak},
          {"became_tainted", changes.became_tainted},
          {"became_clean", changes.became_clean},
          {"allocatable_1g", last.allocatable_1g}};
}

Json stranded(const StrandedMemory& s) {
  return {{"tainted", s.gigablocks},
          {"free_pageblocks", s.free_pageblocks},
          {"free_unmovable", s.free_unmovable},
          {"free_movable", s.free_movable},
          {"free_reclaimable", s.free_reclaimable}};
}

Json stranded(const Sample& last, const GigablockChanges& changes) {
  return {{"end", stranded(stranded_memory(last.gigablocks))},
          {"before_taint", stranded(changes.before_taint)},
          {"most_without_reclaimable", changes.most_without_reclaimable},
          {"most_movable_only", changes.most_movable_only}};
}

Json named_counts(const std::vector<VmstatValue>& values) {
  Json result = Json::object();
  for (const VmstatValue& each : values) {
    result[std::string(each.name)] = each.value;
  }
  return result;
}

Json hugepages_1g(const HugepageCounts& counts, const RunEnding& ending) {
  const LatencyRow& latency = ending.hugepages_1g;
  return {{"requested", counts.requested},
          {"allocated", counts.allocated},
          {"pages_migrated", counts.pages_migrated},
          {"latency_p50_ns", latency.p50},
          {"latency_max_ns", latency.max},
          {"latency_p99_ns", latency.p99},
          {"latency_served_p50_ns", ending.hugepages_1g_served.p50},
          {"migrated_per_page", ratio(counts.pages_migrated, counts.allocated, 0.0)},
          {"from_pool", counts.from_pool},
          {"from_cma", counts.from_cma},
          {"split", counts.split},
          {"split_share", ratio(counts.split, counts.allocated, 0.0)},
          {"ranges_refused", named_counts(counts.ranges_refused)}};
}

Json thp(const Counters& c) {
  const std::uint64_t alloc = vmstat_value(c.vmstat, "thp_fault_alloc");
  const std::uint64_t fallback = vmstat_value(c.vmstat, "thp_fault_fallback");
  return {{"fault_alloc", alloc}, {"fault_fallback", fallback}, {"success_rate", ratio(alloc, alloc + fallback, 1.0)}};
}

Json orders(const std::vector<OrderCount>& counts) {
  Json result = Json::object();
  for (std::size_t order = 0; order < counts.size(); ++order) {
    result[std::to_string(order)] = {{"attempts", counts[order].attempts}, {"failures", counts[order].failures}};
  }
  return result;
}

Json extfrag_events(const ExtfragCounts& counts) {
  Json result = {{"total", counts.total()}, {"unmovable_into_movable", counts.unmovable_into_movable()}};
  for (std::size_t i = 0; i < kNrExtfragActions; ++i) {
    const auto action = static_cast<ExtfragAction>(i);
    result[std::string(name(action))] = counts.total(action);
  }
  result["fragmenting"] = counts.fragmenting;
  return result;
}

Json fragmentation(const Sample& last) {
  return {{"unusable_index_9", rounded(last.fragmentation.unusable_9)},
          {"unusable_index_18", rounded(last.fragmentation.unusable_18)},
          {"mixed_pageblocks", last.pageblocks.mixed},
          {"pageblocks_with_unmovable", last.pageblocks.with_unmovable},
          {"pageblocks", last.pageblocks.total},
          {"unmovable_pages", last.pageblocks.unmovable.value}};
}

Json search(const SearchCounts& s) {
  Json steps = Json::object();
  for (const auto& [step, served] : s.steps) {
    steps[step] = served;
  }
  return {{"picks", s.picks},
          {"gigablocks_examined", s.gigablocks_examined},
          {"examined_per_pick", ratio(s.gigablocks_examined, s.picks, 0.0)},
          {"bitmap_words", s.bitmap_words},
          {"bitmap_flips", s.bitmap_flips},
          {"false_positives", s.false_positives},
          {"steps", std::move(steps)}};
}

/** What all pcp variants have, then pcpbuddy's own counts. */
Json per_cpu(const Counters& c, std::string_view pcp) {
  const std::uint64_t calls = c.allocs + c.frees;
  Json result = {{"zone_lock_acquisitions", c.zone_locks},
                 {"zone_locks_per_1000_operations", rounded(1000.0 * ratio(c.zone_locks, calls, 0.0))}};
  if (pcp != kPcpNames[static_cast<std::size_t>(PcpKind::pcpbuddy)]) {
    return result;
  }
  const PcpBuddyCounts& own = c.pcp_buddy;
  for (std::size_t phase = 0; phase < kNrRefillPhases; ++phase) {
    result["refill_pages"][std::string(kRefillPhaseNames[phase])] = own.refill_pages[phase];
  }
  result.update({{"refills", own.refills},
                 {"pageblocks_claimed", own.claimed},
                 {"pageblocks_adopted", own.adopted},
                 {"pageblocks_released", own.released},
                 {"frees_owned", own.frees_owned},
                 {"frees_unowned", own.frees_unowned},
                 {"frees_remote", own.frees_remote},
                 {"frees_refused", own.frees_refused},
                 {"splits", own.splits},
                 {"merges", own.merges},
                 {"drains", own.drains},
                 {"drained_pages", own.drained_pages},
                 {"drained_blocks", own.drained_blocks}});
  return result;
}

Json region(const RegionCounts& r) {
  return {{"pages_grown", r.pages_grown},
          {"pages_shrunk", r.pages_shrunk},
          {"pages_migrated", r.pages_migrated},
          {"grown_for_request", r.grown_for_request},
          {"stuck", r.stuck}};
}

Json cpu_seconds(const CpuTimes& cpu) {
  Json result = Json::object();
  for (std::size_t i = 0; i < kNrCpuUsers; ++i) {
    const auto user = static_cast<CpuUser>(i);
    result[std::string(name(user))] = seconds(cpu[user]);
  }
  return result;
}

Json latency_ns(std::span<const LatencyRow> rows) {
  Json result = {{"order0_p50", 0}, {"order0_p99", 0}, {"order9_p99", 0}};
  for (const LatencyRow& row : rows) {
    if (row.cls != kAllClasses) {
      continue;
    }
    const std::string prefix = "order" + std::to_string(row.order.value) + "_";
    result[prefix + "p50"] = row.p50;
    result[prefix + "p99"] = row.p99;
  }
  return result;
}

Json host(const Sample& last, const RunEnding& ending) {
  const HostFigures& figures = ending.host;
  const double wall = figures.wall_seconds;
  const auto operations = static_cast<double>(last.counters.allocs + last.counters.frees);
  return {{"wall_seconds", rounded(wall)},
          {"cpu_seconds", rounded(figures.cpu_seconds)},
          {"page_operations_per_second", wall > 0 ? static_cast<std::uint64_t>(operations / wall) : 0},
          {"simulated_seconds_per_second", wall > 0 ? rounded(seconds(ending.simulated) / wall) : 0.0},
          {"peak_rss_bytes", figures.peak_rss_bytes}};
}

}  // namespace

std::string summary_json(const RunIdentity& run, const Sample& last, const GigablockChanges& changes,
                         const RunEnding& ending) {
  const Counters& counters = last.counters;
  const Json summary = {{"schema", 1},
                        {"scenario", run.scenario},
                        {"placement", run.placement},
                        {"pcp", run.pcp},
                        {"seed", run.seed},
                        {"outcome", ending.outcome},
                        {"simulated_seconds", seconds(ending.simulated)},
                        {"operations", operations(counters)},
                        {"gigablocks", gigablocks(last, changes)},
                        {"stranded", stranded(last, changes)},
                        {"hugepages_1g", hugepages_1g(counters.hugepages_1g, ending)},
                        {"thp", thp(counters)},
                        {"orders", orders(counters.orders)},
                        {"extfrag_events", extfrag_events(counters.extfrag)},
                        {"fragmentation", fragmentation(last)},
                        {"search", search(counters.search)},
                        {"per_cpu", per_cpu(counters, run.pcp)},
                        {"gigablock_work", named_counts(counters.gigablock_work)},
                        {"region", region(counters.region)},
                        {"cpu_seconds", cpu_seconds(counters.cpu)},
                        {"vmstat", named_counts(counters.vmstat)},
                        {"latency_ns", latency_ns(ending.latency)},
                        {"host", host(last, ending)}};
  return summary.dump(2) + '\n';
}

}  // namespace gbsim
