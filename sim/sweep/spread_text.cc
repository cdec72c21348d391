// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/spread_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/sweep/text_table.h"

namespace gbsim {

using Json = nlohmann::ordered_json;

std::string median_text(const Spread& spread) {
  return spread.count > 0 ? brief(spread.median) : "-";
}

std::string range_text(const Spread& spread) {
  return spread.count < 2 ? "" : fmt::format("{}..{}", brief(spread.min), brief(spread.max));
}

Json to_json(const Spread& spread) {
  Json json{{"runs", spread.count}};
  if (spread.count > 0) {
    json.update(Json{{"median", spread.median}, {"min", spread.min}, {"q1", spread.q1}, {"q3", spread.q3},
                     {"max", spread.max}, {"mean", spread.mean}});
  }
  return json;
}

}  // namespace gbsim
