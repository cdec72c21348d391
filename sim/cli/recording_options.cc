// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/recording_options.h"

#include <fmt/format.h>

#include "sim/mm/kernel_rules.h"

namespace gbsim::cli {

namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

constexpr const char* kAsRecorded = "auto";

std::optional<KernelVersion> kernel_of(const std::string& name) {
  const auto kernel = kernel_called(name);
  if (!kernel && name != kAsRecorded) {
    throw UsageError(fmt::format("--kernel {}: 6.1, 6.12 or {} allowed", name, kAsRecorded));
  }
  return kernel;
}

}  // namespace

void add_recording_options(OptionParser& options, const char* seed_of) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("snapshot", text(),
                "snapshots: directory, tar archive or pgsnap file (default: those beside TRACE or in it)");
  options.add()("kernel", text()->default_value(kAsRecorded), "rules: 6.1, 6.12, or auto, as the recording tells");
  options.add()("no-aux", "ignore untraced.csv and hidden.csv beside TRACE, as if they were not there");
  options.add()("seed", text()->default_value("1"), seed_of);
}

RecordingRequest recording_request(const OptionParser& options) {
  RecordingRequest request;
  request.trace = options.operand();
  if (!fs::exists(request.trace)) {
    throw UsageError(fmt::format("{}: no such file", request.trace.string()));
  }
  if (options.has("snapshot")) {
    request.snapshots = options.text("snapshot");
  }
  request.kernel = kernel_of(options.text("kernel"));
  request.uses_aux = !options.has("no-aux");
  request.seed = options.number("seed", 0);
  return request;
}

std::string recording_name(const fs::path& trace) {
  const std::string file = trace.filename().string();
  const std::string stem = file.substr(0, file.find('.'));
  const std::string dir = fs::absolute(trace).lexically_normal().parent_path().filename().string();
  return stem == "events" || stem == "trace" ? dir : stem;
}

}  // namespace gbsim::cli
