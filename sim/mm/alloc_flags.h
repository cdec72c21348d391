// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace gbsim {

/** Which watermark an allocation pass must keep. */
enum class Watermark : std::uint8_t { min, low, high };

inline constexpr std::size_t kNrWatermarks = 3;

/** What one pass over the zones may do: the ALLOC_* flags of 6.12 (mm/internal.h); the value of tainted_ok is ours. */
class AllocFlags {
 public:
  enum Bit : std::uint32_t {
    no_watermarks = 1U << 2,
    oom = 1U << 3,
    non_block = 1U << 4,    // cannot sleep: may dip below min, ALLOC_NON_BLOCK
    min_reserve = 1U << 5,  // __GFP_HIGH: half of min may be used, ALLOC_MIN_RESERVE (ALLOC_HIGH)
    cma = 1U << 7,          // may use CMA blocks
    nofragment = 1U << 8,   // no mixing of pageblock types
    highatomic = 1U << 9,   // may use, and extend, the high-order atomic reserve
    kswapd = 1U << 11,      // may wake kswapd
    tainted_ok = 1U << 12,  // may change labels in tainted gigablocks all the same, ALLOC_NOFRAG_TAINTED_OK
  };

  constexpr AllocFlags() = default;
  constexpr explicit AllocFlags(Watermark mark, std::uint32_t bits = 0)
      : bits_(bits | static_cast<std::uint32_t>(mark)) {}

  constexpr Watermark watermark() const { return static_cast<Watermark>(bits_ & 3U); }
  /** As tracepoints print them. */
  constexpr std::uint32_t value() const { return bits_; }
  constexpr bool has(Bit bit) const { return (bits_ & bit) != 0; }
  /** Any way into the reserves below the min watermark: ALLOC_RESERVES. */
  constexpr bool any_reserve() const { return (bits_ & (non_block | min_reserve | highatomic | oom)) != 0; }
  constexpr AllocFlags with(std::uint32_t bits) const { return AllocFlags{Watermark::min, bits_ | bits}; }
  constexpr AllocFlags without(std::uint32_t bits) const { return AllocFlags{Watermark::min, bits_ & ~bits}; }
  constexpr bool operator==(const AllocFlags&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace gbsim
