// SPDX-License-Identifier: GPL-2.0-or-later
// The zone seen in gigablocks: aligned blocks of the gigablock order, 1 GiB on a real machine.
#include "sim/mm/zone.h"

namespace gbsim {

namespace {

/** What the pageblock at @start has begun and ceased to hold; @counts of its gigablock include that. */
void trace_contents(TraceSink& sink, Pfn start, PageblockContents held, PageblockContents holds,
                    const GigablockCounts& counts) {
  const auto tell = [&](Migratetype type, bool before, bool now, std::uint32_t pageblocks) {
    if (before != now) {
      sink.pageblock_tainted(start, type, now, pageblocks == (now ? 1U : 0U));
    }
  };
  tell(Migratetype::unmovable, held.unmovable, holds.unmovable, counts.unmovable);
  tell(Migratetype::movable, held.movable, holds.movable, counts.movable);
  tell(Migratetype::reclaimable, held.reclaimable, holds.reclaimable, counts.reclaimable);
}

}  // namespace

GigablockId Zone::gigablock_of(Pfn pfn) const {
  const unsigned order = spec_.orders.gigablock.value;
  return GigablockId{(pfn.value >> order) - (start().value >> order)};
}

Pfn Zone::gigablock_start(GigablockId id) const {
  return start().align_down(spec_.orders.gigablock) + spec_.orders.gigablock.pages() * id.value;
}

std::size_t Zone::nr_gigablocks() const {
  return spec_.spanned == NrPages{} ? 0 : gigablock_of(end() - NrPages{1}).value + std::size_t{1};
}

bool Zone::is_whole_gigablock(GigablockId id) const {
  const Pfn first = gigablock_start(id);
  return first >= start() && first + spec_.orders.gigablock.pages() <= end();
}

void Zone::index_gigablocks() {
  gigablocks_ = std::make_unique<GigablockIndex>(nr_gigablocks(), spec_.orders.max, spec_.listing);
  const std::uint64_t pages = spec_.orders.pageblock.pages().value;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].reserved < pages) {
      const Pfn inside = std::max(pageblock_start(i), start());
      gigablocks_->add_pageblock(gigablock_of(inside), blocks_[i].reserved != 0);
      gigablocks_->pageblock_changed(gigablock_of(inside), {}, PageblockContents::of(blocks_[i], pages), 0);
    }
  }
}

Maybe<Order> Zone::smallest_free_near(Pfn near, Order from, Migratetype type) const {
  return areas_[area_of(page(near))].smallest(from, type);
}

Pfn Zone::first_free_near(Pfn near, Order order, Migratetype type) const {
  return pfn(areas_[area_of(page(near))].list(order, type).head());
}

void Zone::set_gigablock_isolated(GigablockId id, bool isolated) {
  if (gigablocks_) {
    gigablocks_->set_isolated(id, isolated);
  }
}

void Zone::report_pageblock(std::size_t block, const Pageblock& before) {
  const std::uint64_t pages = spec_.orders.pageblock.pages().value;
  const auto area = static_cast<std::uint32_t>(area_of(static_cast<PageIndex>(block << spec_.orders.pageblock.value)));
  const Pageblock& now = blocks_[block];
  const PageblockContents held = PageblockContents::of(before, pages);
  const PageblockContents holds = PageblockContents::of(now, pages);
  const bool refiled =
      gigablocks_->pageblock_changed(GigablockId{area}, held, holds, std::int64_t{now.free} - before.free);
  if (trace_ != nullptr && held != holds) {
    trace_contents(*trace_, pageblock_start(block), held, holds, gigablocks_->counts(GigablockId{area}));
  }
  if (refiled && listener_ != nullptr) {
    listener_->gigablock_refiled(*this, GigablockId{area});
  }
}

void Zone::set_pageblock_type(Pfn inside, Migratetype type) {
  change_pageblock(page(inside) >> spec_.orders.pageblock.value, [&](Pageblock& block) { block.type = type; });
}

bool Zone::gigablocks_have(Order least, Migratetype type) const {
  const bool whole = least >= spec_.orders.pageblock;
  const bool for_movable = type == Migratetype::movable && whole;
  return for_movable ? gigablocks_->any_for_movable(least) : !whole && gigablocks_->any_with(type, least);
}

Maybe<Order> Zone::smallest_free_anywhere(Order from, Migratetype type) const {
  for (; from <= spec_.orders.max; ++from) {
    if (gigablocks_->nr_free(from, type) != 0) {
      return from;
    }
  }
  return std::nullopt;
}

Pfn Zone::first_free(Order order, Migratetype type) const {
  const auto has = [&](const FreeArea& area) { return !area.list(order, type).empty(); };
  const auto area = std::ranges::find_if(areas_, has);
  GBSIM_CHECK(area != areas_.end());
  return pfn(area->list(order, type).head());
}

GigablockCensus Zone::gigablock(GigablockId id) const {
  const std::uint64_t pageblock_pages = spec_.orders.pageblock.pages().value;
  const Pfn first = std::max(gigablock_start(id), base_);
  const Pfn until = std::min(gigablock_start(id) + spec_.orders.gigablock.pages(), end());
  GigablockCensus census;
  for (Pfn at = first; at < until; at += NrPages{pageblock_pages}) {
    const Pageblock& block = pageblock(at);
    const std::uint64_t unused = pageblock_pages - block.allocated() - block.reserved;
    census.free += unused;
    census.movable += block.movable;
    census.unmovable += block.unmovable;
    census.unmovable += block.reserved;
    census.reclaimable += block.reclaimable;
    census.pinned += block.pinned;
    census.free_pageblocks += unused == pageblock_pages ? 1 : 0;
  }
  const bool tainted = census.unmovable + census.reclaimable > 0;
  const GigablockState full_or_not = census.movable > 0 ? GigablockState::clean : GigablockState::empty;
  census.state = tainted ? GigablockState::tainted : full_or_not;
  return census;
}

}  // namespace gbsim
