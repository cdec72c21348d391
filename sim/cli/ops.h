// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/allocator/gfp.h"
#include "sim/base/tunables.h"
#include "sim/mm/zone_spec.h"
#include "sim/scenario/diagnostic.h"

namespace gbsim::cli {

/** What `gbsim ops` was asked for. */
struct OpsOptions {
  std::string list{};  // file name; empty or "-" is standard input
  KernelVersion kernel = KernelVersion::v6_12;
  std::vector<ZoneSpec> zones{};  // none: one Normal zone of 512 MiB at 4 GiB
  std::optional<unsigned> boost_factor{};
  std::uint64_t min_kbytes = 0;
  bool quiet = false;  // outcomes and dumps only, no events
  bool help = false;
};

/** Options out of the words after `ops`; throws UsageError. */
OpsOptions parse_ops_options(std::span<const std::string> arguments);

/** Flags of a list's GFP column: a letter as in ops_options.cc, or kernel bits as 0xHEX. nullopt: neither. */
std::optional<Gfp> parse_ops_gfp(std::string_view word);

/**
 * Runs the list in @in and prints each outcome; the formats are those of tests/oracle/kernel/README.md. A list with
 * errors is not run: all of them are returned.
 */
Diagnostics run_ops(const OpsOptions& options, std::istream& in, std::ostream& out);

/** `gbsim ops`: options, file, exit code. */
int ops_command(std::span<const std::string> arguments, std::ostream& out);

}  // namespace gbsim::cli
