// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/slow_path.h"

#include "sim/allocator/page_allocator.h"

namespace gbsim {

std::optional<Pfn> slow_path(PageAllocator& allocator, const PageRequest& request) {
  AllocFlags flags = slow_path_flags(allocator.memory(), request);
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (flags.has(AllocFlags::kswapd)) {
      allocator.wake_kswapds(request);
    }
    if (attempt == 1 && request.gfp.has(Gfp::memalloc)) {
      const std::uint32_t kept = flags.has(AllocFlags::kswapd) ? AllocFlags::kswapd : 0U;
      flags = with_cma(request, AllocFlags{Watermark::min, kept | AllocFlags::no_watermarks});
    }
    if (const auto pfn = allocator.get_page(request, flags)) {
      return pfn;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
