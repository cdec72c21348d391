// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/mm/folio.h"

namespace gbsim {

/** The LRU lists of one node, linked through the folio records. Sizes are in base pages. */
class LruVec {
 public:
  explicit LruVec(FolioTable& folios) : folios_(&folios) {}

  /** Most recent end. Requires: @folio is on no list. */
  void add_head(FolioId folio, LruList list);
  /** End that reclaim looks at first. */
  void add_tail(FolioId folio, LruList list);
  /** In front of @next, nearer the most recent end; kNoFolio puts it at the tail. */
  void insert_before(FolioId folio, LruList list, std::uint32_t next);
  void remove(FolioId folio);
  /** @folio stays where it is and is counted for @zone from now on; sets its record's zone. */
  void change_zone(FolioId folio, std::uint8_t zone);
  /** The next victim of @list, kNoFolio if it is empty. */
  std::uint32_t tail(LruList list) const { return heads_[static_cast<std::size_t>(list)].tail; }
  std::uint32_t head(LruList list) const { return heads_[static_cast<std::size_t>(list)].head; }
  NrPages size(LruList list) const { return heads_[static_cast<std::size_t>(list)].pages; }
  /** The part of @list that lies in one zone, by its index in Memory. */
  NrPages size(LruList list, unsigned zone) const {
    return zone < zones_.size() ? zones_[zone][static_cast<std::size_t>(list)] : NrPages{};
  }
  std::uint64_t nr_folios(LruList list) const { return heads_[static_cast<std::size_t>(list)].folios; }

 private:
  struct Ends {
    std::uint32_t head = kNoFolio;
    std::uint32_t tail = kNoFolio;
    NrPages pages;
    std::uint64_t folios = 0;
  };

  NrPages& zone_pages(const Folio& folio);

  FolioTable* folios_;
  std::array<Ends, kNrLruLists> heads_{};
  std::vector<std::array<NrPages, kNrLruLists>> zones_;  // grows to the highest zone seen
};

}  // namespace gbsim
