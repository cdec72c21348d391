// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/scenario.h"

#include <doctest/doctest.h>

#include "sim/scenario/diagnostic.h"

using namespace gbsim;

TEST_CASE("a name means its workload or every part of its group") {
  CHECK(names_workload("mix", "mix"));
  CHECK(names_workload("mix", "mix/slab"));
  CHECK(names_workload("mix/slab", "mix/slab"));
  CHECK_FALSE(names_workload("mix", "mixed"));
  CHECK_FALSE(names_workload("mix/slab", "mix"));
  CHECK_FALSE(names_workload("mixed", "mix"));
}

TEST_CASE("actions have the names of the format") {
  CHECK(action_name(ActionKind::allocate_1g) == "allocate_1g");
  CHECK(action_name(ActionKind::set) == "set");
  CHECK(action_name(ActionKind::start_workload) == "start_workload");
}

TEST_CASE("an error is spelt as compilers do") {
  CHECK(to_string(Diagnostic{"a.yaml", {3, 14}, "no"}) == "a.yaml:3:14: error: no");
  CHECK(to_string(Diagnostic{"a.yaml", {}, "no"}) == "a.yaml: error: no");
}

TEST_CASE("sinks for two files collect into one list") {
  Diagnostics errors;
  const ErrorSink sink("a", errors);
  CHECK(sink.empty());
  sink.for_file("b").add({1, 2}, "x");
  CHECK_FALSE(sink.empty());
  CHECK(sink.file() == "a");
  CHECK(errors == Diagnostics{Diagnostic{"b", {1, 2}, "x"}});
}
