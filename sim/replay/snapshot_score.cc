// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/snapshot_score.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/base/text.h"
#include "sim/metrics/census.h"
#include "sim/mm/fragmentation.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

std::vector<Pfn> our_list(const Zone& zone, Order order, Migratetype type) {
  std::vector<Pfn> list;
  zone.for_each_free(order, type, [&](Pfn pfn) {
    list.push_back(pfn);
    return true;
  });
  return list;
}

std::uint64_t missing_from(const std::vector<Pfn>& sorted, const std::vector<Pfn>& other) {
  std::vector<Pfn> rest;
  std::ranges::set_difference(sorted, other, std::back_inserter(rest));
  return rest.size();
}

void compare_list(std::vector<Pfn> ours, std::vector<Pfn> kernel, ListAgreement& agreement) {
  if (ours.empty() && kernel.empty()) {
    return;
  }
  ++agreement.lists;
  agreement.same_order += ours == kernel ? 1 : 0;
  std::ranges::sort(ours);
  std::ranges::sort(kernel);
  agreement.only_ours += missing_from(ours, kernel);
  agreement.only_kernel += missing_from(kernel, ours);
}

std::uint64_t blocks_of(const ZoneImage& zone, Order order) {
  std::uint64_t blocks = 0;
  for (const std::vector<Pfn>& list : zone.free[order.value]) {
    blocks += list.size();
  }
  return blocks;
}

ContigInfo contig_info(const ZoneImage& zone, Order wanted) {
  ContigInfo info;
  for (Order order{0}; order <= zone.orders.max; ++order) {
    const std::uint64_t blocks = blocks_of(zone, order);
    info.free_blocks += blocks;
    info.free_pages += blocks << order.value;
    info.suitable_blocks += order < wanted ? 0 : blocks << (order.value - wanted.value);
  }
  return info;
}

std::uint64_t mixed(const std::vector<Pageblock>& blocks, NrPages pages) {
  PageblockCensus census;
  for (const Pageblock& block : blocks) {
    count_pageblock(census, block, pages);
  }
  return census.mixed;
}

std::vector<Pageblock> our_pageblocks(const Zone& zone) {
  std::vector<Pageblock> blocks;
  const Pfn first = zone.start().align_down(zone.orders().pageblock);
  for (Pfn pfn = first; pfn < zone.end(); pfn += zone.orders().pageblock.pages()) {
    blocks.push_back(zone.pageblock(pfn));
  }
  return blocks;
}

std::uint64_t pcp_pages(const ZoneImage& zone) {
  std::uint64_t pages = 0;
  for (const PcpImage& pcp : zone.pcps) {
    pages += static_cast<std::uint64_t>(pcp.count);
  }
  return pages;
}

void compare_lists(const Zone& zone, const ZoneImage& kernel, SnapshotScore& score) {
  score.free_blocks.resize(kernel.orders.max.value + 1U);
  for (Order order{0}; order <= kernel.orders.max; ++order) {
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      const auto list = static_cast<Migratetype>(type);
      const std::vector<Pfn>& theirs = kernel.free[order.value][type];
      score.free_blocks[order.value][type] = {zone.nr_free_blocks(order, list), theirs.size()};
      compare_list(our_list(zone, order, list), theirs, score.lists);
    }
  }
}

/** Pages out of use, by pageblock from the one that holds @start. */
class IdlePages {
 public:
  IdlePages(Pfn start, std::size_t blocks, Order pageblock)
      : base_(start.align_down(pageblock)), pageblock_(pageblock), pages_(blocks, 0) {}

  void add(Pfn head, Order order) {
    const Order each = std::min(order, pageblock_);
    for (Pfn at = head; at < head + order.pages(); at += each.pages()) {
      pages_[(at - base_).value >> pageblock_.value] += each.pages().value;
    }
  }
  std::uint64_t whole_pageblocks() const {
    return static_cast<std::uint64_t>(std::ranges::count(pages_, pageblock_.pages().value));
  }

 private:
  Pfn base_;
  Order pageblock_;
  std::vector<std::uint64_t> pages_;
};

std::uint64_t fully_free(const ZoneImage& kernel) {
  IdlePages idle(kernel.start, kernel.pageblocks.size(), kernel.orders.pageblock);
  const auto add = [&](Pfn head, Order order) { idle.add(head, order); };
  kernel.for_each_free(add);
  kernel.for_each_on_pcp(add);
  return idle.whole_pageblocks();
}

void add_pcp(const Zone& zone, const PcpLists& pcp, IdlePages& idle) {
  for (std::size_t list = 0; list < kNrPcpLists; ++list) {
    for (std::uint32_t i = 0; i < pcp.lists[list].size(); ++i) {
      idle.add(zone.pfn(pcp.lists[list].from_head(i)), pcp_order(list, zone.orders().pageblock));
    }
  }
}

std::uint64_t fully_free(const Zone& zone, const ZoneImage& kernel, PcpLoad pcp) {
  IdlePages idle(zone.start(), kernel.pageblocks.size(), zone.orders().pageblock);
  for (Order order{0}; order <= zone.orders().max; ++order) {
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      zone.for_each_free(order, static_cast<Migratetype>(type), [&](Pfn head) { return idle.add(head, order), true; });
    }
  }
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    add_pcp(zone, zone.pcp(CpuId{cpu}), idle);
  }
  if (pcp == PcpLoad::allocated) {
    kernel.for_each_on_pcp([&](Pfn head, Order order) {
      if (!RecordedPages::free_block_at(zone, head)) {
        idle.add(head, order);
      }
    });
  }
  return idle.whole_pageblocks();
}

/** Pages in use are looked through once where both sides have the same. */
std::vector<Pageblock> kernel_pageblocks(const ZoneImage& kernel, const ScoredSides& sides,
                                         const std::vector<Pageblock>& ours) {
  if (sides.kernel != sides.ours) {
    return sides.kernel->pageblocks(kernel);
  }
  std::vector<Pageblock> blocks = ours;
  for (std::size_t i = 0; i < kernel.pageblocks.size(); ++i) {
    blocks[i].type = kernel.pageblocks[i];
  }
  return blocks;
}

void compare_pageblocks(const Zone& zone, const ZoneImage& kernel, const ScoredSides& sides, SnapshotScore& score) {
  const std::vector<Pageblock> ours = sides.ours != nullptr ? sides.ours->pageblocks(zone) : our_pageblocks(zone);
  for (std::size_t i = 0; i < kernel.pageblocks.size(); ++i) {
    ++score.pageblocks[index(ours[i].type)].ours;
    ++score.pageblocks[index(kernel.pageblocks[i])].kernel;
    score.lists.same_types += ours[i].type == kernel.pageblocks[i] ? 1 : 0;
  }
  const NrPages pages = kernel.orders.pageblock.pages();
  score.all_pageblocks = kernel.pageblocks.size();
  score.fully_free = {fully_free(zone, kernel, sides.pcp), fully_free(kernel)};
  score.knows_mixed = sides.kernel != nullptr;
  score.mixed = {mixed(ours, pages), score.knows_mixed ? mixed(kernel_pageblocks(kernel, sides, ours), pages) : 0};
}

nlohmann::ordered_json pair(Versus versus) { return nlohmann::ordered_json::array({versus.ours, versus.kernel}); }

nlohmann::ordered_json by_type(const std::array<Versus, kNrMigratetypes>& counts) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
    if (counts[type].ours != 0 || counts[type].kernel != 0) {
      json[lower_case(name(static_cast<Migratetype>(type)))] = pair(counts[type]);
    }
  }
  return json;
}

}  // namespace

Versus SnapshotScore::free_blocks_of(unsigned order) const {
  Versus sum;
  for (const Versus& list : free_blocks[order]) {
    sum.ours += list.ours;
    sum.kernel += list.kernel;
  }
  return sum;
}

Versus SnapshotScore::large_free_blocks(Order pageblock) const {
  Versus sum;
  for (unsigned order = pageblock.value; order < free_blocks.size(); ++order) {
    const Versus blocks = free_blocks_of(order);
    sum.ours += blocks.ours;
    sum.kernel += blocks.kernel;
  }
  return sum;
}

SnapshotScore score_snapshot(const Zone& zone, const KernelSnapshot& snapshot, const ZoneImage& kernel,
                             const ScoredSides& sides) {
  SnapshotScore score;
  score.sequence = snapshot.sequence;
  score.label = snapshot.label;
  score.time = snapshot.time;
  score.zone = std::string(zone.name());
  score.drawn = kernel.is_drawn;
  score.managed = kernel.managed;
  score.pcp_pages = {zone.pcp_pages().value, pcp_pages(kernel)};
  compare_lists(zone, kernel, score);
  compare_pageblocks(zone, kernel, sides, score);
  const Order pageblock = kernel.orders.pageblock;
  const ContigInfo ours = contig_info(zone, pageblock);
  const ContigInfo theirs = contig_info(kernel, pageblock);
  score.free_pages = {ours.free_pages, theirs.free_pages};
  score.unusable_index = {unusable_index(ours, pageblock), unusable_index(theirs, pageblock)};
  return score;
}

nlohmann::ordered_json to_json(const SnapshotScore& score) {
  constexpr double kNsPerSecond = 1e9;
  nlohmann::ordered_json json;
  json["time_s"] = static_cast<double>(score.time.count()) / kNsPerSecond;
  json["label"] = score.label;
  json["zone"] = score.zone;
  json["drawn"] = score.drawn;
  json["free_pages"] = pair(score.free_pages);
  json["pcp_pages"] = pair(score.pcp_pages);
  for (unsigned order = 0; order < score.free_blocks.size(); ++order) {
    json["free_blocks"][std::to_string(order)] = pair(score.free_blocks_of(order));
    json["free_blocks_by_type"][std::to_string(order)] = by_type(score.free_blocks[order]);
  }
  json["pageblocks"] = by_type(score.pageblocks);
  json["fully_free_pageblocks"] = pair(score.fully_free);
  if (score.knows_mixed) {
    json["mixed_pageblocks"] = pair(score.mixed);
  }
  json["unusable_index"] = pair(score.unusable_index);
  json["lists"] = {{"same_blocks", score.lists.same_blocks()},
                   {"only_ours", score.lists.only_ours},
                   {"only_kernel", score.lists.only_kernel},
                   {"not_empty", score.lists.lists},
                   {"same_order", score.lists.same_order},
                   {"same_pageblock_types", score.lists.same_types}};
  return json;
}

}  // namespace gbsim
