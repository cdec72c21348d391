// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gbsim {
namespace {

using namespace colour;

/**
 * Eleven steps of viridis, without its lightest fifth, which is hard to see on white: an order has a place in a
 * sequence, not just a colour.
 */
constexpr std::array<std::string_view, 11> kSequence{"#440154", "#481B6D", "#46337E", "#3F4889", "#365C8D", "#2E6E8E",
                                                     "#277F8E", "#21918C", "#1FA187", "#2DB27D", "#4AC16D"};

/** Tops of axes. */
constexpr double kWholeNumbers = 5;  // no tics between what is counted one by one
constexpr double kOnePercent = 1;
constexpr double kOneASecond = 1;
constexpr double kHundredASecond = 0.1;  // in thousands
constexpr double kCpuPercent = 0.1;

std::string column(std::string_view name) {
  return fmt::format("column(\"{}\")", name);
}

std::string gib(std::string_view pages) {
  return fmt::format("{}/2**18", pages);
}

/** Colour of the order that is number @at of the @count drawn: far from the others, even if all of them are low. */
std::string_view order_colour(std::size_t at, std::size_t count) {
  return kSequence[at * (kSequence.size() - 1) / std::max<std::size_t>(1, count - 1)];
}

/** Left out where runs are compared. */
Series detail(Series series) {
  series.shown = ShownIn::single;
  return series;
}

Series rate(std::string label, std::string_view name, std::string_view colour, std::string_view file) {
  return {.label = std::move(label), .y = column(name), .colour = colour, .per_second = true, .file = file};
}

Series thousands(std::string label, std::string_view name, std::string_view colour, std::string_view file) {
  Series series = rate(std::move(label), name, colour, file);
  series.y = fmt::format("({} / 1000)", series.y);
  return series;
}

/** Orders that serve the same users, so that a picture needs no curve for each. */
struct OrderGroup {
  unsigned first = 0;
  unsigned last = 0;
  std::string_view label;
  std::string_view colour;
};

constexpr std::array kOrderGroups{
    OrderGroup{0, 0, "order 0", kVermillion}, OrderGroup{1, 3, "orders 1 to 3", kOrange},
    OrderGroup{4, 8, "orders 4 to 8", kSky},  OrderGroup{9, 9, "order 9 (2 MiB)", kBlue},
    OrderGroup{10, 63, "orders above 9", kGrey},
};

/** Pages in free blocks of orders @first to @last, as far as there are such orders. */
std::string free_pages_in(unsigned first, unsigned last, unsigned nr_orders) {
  std::string sum;
  for (unsigned order = first; order <= last && order < nr_orders; ++order) {
    sum += fmt::format("{}{}*2**{}", sum.empty() ? "" : "+", column(fmt::format("free_blocks_o{}", order)), order);
  }
  return sum.empty() ? sum : "(" + sum + ")";
}

Figure free_blocks(const RunFiles& run) {
  const unsigned orders = run.nr_orders();
  Panel memory{.ylabel = "memory in free blocks (GiB)", .series = {}, .style = PanelStyle::stacked};
  for (const OrderGroup& group : kOrderGroups) {
    if (group.first < orders) {
      memory.series.push_back({.label = std::string(group.label),
                               .y = gib(free_pages_in(group.first, group.last, orders)),
                               .colour = group.colour});
    }
  }
  const auto below = [&](unsigned order) {
    return fmt::format("100*{}/{}", free_pages_in(0, order - 1, orders), free_pages_in(0, orders, orders));
  };
  Panel small{.ylabel = "share of free memory (%)", .series = {}, .yrange = "[0:102]"};
  small.series = {{.label = "below 2 MiB", .y = below(9), .colour = kBlue},
                  {.label = "below 64 KiB", .y = below(4), .colour = kOrange}};
  return {"free_blocks", "Free memory by size of its blocks", {std::move(memory), std::move(small)}};
}

Figure fragmentation(const RunFiles& run) {
  Panel indices{.ylabel = "unusable free space index", .series = {}, .yrange = "[0:1.02]"};
  indices.series = {{.label = fmt::format("gigablock ({})", run.gigablock_size),
                     .y = column("unusable_index_18"),
                     .colour = kVermillion},
                    {.label = "order 9 (2 MiB)", .y = column("unusable_index_9"), .colour = kBlue},
                    {.label = "order 4 (64 KiB)", .y = column("unusable_index_4"), .colour = kGreen}};
  const auto share = [](const char* name) { return fmt::format("100*{}/{}", column(name), column("pageblocks")); };
  Panel blocks{.ylabel = "share of pageblocks (%)", .series = {}, .top = kOnePercent};
  blocks.series = {{.label = "with unmovable", .y = share("pageblocks_with_unmovable"), .colour = kVermillion},
                   {.label = "mixed types", .y = share("mixed_pageblocks"), .colour = kOrange},
                   {.label = "wholly free", .y = share("free_pageblocks"), .colour = kSky}};
  return {"fragmentation", "Fragmentation indices and pageblocks", {std::move(indices), std::move(blocks)}};
}

Figure gigablock_states(const RunFiles& run) {
  Panel panel{.ylabel = fmt::format("gigablocks ({} each)", run.gigablock_size),
              .series = {},
              .style = PanelStyle::stacked,
              .top = kWholeNumbers};
  panel.series = {{.label = "tainted", .y = column("gigablocks_tainted"), .colour = kVermillion},
                  {.label = "clean", .y = column("gigablocks_clean"), .colour = kSky},
                  {.label = "empty", .y = column("gigablocks_empty"), .colour = kGrey}};
  Panel potential{.ylabel = fmt::format("{} pages", run.gigablock_size),
                  .series = {},
                  .top = kWholeNumbers};
  potential.series = {{.label = "allocatable now", .y = column("allocatable_1g"), .colour = kBlack}};
  return {"gigablock_states", "Gigablocks by state", {std::move(panel), std::move(potential)}};
}

std::vector<unsigned> failing_orders(const RunFiles& run) {
  std::vector<unsigned> orders;
  for (unsigned order = 0; order < run.nr_orders(); ++order) {
    if (run.timeseries.last_value(fmt::format("failures_o{}", order)) > 0) {
      orders.push_back(order);
    }
  }
  return orders;
}

Figure failures(const RunFiles& run) {
  Panel failed{.ylabel = "failed allocations (1/s)", .series = {}, .top = kOneASecond};
  failed.series.push_back(rate("all orders", "failures", kGrey, "timeseries.csv"));
  const std::vector<unsigned> orders = failing_orders(run);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    failed.series.push_back(detail(rate(fmt::format("order {}", orders[i]), fmt::format("failures_o{}", orders[i]),
                                        order_colour(i, orders.size()), "timeseries.csv")));
  }
  if (orders.size() == 1) {  // the lines would be one
    failed.series.front().shown = ShownIn::comparison;
  }
  const CsvEnds& ends = run.timeseries;
  if (ends.last_value("thp_fault_alloc") + ends.last_value("thp_fault_fallback") == 0) {
    return {"failures", "Allocation failures", {std::move(failed)}};
  }
  Panel thp{.ylabel = "THP faults (1/s)", .series = {}, .top = kOneASecond};
  thp.series = {rate("got 2 MiB", "thp_fault_alloc", kBlue, "timeseries.csv"),
                rate("fell back to 4 KiB", "thp_fault_fallback", kVermillion, "timeseries.csv")};
  Panel success{.ylabel = "THP success so far (%)", .series = {}, .yrange = "[0:102]"};
  success.series = {{.label = "2 MiB of all faults",
                     .y = "share(column(\"thp_fault_alloc\"), column(\"thp_fault_fallback\"))",
                     .colour = kBlue}};
  return {
      "failures", "Allocation failures and huge page faults", {std::move(failed), std::move(thp), std::move(success)}};
}

struct FallbackPair {
  std::string_view wanted;
  std::string_view from;
  std::string_view colour;
};

constexpr std::array kFallbackPairs{
    FallbackPair{"unmovable", "movable", kVermillion}, FallbackPair{"unmovable", "reclaimable", kOrange},
    FallbackPair{"reclaimable", "movable", kGreen},    FallbackPair{"reclaimable", "unmovable", kPurple},
    FallbackPair{"movable", "unmovable", kBlue},       FallbackPair{"movable", "reclaimable", kSky},
};

Series count(std::string label, std::string_view name, std::string_view colour, ShownIn shown) {
  return {.label = std::move(label), .y = column(name), .colour = colour, .shown = shown};
}

/** Events so far: they are too few for a rate, and steps show when they came. */
Panel extfrag_panel(const std::string& action) {
  Panel panel{.ylabel = action + " events so far", .series = {}, .top = kWholeNumbers};
  panel.series.push_back(count(action + ", all", "extfrag_" + action, kBlack, ShownIn::comparison));
  for (const FallbackPair& pair : kFallbackPairs) {
    panel.series.push_back(count(fmt::format("{} from {}", pair.wanted, pair.from),
                                 fmt::format("extfrag_{}_{}_from_{}", action, pair.wanted, pair.from), pair.colour,
                                 ShownIn::single));
  }
  return panel;
}

Figure extfrag(const RunFiles&) {
  return {"extfrag",
          "External fragmentation events by kind",
          {extfrag_panel("claim"), extfrag_panel("steal"), extfrag_panel("pollute")}};
}

/** Simulated CPU time of @user, a class of timeseries.csv. */
Series cpu_share(std::string_view user, std::string_view colour) {
  std::string label(user);
  std::ranges::replace(label, '_', ' ');
  return {.label = std::move(label),
          .y = fmt::format("100*column(\"cpu_{}_s\")", user),
          .colour = colour,
          .per_second = true};
}

Figure daemon_cpu(const RunFiles&) {
  const auto panel = [](std::vector<Series> series) {
    return Panel{.ylabel = "CPU time (% of one CPU)", .series = std::move(series), .top = kCpuPercent};
  };
  Panel daemons = panel({cpu_share("kswapd", kBlue),
                         cpu_share("kcompactd", kVermillion),
                         cpu_share("khugepaged", kGreen),
                         cpu_share("gigablock_defrag", kPurple),
                         cpu_share("direct_reclaim", kSky),
                         cpu_share("direct_compaction", kOrange)});
  // A request for a 1 GiB page, or a large server's allocations, would leave the rest lying on the axis beside them.
  return {"daemon_cpu",
          "CPU time of memory management",
          {std::move(daemons), panel({cpu_share("other", kBlack)}), panel({cpu_share("workload", kBlack)})}};
}

Figure latency(const RunFiles&) {
  Panel panel{.ylabel = "allocation latency (µs)",
              .series = {},
              .style = PanelStyle::by_order,
              .log_scale = true,
              .yrange = "[*:*]"};  // whole decades
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPercentiles{
      {{"max", kGrey}, {"p99.9", kVermillion}, {"p99", kOrange}, {"p90", kSky}, {"p50", kBlue}}};
  for (const auto& [name, colour] : kPercentiles) {
    panel.series.push_back({.label = std::string(name),
                            .y = fmt::format("all(column(\"{}_ns\"))", name),
                            .colour = colour,
                            .shown = name == "max" || name == "p90" ? ShownIn::single : ShownIn::always,
                            .file = "latency.csv"});
  }
  return {"latency", "Allocation latency by order", {std::move(panel)}};
}

/** The zone that holds most memory, whose watermarks matter. */
std::string main_zone(const RunFiles& run) {
  std::string best;
  for (const std::string& zone : run.zones()) {
    if (best.empty() ||
        run.timeseries.last_value(zone + "_high_pages") >= run.timeseries.last_value(best + "_high_pages")) {
      best = zone;
    }
  }
  return best;
}

Figure memory(const RunFiles& run) {
  const std::string anon = "column(\"active_anon_pages\")+column(\"inactive_anon_pages\")";
  const std::string file = "column(\"active_file_pages\")+column(\"inactive_file_pages\")";
  const std::string on_no_list = "above(column(\"movable_pages\"), " + anon + "+" + file + ")";
  Panel use{.ylabel = "memory (GiB)", .series = {}, .style = PanelStyle::stacked};
  use.series = {{.label = "unmovable", .y = gib(column("unmovable_pages")), .colour = kVermillion},
                {.label = "reclaimable slab", .y = gib(column("reclaimable_pages")), .colour = kGreen},
                {.label = "anonymous", .y = gib("(" + anon + ")"), .colour = kOrange},
                {.label = "page cache",
                 .y = gib("above(column(\"movable_pages\"), " + anon + "+" + on_no_list + ")"),
                 .colour = kSky},
                {.label = "other movable", .y = gib(on_no_list), .colour = kYellow},
                {.label = "free", .y = gib("(column(\"free_pages\")+column(\"pcp_pages\"))"), .colour = kGrey}};
  const std::string zone = main_zone(run);
  std::string zone_name = zone;
  std::ranges::replace(zone_name, '_', ' ');
  const auto mark = [&](const char* name) { return gib(column(zone + "_" + name + "_pages")); };
  Panel free{.ylabel = "free in " + zone_name + " (GiB)", .series = {}};
  free.series = {{.label = "free", .y = mark("free"), .colour = kBlack},
                 {.label = "high mark", .y = mark("high"), .colour = kGreen, .shown = ShownIn::single},
                 {.label = "low mark", .y = mark("low"), .colour = kOrange, .shown = ShownIn::single},
                 {.label = "min mark", .y = mark("min"), .colour = kVermillion, .shown = ShownIn::single}};
  return {"memory", "Memory use, and free memory against the watermarks", {std::move(use), std::move(free)}};
}

Figure activity(const RunFiles&) {
  constexpr std::string_view kFile = "vmstat.csv";
  Panel reclaim{.ylabel = "reclaim (1000 pages/s)", .series = {}, .top = kHundredASecond};
  reclaim.series = {detail(thousands("kswapd scanned", "pgscan_kswapd", kSky, kFile)),
                    thousands("kswapd reclaimed", "pgsteal_kswapd", kBlue, kFile),
                    detail(thousands("direct scanned", "pgscan_direct", kOrange, kFile)),
                    thousands("direct reclaimed", "pgsteal_direct", kVermillion, kFile),
                    thousands("file refaults", "workingset_refault_file", kPurple, kFile)};
  Panel compaction{.ylabel = "compaction (1000 pages/s)", .series = {}, .top = kHundredASecond};
  compaction.series = {thousands("migrate scanned", "compact_migrate_scanned", kSky, kFile),
                       detail(thousands("free scanned", "compact_free_scanned", kGreen, kFile)),
                       detail(thousands("isolated", "compact_isolated", kOrange, kFile)),
                       thousands("migrated", "pgmigrate_success", kBlue, kFile)};
  Panel stalls{.ylabel = "direct compaction (1/s)", .series = {}, .top = kOneASecond};
  stalls.series = {rate("stalls", "compact_stall", kOrange, kFile),
                   detail(rate("failed", "compact_fail", kVermillion, kFile)),
                   rate("succeeded", "compact_success", kBlue, kFile)};
  return {"activity", "Reclaim and compaction", {std::move(reclaim), std::move(compaction), std::move(stalls)}};
}

}  // namespace

std::vector<Figure> figures(const RunFiles& run) {
  constexpr std::array kFigures{free_blocks, fragmentation, gigablock_states, failures, extfrag,
                                daemon_cpu,  latency,       memory,           activity};
  std::vector<Figure> result;
  for (const auto& make : kFigures) {
    result.push_back(make(run));
  }
  return result;
}

}  // namespace gbsim
