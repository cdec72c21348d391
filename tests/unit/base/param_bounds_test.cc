// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/param_bounds.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("bounds are spelt as users write values of their type") {
  CHECK(bound_text(ParamType::size, 134217728) == "128MiB");
  CHECK(bound_text(ParamType::time, 1e7) == "10ms");
  CHECK(bound_text(ParamType::rate, 5) == "5/s");
  CHECK(bound_text(ParamType::share, 0.85) == "85%");
  CHECK(bound_text(ParamType::integer, 4294967295.0) == "4294967295");
  CHECK(bound_text(ParamType::real, 1.5) == "1.5");
}

TEST_CASE("a bound beyond all whole numbers is the last of them") {
  CHECK(bound_text(ParamType::integer, 0x1p63) == "9223372036854775807");
}
