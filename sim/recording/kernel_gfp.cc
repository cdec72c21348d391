// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/kernel_gfp.h"

#include <algorithm>
#include <array>

#include "sim/base/text.h"

namespace gbsim {

namespace {

struct BitPair {
  std::uint32_t kernel;
  Gfp::Bit ours;
};

constexpr std::array kBits{
    BitPair{0x1, Gfp::dma},           BitPair{0x2, Gfp::highmem},       BitPair{0x4, Gfp::dma32},
    BitPair{0x8, Gfp::movable},       BitPair{0x10, Gfp::reclaimable},  BitPair{0x20, Gfp::high},
    BitPair{0x40, Gfp::io},           BitPair{0x80, Gfp::fs},           BitPair{0x100, Gfp::zero},
    BitPair{0x400, Gfp::direct_reclaim}, BitPair{0x800, Gfp::kswapd_reclaim}, BitPair{0x1000, Gfp::write},
    BitPair{0x2000, Gfp::nowarn},     BitPair{0x4000, Gfp::retry_mayfail}, BitPair{0x8000, Gfp::nofail},
    BitPair{0x10000, Gfp::noretry},   BitPair{0x20000, Gfp::memalloc},  BitPair{0x40000, Gfp::comp},
    BitPair{0x80000, Gfp::nomemalloc}, BitPair{0x100000, Gfp::hardwall}, BitPair{0x200000, Gfp::thisnode},
    BitPair{0x400000, Gfp::account},
};

constexpr Gfp translated(std::uint32_t bits) {
  Gfp ours;
  for (const BitPair& pair : kBits) {
    ours = (bits & pair.kernel) != 0 ? ours.with(pair.ours) : ours;
  }
  return ours;
}

// Each allocation asks several times: by half, what all combinations of bits come to.
constexpr unsigned kHalf = 12;
using Half = std::array<Gfp, std::size_t{1} << kHalf>;

constexpr Half translated_half(unsigned shift) {
  Half half;
  for (std::uint32_t bits = 0; bits < half.size(); ++bits) {
    half[bits] = translated(bits << shift);
  }
  return half;
}

const Half kLowHalf = translated_half(0);
const Half kHighHalf = translated_half(kHalf);

struct FlagName {
  std::string_view name;
  std::uint32_t bits;
};

/** include/trace/events/mmflags.h, __def_gfpflag_names. */
constexpr std::array kNames{
    FlagName{"GFP_TRANSHUGE", 0x1c24ca},
    FlagName{"GFP_TRANSHUGE_LIGHT", 0x1c20ca},
    FlagName{"GFP_HIGHUSER_MOVABLE", 0x100cca},
    FlagName{"GFP_HIGHUSER", 0x100cc2},
    FlagName{"GFP_USER", 0x100cc0},
    FlagName{"GFP_KERNEL_ACCOUNT", 0x400cc0},
    FlagName{"GFP_KERNEL", 0xcc0},
    FlagName{"GFP_NOFS", 0xc40},
    FlagName{"GFP_ATOMIC", 0x820},
    FlagName{"GFP_NOIO", 0xc00},
    FlagName{"GFP_NOWAIT", 0x2800},
    FlagName{"GFP_DMA", 0x1},
    FlagName{"GFP_DMA32", 0x4},
    FlagName{"__GFP_DMA", 0x1},
    FlagName{"__GFP_DMA32", 0x4},
    FlagName{"__GFP_HIGHMEM", 0x2},
    FlagName{"__GFP_MOVABLE", 0x8},
    FlagName{"__GFP_RECLAIMABLE", 0x10},
    FlagName{"__GFP_HIGH", 0x20},
    FlagName{"__GFP_IO", 0x40},
    FlagName{"__GFP_FS", 0x80},
    FlagName{"__GFP_ZERO", 0x100},
    FlagName{"__GFP_ATOMIC", 0x200},
    FlagName{"__GFP_DIRECT_RECLAIM", 0x400},
    FlagName{"__GFP_KSWAPD_RECLAIM", 0x800},
    FlagName{"__GFP_RECLAIM", 0xc00},
    FlagName{"__GFP_WRITE", 0x1000},
    FlagName{"__GFP_NOWARN", 0x2000},
    FlagName{"__GFP_RETRY_MAYFAIL", 0x4000},
    FlagName{"__GFP_NOFAIL", 0x8000},
    FlagName{"__GFP_NORETRY", 0x10000},
    FlagName{"__GFP_MEMALLOC", 0x20000},
    FlagName{"__GFP_COMP", 0x40000},
    FlagName{"__GFP_NOMEMALLOC", 0x80000},
    FlagName{"__GFP_HARDWALL", 0x100000},
    FlagName{"__GFP_THISNODE", 0x200000},
    FlagName{"__GFP_ACCOUNT", 0x400000},
    FlagName{"__GFP_ZEROTAGS", 0x800000},
    FlagName{"__GFP_SKIP_ZERO", 0x1000000},
    FlagName{"__GFP_SKIP_KASAN", 0x2000000},
    FlagName{"__GFP_NOLOCKDEP", 0x4000000},
    FlagName{"none", 0},
};

/** A flag of other kernels and configurations, such as __GFP_NO_OBJ_EXT: one that names no behaviour known here. */
bool is_flag(std::string_view word) {
  return word.starts_with("__GFP_") && word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == word.npos;
}

std::optional<std::uint32_t> parse_one(std::string_view word) {
  const auto named = std::ranges::find(kNames, word, &FlagName::name);
  if (named != kNames.end()) {
    return named->bits;
  }
  if (is_flag(word)) {
    return 0;
  }
  const bool hex = word.starts_with("0x");
  word.remove_prefix(hex ? 2 : 0);
  return whole_number<std::uint32_t>(word, hex ? 16 : 10);
}

}  // namespace

Gfp gfp_of_kernel(std::uint32_t bits) {
  constexpr std::uint32_t kMask = (1U << kHalf) - 1;
  return kLowHalf[bits & kMask].with(kHighHalf[bits >> kHalf & kMask].bits());
}

bool is_metadata_cache(Gfp gfp) {
  const bool is_read_ahead = gfp.has(Gfp::comp) && gfp.has(Gfp::hardwall) && !gfp.has(Gfp::fs);
  return !gfp.has(Gfp::zero) && (gfp.has(Gfp::nofail) || is_read_ahead);
}

std::optional<std::uint32_t> parse_kernel_gfp(std::string_view text) {
  std::uint32_t bits = 0;
  while (true) {
    const auto bar = text.find('|');
    const auto one = parse_one(text.substr(0, bar));
    if (!one) {
      return std::nullopt;
    }
    bits |= *one;
    if (bar == std::string_view::npos) {
      return bits;
    }
    text.remove_prefix(bar + 1);
  }
}

}  // namespace gbsim
