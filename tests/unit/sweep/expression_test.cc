// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/expression.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

std::optional<double> known(std::string_view name) {
  if (name == "thp.success_rate") {
    return 0.5;
  }
  return name == "orders.9.failures" ? std::optional(3.0) : std::nullopt;
}

}  // namespace

TEST_CASE("a formula reads dotted paths") {
  const Expression expression("100 * thp.success_rate + max(orders.9.failures, 1)");
  CHECK(expression.names() == std::vector<std::string>{"orders.9.failures", "thp.success_rate"});
  CHECK(expression.evaluate(known).value() == doctest::Approx(53));
}

TEST_CASE("comparisons are truths") {
  CHECK(Expression("thp.success_rate < 1 && orders.9.failures == 3").evaluate(known).value() == 1);
  CHECK(Expression("orders.9.failures > 3 ? 7 : 8").evaluate(known).value() == 8);
}

TEST_CASE("a name without a value and a result without size give nothing") {
  CHECK(!Expression("unknown + 1").evaluate(known));
  CHECK(!Expression("1 / (orders.9.failures - 3)").evaluate(known));
}

TEST_CASE("what is no formula says why") {
  for (const char* text : {"1 +", "(2", "2 3", "", "f(1)", "1, 2", "a = 3"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Expression{text}, ExpressionError);
  }
}

TEST_CASE("dashes of names become underscores") {
  CHECK(expression_name("workloads.anon-thp.scale") == "workloads.anon_thp.scale");
}
