// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "sim/reclaim/reclaim.h"
#include "toy_zone.h"

namespace gbsim::test {

/** Remembers what it lost, and the shadows, as a page cache does. */
class RecordingOwner : public FolioOwner {
 public:
  std::string_view name() const override { return "recorder"; }
  void on_evicted(FolioId, const Folio& record) override {
    evicted.push_back(record.cookie);
    shadows.push_back(reclaim->shadow_of(record));
  }
  void on_split(FolioId, const Folio&, const std::vector<FolioId>& parts) override { split = parts; }

  Reclaim* reclaim = nullptr;
  std::vector<std::uint32_t> evicted;  // cookies
  std::vector<Shadow> shadows;
  std::vector<FolioId> split;
};

/** Toy memory of 64-page gigablocks with one owner of folios and the whole of reclaim. */
class ReclaimWorld {
 public:
  explicit ReclaimWorld(NrPages swap = NrPages{}, unsigned gigablocks = 64)
      : toy_(ToySpec{gigablocks, 6, 3, 1, KernelVersion::v6_12, ZoneType::normal}), reclaim_(with_swap(toy_, swap)) {
    owner_.reclaim = &reclaim_;
    owner_id_ = memory().folios().register_owner(owner_);
  }

  Memory& memory() { return toy_.memory(); }
  Zone& zone() { return toy_.zone(); }
  LruVec& lru() { return memory().lru(NodeId{}); }
  Tunables& tunables() { return toy_.tunables(); }
  Clock& clock() { return toy_.clock(); }
  Reclaim& reclaim() { return reclaim_; }
  RecordingOwner& owner() { return owner_; }
  FolioTable& folios() { return memory().folios(); }
  Folio& folio(FolioId id) { return folios()[id]; }
  std::uint64_t count(VmEvent event) { return memory().vmstat().get(event); }

  /** One new folio at the recent end of @list; its cookie is its number in order of creation. */
  FolioId add(LruList list, unsigned flags = 0, Order order = Order{0}) {
    const FolioId id = memory().attach_folio(take(order), order, Migratetype::movable, owner_id_, next_cookie_++);
    folio(id).flags = static_cast<std::uint16_t>(flags);
    lru().add_head(id, list);
    return id;
  }
  std::vector<FolioId> add_many(std::size_t count, LruList list, unsigned flags = 0) {
    std::vector<FolioId> ids;
    for (std::size_t i = 0; i < count; ++i) {
      ids.push_back(add(list, flags));
    }
    return ids;
  }
  FolioId add_dirty(LruList list) {
    const FolioId id = add(list);
    reclaim_.mark_dirty(id);
    return id;
  }
  /** Allocated pages that no LRU knows of, so that free memory falls to @pages. */
  void leave_free(std::uint64_t pages) {
    while (zone().free_pages_exact().value > pages) {
      take(Order{0});
    }
    zone().free_stat().fold(CpuId{});
  }
  /** min, low and high watermark. */
  void set_watermarks(std::uint64_t min, std::uint64_t low, std::uint64_t high) {
    Watermarks marks;
    marks.mark = {min, low, high};
    zone().set_watermarks(marks);
  }
  void check() { toy_.check(); }

 private:
  static Memory& with_swap(ToyZone& toy, NrPages swap) {
    toy.tunables().swap_bytes = swap.value * kPageSize;
    return toy.memory();
  }

  Pfn take(Order order) {
    const auto found = zone().smallest_free(order, Migratetype::movable);
    GBSIM_CHECK(found.has_value());
    const Pfn pfn = zone().first_free(*found, Migratetype::movable);
    zone().take_block(pfn, *found, order, Migratetype::movable);
    if (!zone().rules().accounts_each_take) {
      zone().account_free(-static_cast<std::int64_t>(order.pages().value), Migratetype::movable);
    }
    zone().set_raw(pfn, order, Migratetype::movable, true);
    return pfn;
  }

  ToyZone toy_;
  Reclaim reclaim_;
  RecordingOwner owner_;
  OwnerId owner_id_;
  std::uint32_t next_cookie_ = 0;
};

}  // namespace gbsim::test
