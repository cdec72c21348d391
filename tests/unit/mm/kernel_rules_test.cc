// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/kernel_rules.h"

#include <doctest/doctest.h>

#include "sim/base/params.h"

using namespace gbsim;

TEST_CASE("each kernel has its own row of rules") {
  for (const KernelRules& rules : kKernelRules) {
    CHECK(&kernel_rules(rules.version) == &rules);
  }
  CHECK(kernel_rules(KernelVersion::v6_12).claim_then_steal);
  CHECK(kernel_rules(KernelVersion::v6_1).pcp_remembers_type);
}

TEST_CASE("rules go by the names that the tunable kernel.rules takes") {
  for (const KernelRules& rules : kKernelRules) {
    Params params(tunable_specs());
    CHECK_FALSE(params.set("kernel.rules", rules.name));
    CHECK(to_tunables(params).kernel_rules == rules.version);
    CHECK(kernel_called(rules.name) == rules.version);
  }
  CHECK(Tunables{}.kernel_rules == kNewestKernel);
  CHECK_FALSE(kernel_called("5.4"));
}
