// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/schema.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gbsim;

TEST_CASE("every schema's defaults are valid and every key says what it means") {
  for (const auto schema : {scenario_specs(), machine_specs(), cost_specs(), entry_specs(), tunable_specs()}) {
    CHECK_NOTHROW(Params{schema});
    CHECK(std::ranges::none_of(schema, [](const ParamSpec& spec) { return spec.meaning.empty(); }));
  }
}

TEST_CASE("there is a cost key for each kind of work, at its default") {
  const Params costs(cost_specs());
  REQUIRE(cost_specs().size() == kNrWorkKinds);
  for (const CostEntry& entry : default_costs()) {
    CHECK(costs.time(entry.name) == entry.cost);
  }
}

TEST_CASE("every action is found under its name and requires keys that it has") {
  for (const std::string_view name : action_names()) {
    CAPTURE(name);
    const ActionSchema* action = find_action(name);
    REQUIRE(action != nullptr);
    const Params params(action->specs);
    for (const std::string_view key : action->required) {
      CHECK(params.find(key) != nullptr);
    }
  }
  CHECK(find_action("reboot") == nullptr);
}

TEST_CASE("names must be fit for files and dotted keys") {
  CHECK(is_plain_name("mixed-server_2", false));
  CHECK(is_plain_name("a/b", true));
  for (const auto* name : {"", "a/b", "a.b", "a b", "-a", "/a", "a/", "\xc3\xa4"}) {
    CAPTURE(name);
    CHECK_FALSE(is_plain_name(name, false));
  }
  CHECK_FALSE(is_plain_name(std::string(65, 'a'), false));
}
