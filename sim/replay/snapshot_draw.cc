// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <numeric>

#include "sim/base/random.h"
#include "sim/replay/proc_snapshot.h"

namespace gbsim {

namespace {

/** How often a place is drawn before the block is given up: more only matter where hardly any room is left. */
constexpr unsigned kAttempts = 64;

/** Places blocks of one zone. */
class Drawer {
 public:
  Drawer(const ProcZone& counts, RandomStream& random)
      : counts_(counts), zone_(counts.image), random_(random), is_free_(zone_.spanned.value, false) {}

  ZoneImage draw() {
    draw_types();
    for (unsigned order = zone_.orders.max.value + 1U; order-- > 0;) {
      for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
        draw_blocks(Order{order}, static_cast<Migratetype>(type));
      }
    }
    return std::move(zone_);
  }

 private:
  Pfn first_block() const { return zone_.start.align_down(zone_.orders.pageblock); }

  /** Types in proportion; blocks that no count covers are movable. */
  void draw_types() {
    const Pfn end = (zone_.start + zone_.spanned).align_up(zone_.orders.pageblock);
    zone_.pageblocks.assign((end - first_block()).value >> zone_.orders.pageblock.value, Migratetype::movable);
    std::vector<std::size_t> places(zone_.pageblocks.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    for (std::size_t i = places.size(); i > 1; --i) {
      std::swap(places[i - 1], places[random_.below(i)]);
    }
    std::size_t next = 0;
    for (const Migratetype type : {Migratetype::unmovable, Migratetype::reclaimable, Migratetype::highatomic,
                                   Migratetype::cma, Migratetype::isolate}) {
      for (std::uint64_t i = 0; i < counts_.pageblocks[index(type)] && next < places.size(); ++i) {
        zone_.pageblocks[places[next++]] = type;
      }
    }
  }

  void draw_blocks(Order order, Migratetype type) {
    const std::vector<Pfn> homes = homes_of(order, type);
    for (std::uint64_t i = 0; i < counts_.free_blocks[order.value][index(type)] && !homes.empty(); ++i) {
      draw_block(order, type, homes);
    }
  }

  /** Starts of the pageblocks of @type, or of the blocks of @order if that is larger, that lie whole in the zone. */
  std::vector<Pfn> homes_of(Order order, Migratetype type) const {
    const Order size = std::max(order, zone_.orders.pageblock);
    std::vector<Pfn> homes;
    for (Pfn at = zone_.start.align_up(size); at + size.pages() <= zone_.start + zone_.spanned; at += size.pages()) {
      if (zone_.pageblocks[(at - first_block()).value >> zone_.orders.pageblock.value] == type) {
        homes.push_back(at);
      }
    }
    return homes;
  }

  void draw_block(Order order, Migratetype type, const std::vector<Pfn>& homes) {
    const Order size = std::max(order, zone_.orders.pageblock);
    for (unsigned attempt = 0; attempt < kAttempts; ++attempt) {
      const Pfn home = homes[random_.below(homes.size())];
      const std::uint64_t place = random_.below(std::uint64_t{1} << (size.value - order.value));
      const Pfn head = home + order.pages() * place;
      if (fits(head, order)) {
        place_block(head, order, type);
        return;
      }
    }
  }

  bool is_free(Pfn pfn) const {
    return pfn >= zone_.start && pfn < zone_.start + zone_.spanned && is_free_[(pfn - zone_.start).value];
  }

  /** Nothing free yet, and no free buddy that it would have merged with. */
  bool fits(Pfn head, Order order) const {
    for (std::uint64_t i = 0; i < order.pages().value; ++i) {
      if (is_free(head + NrPages{i})) {
        return false;
      }
    }
    return order == zone_.orders.max || !is_free(head.buddy(order));
  }

  void place_block(Pfn head, Order order, Migratetype type) {
    zone_.free[order.value][index(type)].push_back(head);
    for (std::uint64_t i = 0; i < order.pages().value; ++i) {
      is_free_[(head - zone_.start).value + i] = true;
    }
  }

  const ProcZone& counts_;
  ZoneImage zone_;
  RandomStream& random_;
  std::vector<bool> is_free_;
};

}  // namespace

KernelSnapshot draw_snapshot(const std::vector<ProcZone>& zones, std::uint64_t seed) {
  RandomStream random(seed, "snapshot");
  KernelSnapshot snapshot;
  for (const ProcZone& zone : zones) {
    snapshot.zones.push_back(Drawer(zone, random).draw());
  }
  return snapshot;
}

}  // namespace gbsim
