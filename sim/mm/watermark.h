// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** floor(sqrt(x)). */
std::uint64_t integer_sqrt(std::uint64_t x);

/** vm.min_free_kbytes by default: 4 * sqrt(lowmem in KiB), between 128 KiB and 256 MiB (calculate_min_free_kbytes). */
std::uint64_t default_min_free_kbytes(NrPages lowmem);

/**
 * What khugepaged raises it to: two pageblocks a zone, and one for each pair of per-CPU types, at most 5 % of lowmem
 * (set_recommended_min_free_kbytes).
 */
std::uint64_t thp_min_free_kbytes(unsigned nr_zones, Order pageblock, NrPages lowmem);

/** min, low and high of every zone; ends all boosts (__setup_per_zone_wmarks). */
void set_watermarks(const std::vector<std::unique_ptr<Zone>>& zones, std::uint64_t min_kbytes, unsigned scale_factor);

/** What each zone keeps back from requests that could use higher zones of its node. */
void set_lowmem_reserves(const std::vector<std::unique_ptr<Zone>>& zones, const std::array<unsigned, 4>& ratio);

/** Sum over zones of high watermark and largest lowmem reserve (calculate_totalreserve_pages). */
NrPages total_reserve(const std::vector<std::unique_ptr<Zone>>& zones);

}  // namespace gbsim
