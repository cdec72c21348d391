// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/big_vector.h"
#include "sim/workload/workload.h"

namespace gbsim {

/** Folios that live and die together: the number of the last place in their chain. */
using FolioGroup = std::uint32_t;

inline constexpr FolioGroup kEmptyGroup = 0xffffffffU;

/** The folios of one churn instance, each at a place that eviction and splitting can find by the folio's cookie. */
class ChurnFolios final : public FolioOwner {
 public:
  ChurnFolios(std::string name, WorkloadHost& host);

  /** Adds one folio for @request to @group; false if it was refused. */
  bool add(FolioGroup& group, const PageRequest& request, LruList lru, bool pinned);
  /** Frees what reclaim has left of @group. */
  void free(FolioGroup group, CpuId cpu);

  /** Base pages that live folios hold. */
  NrPages pages() const { return pages_; }

  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;
  /** Each part gets a place next to that of the whole. */
  void on_split(FolioId folio, const Folio& record, const std::vector<FolioId>& parts) override;

 private:
  struct Place {
    std::uint32_t folio = kNoFolio;  // kNoFolio: evicted
    std::uint32_t next = kEmptyGroup;
  };

  std::uint32_t take_place();

  std::string name_;
  WorkloadHost& host_;
  OwnerId id_;
  BigVector<Place> places_;
  std::uint32_t unused_ = kEmptyGroup;
  NrPages pages_;
};

}  // namespace gbsim
