// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/lru.h"

#include "sim/base/check.h"

namespace gbsim {

NrPages& LruVec::zone_pages(const Folio& folio) {
  if (folio.zone >= zones_.size()) {
    zones_.resize(folio.zone + std::size_t{1});
  }
  return zones_[folio.zone][static_cast<std::size_t>(folio.lru)];
}

void LruVec::change_zone(FolioId folio, std::uint8_t zone) {
  Folio& record = (*folios_)[folio];
  zone_pages(record) -= record.order.pages();
  record.zone = zone;
  zone_pages(record) += record.order.pages();
}

void LruVec::add_head(FolioId folio, LruList list) { insert_before(folio, list, head(list)); }

void LruVec::add_tail(FolioId folio, LruList list) { insert_before(folio, list, kNoFolio); }

void LruVec::insert_before(FolioId folio, LruList list, std::uint32_t next) {
  Folio& record = (*folios_)[folio];
  GBSIM_DCHECK(record.lru == LruList::none && list != LruList::none);
  Ends& ends = heads_[static_cast<std::size_t>(list)];
  record.lru = list;
  record.next = next;
  record.prev = next == kNoFolio ? ends.tail : (*folios_)[FolioId{next}].prev;
  (record.prev == kNoFolio ? ends.head : (*folios_)[FolioId{record.prev}].next) = folio.value;
  (next == kNoFolio ? ends.tail : (*folios_)[FolioId{next}].prev) = folio.value;
  ends.pages += record.order.pages();
  zone_pages(record) += record.order.pages();
  ++ends.folios;
}

void LruVec::remove(FolioId folio) {
  Folio& record = (*folios_)[folio];
  GBSIM_DCHECK(record.lru != LruList::none);
  Ends& ends = heads_[static_cast<std::size_t>(record.lru)];
  (record.prev == kNoFolio ? ends.head : (*folios_)[FolioId{record.prev}].next) = record.next;
  (record.next == kNoFolio ? ends.tail : (*folios_)[FolioId{record.next}].prev) = record.prev;
  ends.pages -= record.order.pages();
  zone_pages(record) -= record.order.pages();
  --ends.folios;
  record.lru = LruList::none;
  record.prev = kNoFolio;
  record.next = kNoFolio;
}

}  // namespace gbsim
