// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/folio.h"

#include "sim/base/check.h"

namespace gbsim {

namespace {

/** Marks a record that no folio uses: no order is that large. */
constexpr Order kDead{255};

}  // namespace

OwnerId FolioTable::register_owner(FolioOwner& owner) {
  GBSIM_CHECK(owners_.size() < 0xffff);
  owners_.push_back(&owner);
  return OwnerId{owners_.size() - 1};
}

FolioId FolioTable::create() {
  if (free_.empty()) {
    GBSIM_CHECK(records_.size() < (std::size_t{1} << 30));
    records_.emplace_back();
    return FolioId{records_.size() - 1};
  }
  const std::uint32_t id = free_.back();
  free_.pop_back();
  records_[id] = Folio{};
  return FolioId{id};
}

void FolioTable::destroy(FolioId id) {
  records_[id.value].order = kDead;
  free_.push_back(id.value);
}

bool FolioTable::is_live(FolioId id) const { return id.value < records_.size() && records_[id.value].order != kDead; }

std::uint64_t FolioTable::metadata_bytes() const {
  return records_.size() * sizeof(Folio) + free_.capacity() * sizeof(std::uint32_t);
}

}  // namespace gbsim
