// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/base/units.h"
#include "sim/cli/batch_options.h"
#include "sim/cli/comparison_run.h"
#include "sim/cli/print_errors.h"
#include "sim/cli/scenario_input.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"
#include "sim/scenario/param_values.h"
#include "sim/sweep/published_figure.h"
#include "sim/sweep/text_table.h"
#include "sim/sweep/validation.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

constexpr std::string_view kAll = "all";

using Figures = std::vector<PublishedFigure>;

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("list", "print the published figures there are, run nothing");
  options.add()("seeds", text(), "runs under each placement, with the scenario's seed and those after it (default: the "
                                 "figure's)");
  options.add()("output,o", text(), "result directory (default results/validate)");
  options.add()("force", "replace an earlier validation in the directory");
  options.add()("quiet", "no progress");
  options.add()("no-plots", "write no pictures");
  add_batch_options(options);
}

/** Those of @files that can be read; the errors of the others go to @errors. */
Figures read_figures(const std::vector<fs::path>& files, Diagnostics& errors) {
  Figures figures;
  for (const fs::path& file : files) {
    if (auto figure = read_published_figure(file, errors)) {
      figures.push_back(std::move(*figure));
    }
  }
  return figures;
}

bool is_file(const std::string& operand) {
  return operand.ends_with(".yaml");
}

const PublishedFigure& figure_called(const std::string& name, const Figures& figures) {
  const auto found = std::ranges::find(figures, name, [](const PublishedFigure& each) { return each.header.name; });
  if (found != figures.end()) {
    return *found;
  }
  std::vector<std::string_view> known{kAll};
  for (const PublishedFigure& figure : figures) {
    known.push_back(figure.header.name);
  }
  const std::string told = unknown_name("figure", name, known);
  throw UsageError(fmt::format("{}{} 'gbsim validate --list' lists them", told, told.ends_with('?') ? "" : ";"));
}

/** What @operands name of the @shipped figures, or describe themselves; without any, all that are not slow. */
Figures chosen_figures(const std::vector<std::string>& operands, const Figures& shipped, Diagnostics& errors) {
  Figures chosen;
  if (operands.empty()) {
    std::ranges::copy_if(shipped, std::back_inserter(chosen),
                         [](const PublishedFigure& figure) { return figure.header.slow.empty(); });
  }
  for (const std::string& operand : operands) {
    if (operand == kAll) {
      std::ranges::copy(shipped, std::back_inserter(chosen));
    } else if (is_file(operand)) {
      std::ranges::move(read_figures({operand}, errors), std::back_inserter(chosen));
    } else {
      chosen.push_back(figure_called(operand, shipped));
    }
  }
  return chosen;
}

void refuse_same_names(const Figures& figures) {
  for (auto figure = figures.begin(); figure != figures.end(); ++figure) {
    const std::string& name = figure->header.name;
    const auto is_namesake = [&](const PublishedFigure& other) { return other.header.name == name; };
    if (std::any_of(figures.begin(), figure, is_namesake)) {
      throw UsageError(fmt::format("gbsim validate: '{}' is asked for twice", name));
    }
  }
}

/** "3 x 23m": runs, and the simulated time of each. */
std::string effort(std::uint64_t runs, const Scenario& scenario) {
  return fmt::format("{} x {}", runs, format_time(scenario.warmup + scenario.duration));
}

int list(const OptionParser& options, const Figures& figures) {
  std::vector<TableRow> rows{{"name", "simulated", "when", "scenario", "source", "published"}};
  for (const PublishedFigure& figure : figures) {
    const FigureHeader& header = figure.header;
    const auto scenario = read_checked(header.scenario.string(), {});
    if (!scenario) {
      return kBadInput;
    }
    rows.push_back({header.name, effort(header.placements.size() * seeds_option(options, header.seeds), *scenario),
                    header.slow.empty() ? "always" : "if named: " + header.slow, header.scenario.filename().string(),
                    header.source, header.title});
  }
  fmt::print("{}", aligned(rows, rows.front().size()));
  return kDone;
}

/** A comparison for each figure, with its own directory below @dir; nullopt after printing every error. */
std::optional<std::vector<Comparison>> planned(const OptionParser& options, const Figures& figures,
                                               const fs::path& dir) {
  std::vector<Comparison> comparisons;
  for (const PublishedFigure& figure : figures) {
    ComparisonRequest request{.scenario = figure.header.scenario, .placements = figure.header.placements};
    request.seeds = seeds_option(options, figure.header.seeds);
    auto plan = plan_comparison(request);
    if (plan) {
      plan->dir = dir / figure.header.name;
      comparisons.emplace_back(std::move(*plan));
    }
  }
  return comparisons.size() == figures.size() ? std::optional(std::move(comparisons)) : std::nullopt;
}

void prepare_dirs(const fs::path& dir, const std::vector<Comparison>& comparisons, bool force) {
  try {
    prepare_result_dir(dir, force);
    for (const Comparison& comparison : comparisons) {
      prepare_result_dir(comparison.plan().dir, force);
    }
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
}

std::vector<Validation> judged(const Figures& figures, const std::vector<Comparison>& comparisons) {
  std::vector<Validation> validations;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    validations.push_back({figures[i], comparisons[i], judge_and_write(comparisons[i], figures[i].bounds)});
  }
  return validations;
}

bool draw(const std::vector<Comparison>& comparisons) {
  bool all_drawn = true;
  for (const Comparison& comparison : comparisons) {
    all_drawn = draw_comparison(comparison) && all_drawn;
  }
  return all_drawn;
}

ExitCode end_of(const std::vector<Validation>& validations, bool is_drawn) {
  bool all_hold = true;
  bool is_complete = is_drawn;
  for (const Validation& validation : validations) {
    print_failures(validation.comparison);
    is_complete = is_complete && validation.comparison.failed() == 0;
    all_hold = all_hold && std::ranges::all_of(validation.verdicts, &Verdict::holds);
  }
  return !is_complete ? kFailed : all_hold ? kDone : kBoundBroken;
}

int validate(const OptionParser& options, const Figures& figures) {
  const fs::path dir = options.has("output") ? options.text("output") : "results/validate";
  const BatchOptions batch = batch_options(options);
  auto comparisons = planned(options, figures, dir);
  if (!comparisons) {
    return kBadInput;
  }
  prepare_dirs(dir, *comparisons, options.has("force"));
  const int signal = run_comparisons(*comparisons, batch, options.has("quiet"));
  if (signal != 0) {
    fmt::print(stderr, "gbsim: interrupted; finished runs are in {}\n", dir.string());
    return interrupted_by(signal);
  }
  const std::vector<Validation> validations = judged(figures, *comparisons);
  write_atomically(dir / "validate.json", validation_json(validations));
  fmt::print("{}", validation_table(validations));
  const bool is_drawn = options.has("no-plots") || draw(*comparisons);
  fmt::print("results: {}\n", dir.string());
  return end_of(validations, is_drawn);
}

}  // namespace

int run_validate(Arguments arguments) {
  OptionParser options("validate", "[NAME|FIGURE.yaml...]");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  Diagnostics errors;
  const Figures shipped = read_figures(figure_files(), errors);
  const std::vector<std::string>& operands = options.operands();
  const bool lists_all = options.has("list") && operands.empty();
  const Figures figures = lists_all ? shipped : chosen_figures(operands, shipped, errors);
  print_errors(errors);
  if (!errors.empty()) {
    return kBadInput;
  }
  refuse_same_names(figures);
  if (figures.empty()) {
    throw UsageError("gbsim validate: no published figures in the data directory; name a FIGURE.yaml");
  }
  return options.has("list") ? list(options, figures) : validate(options, figures);
}

}  // namespace gbsim::cli
