// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "sim/base/random.h"
#include "sim/recording/byte_source.h"

namespace gbsim {

namespace {

/** How well a block fits in a place, by what the recording tells of its pages. */
enum class Fit : std::uint8_t {
  seen,     // some leave free lists later, and none was in use
  open,     // nothing is known
  refuted,  // some were in use
};

/** In which places a block is looked for room, one after the other. */
struct Wish {
  bool own_pageblock;  // of the block's type
  Fit fit;
};
constexpr std::array kWishes{Wish{true, Fit::seen},  Wish{true, Fit::open},    Wish{false, Fit::seen},
                             Wish{false, Fit::open}, Wish{true, Fit::refuted}, Wish{false, Fit::refuted}};

/** One zone while its blocks are drawn, largest first. */
class Drawing {
 public:
  Drawing(const ProcZone& counts, const FirstUses& uses, RandomStream& random)
      : counts_(counts),
        zone_(counts.image),
        uses_(uses),
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
      fits = fits && draw(Order{order});
    }
    return fits ? std::optional{std::move(zone_)} : std::nullopt;
  }

 private:
  /** A place, and how many of its pages are seen to have been free. Small: millions of them are shuffled. */
  struct Place {
    std::uint32_t page;  // of the zone, 16 TiB at most
    std::uint32_t seen;
  };
  struct ClearPlace {
    Place place;
    Fit fit;
  };
  using Wished = std::array<std::vector<Place>, kWishes.size()>;

  /** False: not all found room. */
  bool draw(Order order) {
    const auto& counts = counts_.free_blocks[order.value];
    if (std::ranges::all_of(counts, [](std::uint64_t count) { return count == 0; })) {
      return true;
    }
    const std::vector<ClearPlace> clear = clear_places(order);
    bool fits = true;
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      fits = fits && draw(order, static_cast<Migratetype>(type), counts[type], clear);
    }
    return fits;
  }

  /** @clear: where nothing larger lies. */
  bool draw(Order order, Migratetype type, std::uint64_t count, const std::vector<ClearPlace>& clear) {
    if (count == 0) {
      return true;
    }
    Wished places = wished_of(clear, order, type);
    for (std::vector<Place>& wished : places) {
      random_.shuffle(wished);
      if (!std::ranges::is_sorted(wished, std::ranges::greater{}, &Place::seen)) {
        std::ranges::stable_sort(wished, std::ranges::greater{}, &Place::seen);
      }
      count = place(order, type, count, wished);
    }
    return count == 0;
  }

  /** Returns how many found no room. */
  std::uint64_t place(Order order, Migratetype type, std::uint64_t count, const std::vector<Place>& places) {
    for (const Place& place : places) {
      if (count == 0) {
        break;
      }
      if (!buddy_is_free(pfn_of(place), order)) {
        take(pfn_of(place), order, type);
        --count;
      }
    }
    return count;
  }

  std::vector<ClearPlace> clear_places(Order order) const {
    std::vector<ClearPlace> places;
    for (Pfn pfn = zone_.start.align_up(order); pfn + order.pages() <= end_; pfn += order.pages()) {
      if (is_clear(pfn)) {
        places.push_back(place_at(pfn, order));
      }
    }
    return places;
  }

  ClearPlace place_at(Pfn pfn, Order order) const {
    const auto page = static_cast<std::uint32_t>((pfn - zone_.start).value);
    if (!uses_.any()) {
      return {{page, 0}, Fit::open};
    }
    std::uint32_t seen = 0;
    for (Pfn at = pfn; at < pfn + order.pages(); at += NrPages{1}) {
      if (uses_.was_in_use(at)) {
        return {{page, 0}, Fit::refuted};
      }
      seen += uses_.was_free(at) ? 1 : 0;
    }
    return {{page, seen}, seen != 0 ? Fit::seen : Fit::open};
  }

  /** Those of @clear that no block of the same order has taken since, by wish. */
  Wished wished_of(const std::vector<ClearPlace>& clear, Order order, Migratetype type) const {
    Wished places;
    for (const auto& [place, fit] : clear) {
      if (taken_[place.page]) {
        continue;
      }
      const bool own = order >= zone_.orders.pageblock || label(pfn_of(place)) == type;
      const auto wish = std::ranges::find_if(
          kWishes, [&, fit = fit](const Wish& one) { return one.own_pageblock == own && one.fit == fit; });
      places[static_cast<std::size_t>(wish - kWishes.begin())].push_back(place);
    }
    return places;
  }

  Pfn pfn_of(const Place& place) const { return zone_.start + NrPages{place.page}; }

  /** Of a place smaller than all blocks drawn so far: these hold the whole of it or nothing. */
  bool is_clear(Pfn pfn) const { return !taken_[(pfn - zone_.start).value]; }

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
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      label_with(static_cast<Migratetype>(type), blocks);
    }
  }

  /** Those of @blocks that have most pages of @type, as far as any is known, first. They leave @blocks. */
  void label_with(Migratetype type, std::vector<std::size_t>& blocks) {
    const std::uint64_t count = std::min<std::uint64_t>(left_[index(type)], blocks.size());
    if (count == 0) {
      return;
    }
    std::vector<std::pair<std::int64_t, std::size_t>> ranked;
    for (const std::size_t block : blocks) {
      ranked.emplace_back(lead_of(type, block), block);
    }
    std::ranges::stable_sort(ranked, std::ranges::greater{}, &std::pair<std::int64_t, std::size_t>::first);
    blocks.clear();
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      i < count ? set_label(ranked[i].second, type) : blocks.push_back(ranked[i].second);
    }
  }

  /** Pages of the pageblock that lay on, or returned to, lists of @type, less those of other types. */
  std::int64_t lead_of(Migratetype type, std::size_t block) const {
    const Pfn from = base_ + NrPages{block << zone_.orders.pageblock.value};
    std::int64_t lead = 0;
    for (Pfn at = from; at < from + zone_.orders.pageblock.pages(); at += NrPages{1}) {
      if (const auto known = uses_.type(at)) {
        lead += *known == type ? 1 : -1;
      }
    }
    return lead;
  }

  const ProcZone& counts_;
  ZoneImage zone_;
  const FirstUses& uses_;
  RandomStream& random_;
  Pfn base_;
  Pfn end_;
  std::vector<bool> taken_;
  std::array<std::uint64_t, kNrMigratetypes> left_;
  std::vector<bool> labelled_;
  std::vector<std::uint8_t> heads_;  // order plus one of the free block that begins here
};

}  // namespace

KernelSnapshot draw_snapshot(const std::vector<ProcZone>& zones, const FirstUses& uses, std::uint64_t seed,
                             const std::filesystem::path& name) {
  RandomStream random(seed, "snapshot");
  KernelSnapshot snapshot;
  for (const ProcZone& zone : zones) {
    auto drawn = Drawing(zone, uses, random).run();
    if (!drawn) {
      throw BadRecording(name, 0, fmt::format("its free blocks do not fit into the zone at pfn {} of zoneinfo",
                                              zone.image.start.value));
    }
    snapshot.zones.push_back(std::move(*drawn));
  }
  return snapshot;
}

}  // namespace gbsim
