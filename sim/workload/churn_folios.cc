// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/churn_folios.h"

#include "sim/reclaim/reclaim.h"

namespace gbsim {

namespace {

/** What is on an LRU list can be migrated, whatever its request said: btrfs' metadata is unmovable, yet moves. */
std::uint16_t flags_for(const PageRequest& request, LruList lru, bool pinned) {
  const bool anon = lru == LruList::inactive_anon || lru == LruList::active_anon;
  const bool moves = lru != LruList::none && !request.gfp.has(Gfp::movable);
  return static_cast<std::uint16_t>((anon ? kSwapBacked | kDirty : 0) | (pinned ? kPinned : 0) |
                                    (moves ? kMigratable : 0));
}

}  // namespace

ChurnFolios::ChurnFolios(std::string name, WorkloadHost& host)
    : name_(std::move(name)), host_(host), id_(host.memory.folios().register_owner(*this)) {}

std::uint32_t ChurnFolios::take_place() {
  if (unused_ == kEmptyGroup) {
    places_.emplace_back();
    return static_cast<std::uint32_t>(places_.size() - 1);
  }
  const std::uint32_t place = unused_;
  unused_ = places_[place].next;
  return place;
}

bool ChurnFolios::add(FolioGroup& group, const PageRequest& request, LruList lru, bool pinned) {
  const std::uint32_t place = take_place();
  FolioUse use{id_, place, lru};
  use.flags = static_cast<decltype(use.flags)>(flags_for(request, lru, pinned));
  const auto folio = host_.allocator.alloc_folio(request, use);
  if (!folio) {
    places_[place] = Place{kNoFolio, unused_};
    unused_ = place;
    return false;
  }
  places_[place] = Place{folio->value, group};
  group = place;
  pages_ += request.order.pages();
  return true;
}

void ChurnFolios::free(FolioGroup group, CpuId cpu) {
  while (group != kEmptyGroup) {
    const Place place = places_[group];
    places_[group] = Place{kNoFolio, unused_};
    unused_ = group;
    group = place.next;
    if (place.folio != kNoFolio) {
      const FolioId folio{place.folio};
      pages_ -= host_.memory.folios()[folio].order.pages();
      host_.reclaim.forget(folio);
      host_.allocator.free_folio(folio, cpu);
    }
  }
}

// What went to swap comes back only if it is used, and churn never looks: the slots are given back at once.
void ChurnFolios::on_evicted(FolioId, const Folio& record) {
  places_[record.cookie].folio = kNoFolio;
  pages_ -= record.order.pages();
  if (record.has(kSwapBacked)) {
    host_.reclaim.swap().release(record.order.pages());
  }
}

void ChurnFolios::on_split(FolioId, const Folio& record, const std::vector<FolioId>& parts) {
  places_[record.cookie].folio = parts.front().value;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::uint32_t place = take_place();
    places_[place] = Place{parts[i].value, places_[record.cookie].next};
    places_[record.cookie].next = place;
    host_.memory.folios()[parts[i]].cookie = place;
  }
}

}  // namespace gbsim
