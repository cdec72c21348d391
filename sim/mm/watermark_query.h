// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "sim/base/types.h"
#include "sim/mm/alloc_flags.h"
#include "sim/mm/zone_spec.h"

namespace gbsim {

/** Mark and reserves of one zone in pages, boost not included. */
struct Watermarks {
  std::array<std::uint64_t, kNrWatermarks> mark{};
  std::array<std::uint64_t, 4> lowmem_reserve{};  // by the highest zone a request may use
};

/** One watermark check: __zone_watermark_ok(). */
struct WatermarkQuery {
  Order order;
  std::uint64_t mark = 0;
  ZoneType highest = ZoneType::normal;
  AllocFlags flags{};
};

}  // namespace gbsim
