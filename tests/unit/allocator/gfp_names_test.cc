// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gfp_names.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("gfp flags are named as the kernel's tracepoints name them") {
  CHECK(gfp_text(gfp::kKernel) == "GFP_KERNEL");
  CHECK(gfp_text(gfp::kTranshuge) == "GFP_TRANSHUGE");
  CHECK(gfp_text(gfp::kHighuserMovable) == "GFP_HIGHUSER_MOVABLE");
  // As recorded from a 6.1 kernel.
  CHECK(gfp_text(gfp::kKernel.with(Gfp::nowarn | Gfp::comp | Gfp::nomemalloc)) ==
        "GFP_KERNEL|__GFP_NOWARN|__GFP_COMP|__GFP_NOMEMALLOC");
  CHECK(gfp_text(gfp::kNofs.with(Gfp::nofail | Gfp::comp)) == "GFP_NOFS|__GFP_NOFAIL|__GFP_COMP");
  CHECK(gfp_text(Gfp{}) == "none");
}
