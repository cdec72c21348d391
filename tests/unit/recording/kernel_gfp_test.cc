// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/kernel_gfp.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("names and remaining bits of a GFP text") {
  CHECK(parse_kernel_gfp("GFP_NOFS|__GFP_NOFAIL|__GFP_COMP") == 0x48c40U);
  CHECK(parse_kernel_gfp("GFP_KERNEL|0x8000000") == 0x8000cc0U);
  CHECK(parse_kernel_gfp("none") == 0U);
  CHECK_FALSE(parse_kernel_gfp("GFP_KERN").has_value());
  CHECK_FALSE(parse_kernel_gfp("").has_value());
}

TEST_CASE("kernel bits become our shapes") {
  CHECK(gfp_of_kernel(*parse_kernel_gfp("GFP_KERNEL")) == gfp::kKernel);
  CHECK(gfp_of_kernel(*parse_kernel_gfp("GFP_ATOMIC")) == gfp::kAtomic);
  CHECK(gfp_of_kernel(0xa20) == gfp::kAtomic);  // 6.1 has __GFP_ATOMIC in it
  CHECK(gfp_of_kernel(*parse_kernel_gfp("GFP_HIGHUSER_MOVABLE")) == gfp::kHighuserMovable);
  CHECK(gfp_of_kernel(*parse_kernel_gfp("GFP_TRANSHUGE_LIGHT")) == gfp::kTranshugeLight);
}

TEST_CASE("metadata of file systems is page cache although it may not move, slab and pipe pages are not") {
  const auto is_cache = [](std::string_view text) { return is_metadata_cache(gfp_of_kernel(*parse_kernel_gfp(text))); };
  CHECK(is_cache("GFP_NOFS|__GFP_NOFAIL|__GFP_HARDWALL|__GFP_COMP"));                   // grow_dev_page()
  CHECK(is_cache("GFP_NOFS|__GFP_NOFAIL"));                                             // an extent buffer of btrfs
  CHECK(is_cache("GFP_NOFS|__GFP_HARDWALL|__GFP_COMP|__GFP_NOWARN|__GFP_NORETRY"));     // a block device read ahead
  CHECK_FALSE(is_cache("GFP_NOFS|__GFP_COMP|__GFP_NOWARN|__GFP_NORETRY"));              // slab
  CHECK_FALSE(is_cache("GFP_USER|__GFP_COMP|__GFP_NOWARN|__GFP_NORETRY"));              // kmalloc(GFP_USER)
  CHECK_FALSE(is_cache("GFP_HIGHUSER|__GFP_ACCOUNT"));                                  // a pipe's buffer
  CHECK_FALSE(is_cache("GFP_KERNEL|__GFP_NOFAIL|__GFP_ZERO"));
}
