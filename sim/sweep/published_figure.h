// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/yaml_tree.h"
#include "sim/sweep/bounds.h"

namespace gbsim {

/** What a file of bounds may tell besides them: what was published, and which runs are measured against it. */
struct FigureHeader {
  std::string name{};
  std::string title{};                    // what was observed
  std::string source{};                   // where it was published
  std::filesystem::path scenario{};       // empty if absent; relative names are beside the file
  std::vector<std::string> placements{};  // it is run under
  std::uint64_t seeds = 1;
  std::string slow{};                     // why it is run only if it is named; empty: it always is
};

/** A published figure: runs, and bounds on what they measure, some with what was published. */
struct PublishedFigure {
  FigureHeader header;
  std::vector<Bound> bounds;
};

/** The keys beside `expect` at the top of @file, whose document is @root. Other keys are reported to @errors. */
FigureHeader read_figure_header(const YamlValue& root, const std::filesystem::path& file, const ErrorSink& errors);

/**
 * A file of bounds that states a published figure: all of name, title, source, scenario and placements, and at least
 * one bound with `published`. nullopt after reporting every error to @errors.
 */
std::optional<PublishedFigure> read_published_figure(const std::filesystem::path& file, Diagnostics& errors);

}  // namespace gbsim
