// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/allocator/gfp.h"

namespace gbsim {

/** GFP bits of kernels 6.1 to 6.12 (include/linux/gfp_types.h) in our terms. Bits without effect here are dropped. */
Gfp gfp_of_kernel(std::uint32_t bits);

/**
 * Kernel bits of a text such as GFP_NOFS|__GFP_NOFAIL, as __print_flags() writes them. nullopt: an unknown name.
 * GFP_ATOMIC and GFP_NOWAIT are taken as 6.12 defines them: 6.1 differs in bits that name no behaviour of theirs.
 */
std::optional<std::uint32_t> parse_kernel_gfp(std::string_view text);

}  // namespace gbsim
