// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "sim/base/text.h"
#include "sim/cli/command.h"
#include "sim/cli/ops.h"
#include "sim/cli/print_errors.h"
#include "sim/mm/kernel_rules.h"

namespace gbsim::cli {

namespace {

constexpr std::string_view kUsage =
    R"(usage: gbsim ops [LIST] --kernel 6.1|6.12 [-z IDX:STARTPFN:PAGES]... [-b FACTOR] [-m KB] [-q]
LIST, or standard input, has an operation a line; a CPU is 0 or 1:
  alloc ID ORDER GFP CPU   a block, known as ID from then on. GFP: U GFP_NOWAIT, M movable and R reclaimable without
                           direct reclaim, A GFP_ATOMIC, P GFP_ATOMIC|__GFP_MEMALLOC, T GFP_TRANSHUGE_LIGHT;
                           K, m and k: U, M and R that may block and do not retry; or the kernel's bits as 0xHEX
  free ID CPU              nothing if that allocation failed
  drain CPU, tick CPU      per-CPU lists go to the buddy; a second of vmstat work
  unboost, min KB, dump    boosts end as after kswapd's work; vm.min_free_kbytes; all of memory is printed
Printed are A ID PFN (-1: refused) and F ID, each after its events, and a dump at the end:
  Z PFN ORDER TYPE REFILL  a block left a free list
  D PFN ORDER TYPE         one went from a per-CPU list to the buddy
  X pfn ... own 0|1        mm_page_alloc_extfrag
  K ORDER BOOST            kswapd is woken
-z adds a zone, 0 DMA, 1 DMA32, 2 Normal, 3 Movable (default: 2:1048576:131072); -b is vm.watermark_boost_factor,
-m vm.min_free_kbytes; -q leaves out events.
)";

template <class Number>
Number number(const std::string& option, std::string_view word) {
  const auto value = whole_number<Number>(word);
  if (!value) {
    throw UsageError("ops: " + option + " needs a whole number, not '" + std::string(word) + "'");
  }
  return *value;
}

KernelVersion parse_kernel(const std::string& word) {
  const auto kernel = kernel_called(word);
  if (!kernel) {
    throw UsageError("ops: --kernel is 6.1 or 6.12, not '" + word + "'");
  }
  return *kernel;
}

/** IDX:STARTPFN:PAGES, where IDX counts DMA, DMA32, Normal, Movable. */
ZoneSpec parse_zone(const std::string& word) {
  const auto first = word.find(':');
  const auto second = word.find(':', first == std::string::npos ? first : first + 1);
  if (second == std::string::npos) {
    throw UsageError("ops: -z is IDX:STARTPFN:PAGES, not '" + word + "'");
  }
  const std::string_view text(word);
  const auto type = number<unsigned>("-z", text.substr(0, first));
  if (type >= kNrZoneTypes) {
    throw UsageError("ops: zone index is 0 (DMA), 1 (DMA32), 2 (Normal) or 3 (Movable)");
  }
  ZoneSpec zone;
  zone.type = static_cast<ZoneType>(type);
  zone.start = Pfn{number<std::uint64_t>("-z", text.substr(first + 1, second - first - 1))};
  zone.spanned = NrPages{number<std::uint64_t>("-z", text.substr(second + 1))};
  if (zone.spanned == NrPages{} || zone.spanned.value > (std::uint64_t{1} << 31)) {
    throw UsageError("ops: a zone has 1 to 2^31 pages");
  }
  return zone;
}

struct GfpLetter {
  char letter;
  Gfp gfp;
};

constexpr Gfp kReclaimableNowait = gfp::kNowait.with(Gfp::reclaimable);
constexpr Gfp kTry = gfp::kKernel.with(Gfp::noretry | Gfp::nowarn);

constexpr std::array kGfpLetters{
    GfpLetter{'U', gfp::kNowait},
    GfpLetter{'M', gfp::kHighuserMovable.without(Gfp::direct_reclaim)},
    GfpLetter{'R', kReclaimableNowait},
    GfpLetter{'A', gfp::kAtomic},
    GfpLetter{'K', kTry},
    GfpLetter{'k', kTry.with(Gfp::reclaimable)},
    GfpLetter{'m', gfp::kHighuserMovable.with(Gfp::noretry)},
    GfpLetter{'T', gfp::kTranshugeLight},
    GfpLetter{'P', gfp::kAtomic.with(Gfp::memalloc)},
};

/** Bits of include/linux/gfp_types.h from bit 0 up; bit 9 is __GFP_ATOMIC of 6.1, which HIGH implies here. */
constexpr std::array<std::uint32_t, 23> kKernelBits{
    Gfp::dma,   Gfp::highmem, Gfp::dma32,          Gfp::movable,        Gfp::reclaimable,   Gfp::high,
    Gfp::io,    Gfp::fs,      Gfp::zero,           0,                   Gfp::direct_reclaim, Gfp::kswapd_reclaim,
    Gfp::write, Gfp::nowarn,  Gfp::retry_mayfail,  Gfp::nofail,         Gfp::noretry,       Gfp::memalloc,
    Gfp::comp,  Gfp::nomemalloc, Gfp::hardwall,    Gfp::thisnode,       Gfp::account};

Gfp from_kernel_bits(std::uint64_t bits) {
  std::uint32_t ours = 0;
  for (std::size_t i = 0; i < kKernelBits.size(); ++i) {
    ours |= (bits >> i & 1U) != 0 ? kKernelBits[i] : 0U;
  }
  return Gfp{ours};
}

}  // namespace

std::optional<Gfp> parse_ops_gfp(std::string_view word) {
  if (word.starts_with("0x")) {
    const auto bits = whole_number<std::uint64_t>(word.substr(2), 16);
    return bits ? std::optional{from_kernel_bits(*bits)} : std::nullopt;
  }
  for (const GfpLetter& entry : kGfpLetters) {
    if (word.size() == 1 && word[0] == entry.letter) {
      return entry.gfp;
    }
  }
  return std::nullopt;
}

OpsOptions parse_ops_options(std::span<const std::string> arguments) {
  OpsOptions options;
  bool has_kernel = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) {
        throw UsageError("ops: " + word + " needs a value");
      }
      return arguments[++i];
    };
    if (word == "--kernel") {
      options.kernel = parse_kernel(value());
      has_kernel = true;
    } else if (word == "-z") {
      options.zones.push_back(parse_zone(value()));
    } else if (word == "-b") {
      options.boost_factor = number<unsigned>(word, value());
    } else if (word == "-m") {
      options.min_kbytes = number<std::uint64_t>(word, value());
    } else if (word == "-q") {
      options.quiet = true;
    } else if (word == "--help" || word == "-h") {
      options.help = true;
    } else if (word.size() > 1 && word[0] == '-') {
      throw UsageError("ops: unknown option '" + word + "'; known are --kernel, -z, -b, -m, -q, --help");
    } else {
      options.list = word;
    }
  }
  if (!has_kernel && !options.help) {
    throw UsageError("ops: --kernel 6.1 or --kernel 6.12 is needed");
  }
  return options;
}

namespace {

/** Opens the list that @options name; what hinders it. */
Diagnostics run_ops_file(const OpsOptions& options, std::ostream& out) {
  Diagnostics errors;
  const ErrorSink sink(options.list, errors);
  std::error_code ignored;
  if (std::filesystem::is_directory(options.list, ignored)) {
    sink.add({}, "is a directory; a list of operations is needed");
    return errors;
  }
  errno = 0;
  std::ifstream in(options.list);
  if (!in) {
    sink.add({}, fmt::format("cannot be read: {}", std::strerror(errno)));
    return errors;
  }
  return run_ops(options, in, out);
}

}  // namespace

int ops_command(std::span<const std::string> arguments, std::ostream& out) {
  const OpsOptions options = parse_ops_options(arguments);
  if (options.help) {
    out << kUsage;
    return kDone;
  }
  const bool is_standard_input = options.list.empty() || options.list == "-";
  const Diagnostics errors = is_standard_input ? run_ops(options, std::cin, out) : run_ops_file(options, out);
  print_errors(errors);
  return errors.empty() ? kDone : kBadInput;
}

}  // namespace gbsim::cli
