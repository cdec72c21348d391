// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/scenario_input.h"

#include <algorithm>
#include <cstdlib>

#include "sim/workload/workload.h"

namespace gbsim::cli {

namespace fs = std::filesystem;

namespace {

/** The source tree, an installation's share directory, or what GBSIM_DATA says. */
std::vector<fs::path> data_dirs() {
  std::vector<fs::path> dirs;
  if (const char* chosen = std::getenv("GBSIM_DATA")) {
    dirs.emplace_back(chosen);
  }
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    dirs.push_back(self.parent_path().parent_path() / "share" / "gbsim");
  }
  dirs.emplace_back(GBSIM_SOURCE_DIR);
  return dirs;
}

}  // namespace

std::vector<std::string_view> WorkloadCatalog::names() const {
  std::vector<std::string_view> names;
  for (const WorkloadModel& model : workload_models()) {
    names.push_back(model.name);
  }
  return names;
}

std::optional<std::span<const ParamSpec>> WorkloadCatalog::params_of(std::string_view model) const {
  const WorkloadModel* found = find_workload_model(model);
  return found != nullptr ? std::optional(found->params) : std::nullopt;
}

std::vector<fs::path> workload_dirs(const fs::path& scenario) {
  const fs::path folder = fs::absolute(scenario.empty() ? "." : scenario).parent_path();
  std::vector<fs::path> dirs{folder, folder / "workloads", folder.parent_path() / "workloads"};
  for (const fs::path& data : data_dirs()) {
    dirs.push_back(data / "workloads");
  }
  return dirs;
}

std::vector<fs::path> figure_files() {
  const fs::path folder = fs::path("configs") / "expect";
  const std::vector<fs::path> dirs = data_dirs();
  const auto data = std::ranges::find_if(dirs, [&](const fs::path& dir) { return fs::is_directory(dir / folder); });
  std::vector<fs::path> files;
  if (data != dirs.end()) {
    for (const fs::directory_entry& entry : fs::directory_iterator(*data / folder)) {
      files.push_back(entry.path());
    }
  }
  std::erase_if(files, [](const fs::path& file) { return file.extension() != ".yaml"; });
  std::ranges::sort(files);
  return files;
}

}  // namespace gbsim::cli
