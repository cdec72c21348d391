// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/run_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace gbsim {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t from = 0;
  while (true) {
    const std::size_t comma = line.find(',', from);
    fields.push_back(line.substr(from, comma - from));
    if (comma == std::string::npos) {
      return fields;
    }
    from = comma + 1;
  }
}

std::string text_of(const nlohmann::json& summary, const char* key) {
  const auto found = summary.find(key);
  if (found == summary.end()) {
    return {};
  }
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/** The last @parts names of the path of a directory. */
std::filesystem::path tail_of(const std::filesystem::path& dir, unsigned parts) {
  std::filesystem::path rest = std::filesystem::absolute(dir).lexically_normal();
  if (rest.filename().empty()) {
    rest = rest.parent_path();  // it was named with a slash behind
  }
  std::filesystem::path tail;
  for (; parts > 0 && rest.has_relative_path(); --parts) {
    tail = tail.empty() ? rest.filename() : rest.filename() / tail;
    rest = rest.parent_path();
  }
  return tail;
}

void read_identity(RunFiles& run) {
  std::ifstream file(run.dir / "summary.json");
  const nlohmann::json summary = nlohmann::json::parse(file, nullptr, false);
  if (!summary.is_object()) {
    run.scenario = tail_of(run.dir, 1).string();
    return;
  }
  run.scenario = text_of(summary, "scenario");
  run.placement = text_of(summary, "placement");
  run.seed = text_of(summary, "seed");
}

}  // namespace

std::string gigablock_size(unsigned order) {
  constexpr unsigned kMebibyte = 8;  // orders
  constexpr unsigned kGibibyte = 18;
  return order >= kGibibyte ? std::to_string(1ULL << (order - kGibibyte) % 64) + " GiB"
                            : std::to_string(1ULL << (order - std::min(order, kMebibyte))) + " MiB";
}

std::string gigablock_size_of(const std::filesystem::path& scenario) {
  constexpr std::string_view kKey = "  gigablock_order: ";
  std::ifstream file(scenario);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(kKey)) {
      return gigablock_size(static_cast<unsigned>(std::strtoul(line.c_str() + kKey.size(), nullptr, 10)));
    }
  }
  return "1 GiB";
}

bool CsvEnds::has(std::string_view column) const {
  return std::ranges::find(columns, column) != columns.end();
}

double CsvEnds::last_value(std::string_view column) const {
  const auto at = static_cast<std::size_t>(std::ranges::find(columns, column) - columns.begin());
  return at < last.size() ? std::strtod(last[at].c_str(), nullptr) : 0.0;
}

CsvEnds read_csv_ends(const std::filesystem::path& path) {
  std::ifstream file(path);
  CsvEnds ends;
  std::string line, last;
  if (std::getline(file, line)) {
    ends.columns = split(line);
  }
  while (std::getline(file, line)) {
    ++ends.rows;
    last = line;
  }
  if (ends.rows > 0) {
    ends.last = split(last);
  }
  return ends;
}

std::string RunFiles::label() const {
  if (placement.empty()) {
    return scenario;
  }
  return scenario + ", " + placement + ", seed " + seed;
}

unsigned RunFiles::nr_orders() const {
  unsigned orders = 0;
  while (timeseries.has("free_blocks_o" + std::to_string(orders))) {
    ++orders;
  }
  return orders;
}

std::vector<std::string> RunFiles::zones() const {
  constexpr std::string_view kSuffix = "_low_pages";
  std::vector<std::string> prefixes;
  for (const std::string& column : timeseries.columns) {
    if (column.starts_with("node") && column.ends_with(kSuffix)) {
      prefixes.push_back(column.substr(0, column.size() - kSuffix.size()));
    }
  }
  return prefixes;
}

std::optional<RunFiles> read_run(const std::filesystem::path& dir) {
  RunFiles run;
  run.dir = dir;
  run.timeseries = read_csv_ends(dir / "timeseries.csv");
  run.vmstat = read_csv_ends(dir / "vmstat.csv");
  if (run.timeseries.rows < 2) {
    return std::nullopt;
  }
  read_identity(run);
  run.gigablock_size = gigablock_size_of(run.dir / "scenario.yaml");
  return run;
}

namespace {

/** As much of the end of @run's directory as no other run of its label has. */
std::string place_of(const RunFiles& run, const std::vector<RunFiles>& runs) {
  constexpr unsigned kMost = 64;
  unsigned parts = 1;
  const auto looks_same = [&](const RunFiles& each) {
    return each.label() == run.label() && tail_of(each.dir, parts) == tail_of(run.dir, parts);
  };
  while (parts < kMost && std::ranges::count_if(runs, looks_same) > 1) {
    ++parts;
  }
  return tail_of(run.dir, parts).string();
}

}  // namespace

std::string short_label(const RunFiles& run, const std::vector<RunFiles>& runs) {
  const auto differ = [&](auto member) {
    return std::ranges::any_of(runs, [&](const RunFiles& each) { return each.*member != runs.front().*member; });
  };
  std::string label = run.placement;
  if (differ(&RunFiles::scenario) || run.placement.empty()) {
    label = run.label();
  } else if (differ(&RunFiles::seed)) {
    label += ", seed " + run.seed;
  }
  // Runs that a tunable tells apart have but their directories in which they differ.
  const auto looks_same = [&](const RunFiles& each) { return each.label() == run.label(); };
  const bool is_unique = std::ranges::count_if(runs, looks_same) < 2;
  return is_unique ? label : fmt::format("{} ({})", label, place_of(run, runs));
}

}  // namespace gbsim
