// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "sim/cli/catalog.h"
#include "sim/cli/command.h"
#include "sim/cli/compare.h"
#include "sim/cli/fit.h"
#include "sim/cli/point.h"
#include "sim/cli/record.h"
#include "sim/cli/replay.h"
#include "sim/cli/report.h"
#include "sim/cli/run.h"
#include "sim/cli/sweep.h"
#include "sim/cli/validate.h"

namespace gbsim::cli {
namespace {

constexpr std::array kCommands{
    Command{"run", "SCENARIO.yaml", "simulate one scenario", run_scenario},
    Command{"compare", "SCENARIO.yaml --placement A,B", "a scenario under several placements, or results, side by side",
            run_compare},
    Command{"sweep", "SWEEP.yaml", "many points over tunables, resumable", run_sweep},
    Command{"validate", "[NAME...]", "reproduce published figures: published, simulated, ratio, verdict", run_validate},
    Command{"point", "SCENARIO.yaml -o DIR", "one run of a sweep, its failure recorded; for schedulers and make",
            run_point},
    Command{"check", "FILE.yaml...", "check scenario, workload and sweep files, run nothing", run_check},
    Command{"plot", "DIR...", "redraw PNG and SVG from result directories; several are overlaid", run_plot},
    Command{"report", "DIR", "one interactive HTML page of a result directory", run_report_command},
    Command{"replay", "TRACE [--mode MODE]", "a recording page by page against the model, or its demand elsewhere",
            run_replay},
    Command{"record", "[-o FILE.gbtrace]", "record a server's page allocations with trace-cmd, for replay", run_record},
    Command{"fit", "TRACE -o WORKLOAD.yaml", "a churn workload of the same mix as a recording, and how near it comes",
            run_fit},
    Command{"ops", "LIST --kernel 6.1|6.12", "run single allocator operations, print each outcome", run_ops_command},
    Command{"bench", "[NAME...]", "cost of the allocator's own data structures", run_bench_command},
    Command{"tunables", "[--json]", "every tunable: name, default, range, meaning", run_tunables},
    Command{"workloads", "[MODEL]", "workload models and their keys", run_workloads},
    Command{"placements", "", "placement and pcp strategies", run_placements},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace gbsim::cli
