// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/point.h"

#include <fmt/format.h>

#include "sim/cli/batch_options.h"
#include "sim/sweep/lone_run.h"

namespace gbsim::cli {
namespace {

namespace po = boost::program_options;

constexpr int kOfSignal = 128;  // added to a signal to make an exit status of it, as shells do

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("output,o", text(), "result directory; what stands in it already is not repeated");
  options.add()("set", po::value<std::vector<std::string>>()->composing(), "KEY=VALUE, as for run; repeatable");
  options.add()("seed", text()->default_value("1"), "of all random streams");
  add_limit_options(options);
}

PointRun run_of(const OptionParser& options) {
  if (!options.has("output")) {
    throw UsageError("point wants -o DIR, where its outcome is kept");
  }
  PointRun run{.scenario = options.operand(), .dir = options.text("output"), .settings = options.texts("set")};
  overrides_from(run.settings);
  run.seed = options.number("seed", 0);
  return run;
}

int tell(const PointRun& run, const RunOutcome& outcome) {
  fmt::print(stderr, "gbsim: {}: {}{}{}\n", run.dir.string(), outcome.outcome, outcome.reason.empty() ? "" : ": ",
             outcome.reason);
  if (outcome.stopped_by != 0) {
    return kOfSignal + outcome.stopped_by;
  }
  return outcome.summary ? kDone : kFailed;
}

}  // namespace

int run_point(Arguments arguments) {
  OptionParser options("point", "SCENARIO.yaml");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  const PointRun run = run_of(options);
  if (const auto recorded = recorded_outcome(run.dir)) {
    return tell(run, *recorded);
  }
  const LoneEnd end = run_alone(run, {.limits = limit_options(options), .scheduled = true});
  return end.signal != 0 ? kOfSignal + end.signal : tell(run, end.outcome);
}

}  // namespace gbsim::cli
