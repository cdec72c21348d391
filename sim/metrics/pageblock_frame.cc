// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/pageblock_frame.h"

namespace gbsim {
namespace {

PageblockFill fill_of(const Pageblock& block, NrPages pages) {
  const std::uint64_t usable = pages.value - block.reserved;
  const std::uint64_t used = block.allocated();
  if (used == 0) {
    return PageblockFill::empty;
  }
  return used >= usable ? PageblockFill::full : static_cast<PageblockFill>(1 + used * 4 / usable);
}

unsigned label_of(Migratetype type) {
  switch (type) {
    case Migratetype::unmovable:
      return 0;
    case Migratetype::movable:
      return 1;
    case Migratetype::reclaimable:
      return 2;
    default:
      return 3;
  }
}

}  // namespace

PageblockCode pageblock_code(const Pageblock& block, NrPages pages, bool hole) {
  if (hole || block.reserved >= pages.value) {
    return static_cast<PageblockCode>(hole ? PageblockFill::hole : PageblockFill::boot_memory);
  }
  const unsigned holds =
      (block.movable > 0 ? 1U : 0U) | (block.unmovable > 0 ? 2U : 0U) | (block.reclaimable > 0 ? 4U : 0U);
  return static_cast<PageblockCode>(static_cast<unsigned>(fill_of(block, pages)) | holds << 3U |
                                    label_of(block.type) << 6U);
}

}  // namespace gbsim
