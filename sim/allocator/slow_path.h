// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/allocator/page_request.h"
#include "sim/base/types.h"

namespace gbsim {

class PageAllocator;

/** What happens when the free lists above the low watermark could not serve @request: __alloc_pages_slowpath(). */
std::optional<Pfn> slow_path(PageAllocator& allocator, const PageRequest& request);

}  // namespace gbsim
