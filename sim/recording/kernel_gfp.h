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
 * An unmovable page of order 0 allocated so is page cache, on an LRU list: metadata of a block device or file system,
 * whose mapping asks without __GFP_MOVABLE. Told from slab pages, which are first asked for without __GFP_NOFAIL
 * (allocate_slab() of mm/slub.c); grow_dev_page() and btrfs insist. Read ahead, such a page has the mapping's GFP_USER,
 * less __GFP_FS, and filemap_alloc_folio()'s __GFP_COMP. Page cache is never asked for as zeroed.
 */
bool is_metadata_cache(Gfp gfp);

/**
 * Kernel bits of a text such as GFP_NOFS|__GFP_NOFAIL, as __print_flags() writes them. nullopt: an unknown name; but
 * __GFP_ flags that other kernels have stand for no bits.
 * GFP_ATOMIC and GFP_NOWAIT are taken as 6.12 defines them: 6.1 differs in bits that name no behaviour of theirs.
 */
std::optional<std::uint32_t> parse_kernel_gfp(std::string_view text);

}  // namespace gbsim
