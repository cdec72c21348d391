// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gfp_names.h"

#include <array>
#include <string_view>

namespace gbsim {

namespace {

struct GfpName {
  Gfp bits;
  std::string_view name;
};

/** In the kernel's order: whole shapes first, then what is left bit by bit. */
constexpr std::array kNames{
    GfpName{gfp::kTranshuge, "GFP_TRANSHUGE"},
    GfpName{gfp::kTranshugeLight, "GFP_TRANSHUGE_LIGHT"},
    GfpName{gfp::kHighuserMovable, "GFP_HIGHUSER_MOVABLE"},
    GfpName{gfp::kUser.with(Gfp::highmem), "GFP_HIGHUSER"},
    GfpName{gfp::kUser, "GFP_USER"},
    GfpName{gfp::kKernelAccount, "GFP_KERNEL_ACCOUNT"},
    GfpName{gfp::kKernel, "GFP_KERNEL"},
    GfpName{gfp::kNofs, "GFP_NOFS"},
    GfpName{gfp::kAtomic, "GFP_ATOMIC"},
    GfpName{gfp::kNoio, "GFP_NOIO"},
    GfpName{gfp::kNowait, "GFP_NOWAIT"},
    GfpName{Gfp{Gfp::dma}, "GFP_DMA"},
    GfpName{Gfp{Gfp::highmem}, "__GFP_HIGHMEM"},
    GfpName{Gfp{Gfp::dma32}, "GFP_DMA32"},
    GfpName{Gfp{Gfp::high}, "__GFP_HIGH"},
    GfpName{Gfp{Gfp::io}, "__GFP_IO"},
    GfpName{Gfp{Gfp::fs}, "__GFP_FS"},
    GfpName{Gfp{Gfp::nowarn}, "__GFP_NOWARN"},
    GfpName{Gfp{Gfp::retry_mayfail}, "__GFP_RETRY_MAYFAIL"},
    GfpName{Gfp{Gfp::nofail}, "__GFP_NOFAIL"},
    GfpName{Gfp{Gfp::noretry}, "__GFP_NORETRY"},
    GfpName{Gfp{Gfp::comp}, "__GFP_COMP"},
    GfpName{Gfp{Gfp::zero}, "__GFP_ZERO"},
    GfpName{Gfp{Gfp::nomemalloc}, "__GFP_NOMEMALLOC"},
    GfpName{Gfp{Gfp::memalloc}, "__GFP_MEMALLOC"},
    GfpName{Gfp{Gfp::hardwall}, "__GFP_HARDWALL"},
    GfpName{Gfp{Gfp::thisnode}, "__GFP_THISNODE"},
    GfpName{Gfp{Gfp::reclaimable}, "__GFP_RECLAIMABLE"},
    GfpName{Gfp{Gfp::movable}, "__GFP_MOVABLE"},
    GfpName{Gfp{Gfp::account}, "__GFP_ACCOUNT"},
    GfpName{Gfp{Gfp::write}, "__GFP_WRITE"},
    GfpName{gfp::kReclaim, "__GFP_RECLAIM"},
    GfpName{Gfp{Gfp::direct_reclaim}, "__GFP_DIRECT_RECLAIM"},
    GfpName{Gfp{Gfp::kswapd_reclaim}, "__GFP_KSWAPD_RECLAIM"},
};

}  // namespace

std::string gfp_text(Gfp gfp) {
  std::string text;
  for (const GfpName& known : kNames) {
    if ((gfp.bits() & known.bits.bits()) == known.bits.bits()) {
      text += text.empty() ? "" : "|";
      text += known.name;
      gfp = gfp.without(known.bits.bits());
    }
  }
  return text.empty() ? "none" : text;
}

}  // namespace gbsim
