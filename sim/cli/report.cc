// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/report.h"

#include <fmt/format.h>

#include <filesystem>

#include "sim/cli/options.h"
#include "sim/metrics/output_file.h"
#include "sim/report/batch_report.h"
#include "sim/report/run_report.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;

std::string page_of(const fs::path& dir) {
  if (fs::exists(dir / "timeseries.csv")) {
    return run_report(dir);
  }
  if (fs::exists(dir / "compare.json")) {
    return comparison_report(dir);
  }
  if (fs::exists(dir / "index.csv")) {
    return sweep_report(dir);
  }
  throw UsageError(fmt::format("{}: no result directory of run, compare or sweep: timeseries.csv, compare.json and "
                               "index.csv are missing", dir.string()));
}

}  // namespace

int run_report_command(Arguments arguments) {
  OptionParser options("report", "DIR");
  options.add()("output,o", boost::program_options::value<std::string>(), "the page's file (default DIR/report.html)");
  if (options.parse(arguments)) {
    return kDone;
  }
  const fs::path dir = options.operand();
  const fs::path out = options.has("output") ? fs::path(options.text("output")) : dir / "report.html";
  const std::string page = page_of(dir);
  write_atomically(out, page);
  fmt::print("{} ({:.1f} MB)\n", out.string(), static_cast<double>(page.size()) / 1e6);
  return kDone;
}

}  // namespace gbsim::cli
