// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/kernel_rules.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("each kernel has its own row of rules") {
  for (const KernelRules& rules : kKernelRules) {
    CHECK(&kernel_rules(rules.version) == &rules);
  }
  CHECK(kernel_rules(KernelVersion::v6_12).claim_then_steal);
  CHECK(kernel_rules(KernelVersion::v6_1).pcp_remembers_type);
}
