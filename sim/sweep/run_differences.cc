// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/run_differences.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/text_file.h"
#include "sim/scenario/yaml_tree.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNone = "none";

/** One property of a run. Those that are no single value are told apart, not shown. */
struct Trait {
  std::string name;
  std::string value;
  bool is_shown = true;
};

using Traits = std::vector<Trait>;

/** @value in words that are equal if what they say is. */
std::string flat(const YamlValue& value) {
  std::string text = value.text;
  for (const YamlValue& item : value.items) {
    text += fmt::format("[{}]", flat(item));
  }
  for (const YamlEntry& entry : value.entries) {
    text += fmt::format("{{{}:{}}}", entry.key, flat(entry.value));
  }
  return text;
}

/** The recording that `gbsim replay` names in the first line of its scenario; empty for other runs. */
std::string recording_in(std::string_view scenario) {
  constexpr std::string_view kBefore = "# The demand of ";
  constexpr std::string_view kAfter = " came from `gbsim replay";
  const std::string_view line = scenario.substr(0, scenario.find('\n'));
  const auto end = line.rfind(kAfter);
  if (!line.starts_with(kBefore) || end == std::string_view::npos) {
    return {};
  }
  const fs::path recording = line.substr(kBefore.size(), end - kBefore.size());
  std::error_code gone;
  const fs::path canonical = fs::weakly_canonical(recording, gone);  // one file may have been named in two ways
  return gone ? recording.string() : canonical.string();
}

void add_workloads(const YamlValue& root, Traits& traits) {
  const YamlValue* workloads = root.find("workloads");
  for (const YamlValue& workload : workloads != nullptr ? workloads->items : std::vector<YamlValue>{}) {
    const YamlValue* name = workload.find("name");
    traits.push_back({fmt::format("workload {}", name != nullptr ? name->text : ""), flat(workload), false});
  }
}

/** Those of the run whose resolved scenario is @text. */
Traits traits_of(std::string_view text, const YamlValue& root) {
  Traits traits;
  if (std::string recording = recording_in(text); !recording.empty()) {
    traits.push_back({"recording", std::move(recording)});
  }
  for (const std::string_view key : std::array{"name", "warmup", "duration"}) {
    const YamlValue* value = root.find(key);
    traits.push_back({key == "name" ? "scenario" : std::string(key), value != nullptr ? value->text : ""});
  }
  const YamlValue* machine = root.find("machine");
  for (const YamlEntry& entry : machine != nullptr ? machine->entries : std::vector<YamlEntry>{}) {
    traits.push_back({"machine." + entry.key, flat(entry.value)});
  }
  add_workloads(root, traits);
  const YamlValue* timeline = root.find("timeline");
  traits.push_back({"timeline", timeline != nullptr ? flat(*timeline) : "", false});
  return traits;
}

/** Runs by the value of one trait, in order of first appearance. */
class Groups {
 public:
  void add(const std::string& value, const std::string& run) {
    const auto found = std::ranges::find(groups_, value, &std::pair<std::string, std::vector<std::string>>::first);
    if (found != groups_.end()) {
      found->second.push_back(run);
    } else {
      groups_.push_back({value, {run}});
    }
  }

  bool any_differ() const { return groups_.size() > 1; }

  /** "256GiB in a, b; 512GiB in c", or "variant 1 in a, b; ..." */
  std::string text(bool is_shown) const {
    std::string text;
    std::size_t variant = 0;
    for (const auto& [value, runs] : groups_) {
      const std::string label = is_shown || value == kNone ? value : fmt::format("variant {}", ++variant);
      text += fmt::format("{}{} in {}", text.empty() ? "" : "; ", label, listed(runs));
    }
    return text;
  }

 private:
  static std::string listed(const std::vector<std::string>& runs) {
    constexpr std::size_t kMost = 4;
    const std::size_t told = std::min(runs.size(), kMost);
    const std::string names = fmt::format("{}", fmt::join(runs.begin(), runs.begin() + static_cast<long>(told), ", "));
    return told == runs.size() ? names : fmt::format("{} and {} more", names, runs.size() - told);
  }

  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;
};

struct Run {
  std::string dir;
  Traits traits;
};

std::vector<Run> read_runs(std::span<const fs::path> dirs) {
  std::vector<Run> runs;
  for (const fs::path& dir : dirs) {
    Diagnostics errors;
    const ErrorSink sink(dir.string(), errors);
    const auto text = read_text_file(dir / "scenario.yaml", sink);
    const auto root = text ? parse_yaml(*text, sink) : std::nullopt;
    if (root && errors.empty()) {
      runs.push_back({dir.string(), traits_of(*text, *root)});
    }
  }
  return runs;
}

/** Every trait that some run has, in order of first appearance. */
Traits all_traits(const std::vector<Run>& runs) {
  Traits all;
  for (const Run& run : runs) {
    std::ranges::copy_if(run.traits, std::back_inserter(all), [&](const Trait& trait) {
      return std::ranges::find(all, trait.name, &Trait::name) == all.end();
    });
  }
  return all;
}

}  // namespace

std::optional<std::string> run_differences(std::span<const fs::path> dirs) {
  constexpr std::size_t kMost = 8;
  const std::vector<Run> runs = read_runs(dirs);
  std::vector<std::string> told;
  for (const Trait& trait : all_traits(runs)) {
    Groups groups;
    for (const Run& run : runs) {
      const auto mine = std::ranges::find(run.traits, trait.name, &Trait::name);
      groups.add(mine != run.traits.end() ? mine->value : std::string(kNone), run.dir);
    }
    if (groups.any_differ()) {
      told.push_back(fmt::format("{} ({})", trait.name, groups.text(trait.is_shown)));
    }
  }
  if (told.empty()) {
    return std::nullopt;
  }
  const std::size_t left = told.size() - std::min(told.size(), kMost);
  told.resize(told.size() - left);
  return fmt::format("these runs are of different things, so that their ratios say little about the placement: {}{}",
                     fmt::join(told, "; "), left == 0 ? "" : fmt::format("; and {} more", left));
}

}  // namespace gbsim
