// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <istream>
#include <vector>

#include "sim/allocator/gfp.h"
#include "sim/base/types.h"
#include "sim/scenario/diagnostic.h"

namespace gbsim::cli {

inline constexpr unsigned kOpsCpus = 2;

/** What a line of an operation list does; nothing: it is empty. */
enum class OpsAction : std::uint8_t { nothing, alloc, free, drain, tick, min, unboost, dump };

/** One line of an operation list. What its action has no use for is zero. */
struct OpsOperation {
  OpsAction action = OpsAction::nothing;
  CpuId cpu{};
  Order order{};
  Gfp gfp{};
  std::uint64_t number = 0;  // ID or KB
};

/**
 * Every line of @in; @errors get each word that is wrong, and the list is not to be run then. What follows the fields
 * of an operation is passed over, as the kernel harness does.
 */
std::vector<OpsOperation> read_ops_list(std::istream& in, const ErrorSink& errors);

}  // namespace gbsim::cli
