// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "sim/recording/by_page.h"

namespace gbsim {

/** A byte for each page, by whose values pages can be counted. */
class PageBytes : public ByPage<std::uint8_t> {
 public:
  /** By value, how many of @count pages from @pfn have it. */
  std::array<std::uint64_t, 256> histogram(Pfn pfn, NrPages count) const;
};

}  // namespace gbsim
