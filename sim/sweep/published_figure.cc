// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/published_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/scenario/param_values.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/text_file.h"

namespace gbsim {
namespace {

constexpr std::array kHeaderSpecs{
    ParamSpec{"name", ParamType::text, "", "how validate calls it"},
    ParamSpec{"title", ParamType::text, "", "what was observed"},
    ParamSpec{"source", ParamType::text, "", "where it was published"},
    ParamSpec{"scenario", ParamType::text, "", "scenario file"},
    ParamSpec{"seeds", ParamType::integer, "1", "runs under each placement", "", 1, 10000},
    ParamSpec{"slow", ParamType::text, "", "why it is run only if named"},
};
constexpr std::array<std::string_view, 2> kSections{"expect", "placements"};
constexpr std::array<std::string_view, 5> kNeeded{"name", "title", "source", "scenario", "placements"};

std::vector<std::string> read_placements(const YamlValue& root, const ErrorSink& errors) {
  std::vector<std::string> placements;
  const YamlValue* list = root.find("placements");
  if (list == nullptr || !expect_list(*list, "placements", errors)) {
    return placements;
  }
  Params scenario(scenario_specs());
  for (const YamlValue& item : list->items) {
    if (auto error = scenario.set("placement", item.text)) {
      errors.add(item.at, std::move(*error));
    } else if (std::ranges::find(placements, item.text) != placements.end()) {
      errors.add(item.at, fmt::format("placements: '{}' appears twice", item.text));
    }
    placements.push_back(item.text);
  }
  if (placements.empty()) {
    errors.add(list->at, "placements: at least one is needed");
  }
  return placements;
}

void check_complete(const YamlValue& root, const PublishedFigure& figure, const ErrorSink& errors) {
  for (const std::string_view key : kNeeded) {
    if (root.find(key) == nullptr) {
      errors.add(root.at, fmt::format("{} is missing: a published figure needs it", key));
    }
  }
  if (std::ranges::none_of(figure.bounds, [](const Bound& bound) { return bound.published.has_value(); })) {
    errors.add(root.at, "no bound has published: what there is to reproduce");
  }
}

}  // namespace

FigureHeader read_figure_header(const YamlValue& root, const std::filesystem::path& file, const ErrorSink& errors) {
  Params params(kHeaderSpecs);
  read_params(root, params, errors, kSections);
  FigureHeader header{.name = params.text("name"), .title = params.text("title"), .source = params.text("source")};
  if (root.find("name") != nullptr && !is_plain_name(header.name, false)) {
    errors.add(root.find("name")->at,
               fmt::format("'{}' is no name; letters, digits, '-' and '_' are allowed", header.name));
  }
  if (!params.is_default("scenario")) {
    header.scenario = (file.parent_path() / params.text("scenario")).lexically_normal();
  }
  header.placements = read_placements(root, errors);
  header.seeds = static_cast<std::uint64_t>(params.integer("seeds"));
  header.slow = params.text("slow");
  return header;
}

std::optional<PublishedFigure> read_published_figure(const std::filesystem::path& file, Diagnostics& errors) {
  Diagnostics found;
  const ErrorSink sink(file.string(), found);
  const auto text = read_text_file(file, sink);
  const auto root = text ? parse_yaml(*text, sink) : std::nullopt;
  PublishedFigure figure;
  if (root && expect_map(*root, "a published figure", sink)) {
    figure.header = read_figure_header(*root, file, sink);
    figure.bounds = read_bound_list(*root, figure.header.placements, sink);
    check_complete(*root, figure, sink);
  }
  errors.insert(errors.end(), found.begin(), found.end());
  return found.empty() ? std::optional(std::move(figure)) : std::nullopt;
}

}  // namespace gbsim
