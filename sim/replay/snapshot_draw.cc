// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/base/random.h"
#include "sim/replay/byte_source.h"
#include "sim/replay/proc_snapshot.h"

namespace gbsim {

namespace {

/** One zone while its blocks are drawn, largest first. */
class Drawing {
 public:
  Drawing(const ProcZone& counts, RandomStream& random)
      : counts_(counts),
        zone_(counts.image),
        random_(random),
        base_(zone_.start.align_down(zone_.orders.pageblock)),
        end_(zone_.start + zone_.spanned),
        taken_(zone_.spanned.value, false),
        left_(counts.pageblocks),
        labelled_((end_.align_up(zone_.orders.pageblock) - base_).value >> zone_.orders.pageblock.value, false),
        heads_(zone_.spanned.value, 0) {
    zone_.pageblocks.assign(labelled_.size(), Migratetype::movable);
  }

  /** Nothing: there is not room for all. */
  std::optional<ZoneImage> run() {
    bool fits = true;
    for (unsigned order = zone_.orders.max.value + 1U; order-- > 0;) {
      if (order + 1U == zone_.orders.pageblock.value) {
        label_the_rest();
      }
      for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
        fits = fits && draw(Order{order}, static_cast<Migratetype>(type), counts_.free_blocks[order][type]);
      }
    }
    return fits ? std::optional{std::move(zone_)} : std::nullopt;
  }

 private:
  /** In pageblocks of @type first, then anywhere. */
  bool draw(Order order, Migratetype type, std::uint64_t count) {
    count = place(order, type, count, true);
    return place(order, type, count, false) == 0;
  }

  /** Returns how many found no room. */
  std::uint64_t place(Order order, Migratetype type, std::uint64_t count, bool own_pageblocks) {
    if (count == 0) {
      return 0;
    }
    for (const Pfn pfn : places_for(order, type, own_pageblocks)) {
      if (count == 0) {
        break;
      }
      if (!buddy_is_free(pfn, order)) {
        take(pfn, order, type);
        --count;
      }
    }
    return count;
  }

  std::vector<Pfn> places_for(Order order, Migratetype type, bool own_pageblocks) {
    std::vector<Pfn> places;
    for (Pfn pfn = zone_.start.align_up(order); pfn + order.pages() <= end_; pfn += order.pages()) {
      const bool whole = order >= zone_.orders.pageblock;
      const bool own = whole || label(pfn) == type;
      if (own == own_pageblocks && is_clear(pfn, order)) {
        places.push_back(pfn);
      }
    }
    random_.shuffle(places);
    return places;
  }

  bool is_clear(Pfn pfn, Order order) const {
    const auto first = taken_.begin() + static_cast<std::ptrdiff_t>((pfn - zone_.start).value);
    const auto last = first + static_cast<std::ptrdiff_t>(order.pages().value);
    return std::find(first, last, true) == last;
  }

  bool buddy_is_free(Pfn pfn, Order order) const {
    const Pfn buddy = pfn.buddy(order);
    const bool inside = buddy >= zone_.start && buddy < end_;
    return order < zone_.orders.max && inside && heads_[(buddy - zone_.start).value] == order.value + 1;
  }

  void take(Pfn pfn, Order order, Migratetype type) {
    heads_[(pfn - zone_.start).value] = static_cast<std::uint8_t>(order.value + 1);
    std::fill_n(taken_.begin() + static_cast<std::ptrdiff_t>((pfn - zone_.start).value), order.pages().value, true);
    zone_.free[order.value][index(type)].push_back(pfn);
    if (order >= zone_.orders.pageblock) {
      label_block(pfn, order, type);
    }
  }

  std::size_t pageblock_of(Pfn pfn) const { return (pfn - base_).value >> zone_.orders.pageblock.value; }
  Migratetype label(Pfn pfn) const { return zone_.pageblocks[pageblock_of(pfn)]; }

  void label_block(Pfn pfn, Order order, Migratetype type) {
    for (Pfn at = pfn; at < pfn + order.pages(); at += zone_.orders.pageblock.pages()) {
      set_label(pageblock_of(at), type);
    }
  }

  void set_label(std::size_t block, Migratetype type) {
    zone_.pageblocks[block] = type;
    labelled_[block] = true;
    std::uint64_t& left = left_[index(type)];
    left -= left > 0 ? 1 : 0;
  }

  /** Pageblocks without a whole free block take what labels are left; what no count covers is movable. */
  void label_the_rest() {
    std::vector<std::size_t> blocks;
    for (std::size_t i = 0; i < labelled_.size(); ++i) {
      if (!labelled_[i]) {
        blocks.push_back(i);
      }
    }
    random_.shuffle(blocks);
    std::size_t at = 0;
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      for (; left_[type] > 0 && at < blocks.size(); ++at) {
        set_label(blocks[at], static_cast<Migratetype>(type));
      }
    }
  }

  const ProcZone& counts_;
  ZoneImage zone_;
  RandomStream& random_;
  Pfn base_;
  Pfn end_;
  std::vector<bool> taken_;
  std::array<std::uint64_t, kNrMigratetypes> left_;
  std::vector<bool> labelled_;
  std::vector<std::uint8_t> heads_;  // order plus one of the free block that begins here
};

}  // namespace

KernelSnapshot draw_snapshot(const std::vector<ProcZone>& zones, std::uint64_t seed,
                             const std::filesystem::path& name) {
  RandomStream random(seed, "snapshot");
  KernelSnapshot snapshot;
  for (const ProcZone& zone : zones) {
    auto drawn = Drawing(zone, random).run();
    if (!drawn) {
      throw BadRecording(name, 0, fmt::format("its free blocks do not fit into the zone at pfn {} of zoneinfo",
                                              zone.image.start.value));
    }
    snapshot.zones.push_back(std::move(*drawn));
  }
  return snapshot;
}

}  // namespace gbsim
