// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/run_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <ranges>
#include <sstream>

#include "sim/cli/options.h"
#include "sim/watch/terminal.h"

namespace gbsim::cli {

namespace {

namespace po = boost::program_options;

constexpr std::array kShorthands{"seed", "duration", "placement", "pcp"};  // override the key of their name

void describe(OptionParser& options) {
  auto text = [] { return po::value<std::string>(); };
  options.add()("output,o", text(), "result directory (default results/NAME-PLACEMENT-SEED)");
  options.add()("set", po::value<std::vector<std::string>>(), "KEY=VALUE: any scenario key or tunable; repeatable");
  options.add()("seed", text(), "seed of all random streams");
  options.add()("duration", text(), "simulated time after the warm-up");
  options.add()("placement", text(), "placement strategy");
  options.add()("pcp", text(), "per-CPU page lists");
  options.add()("force", "replace an earlier run's results in the directory");
  options.add()("quiet", "no progress");
  options.add()("watch",
                "draw the run in the terminal: buddyinfo, gigablocks, daemons; q leaves the view, the run goes on");
  options.add()("no-plots", "write no pictures");
  options.add()("trace", po::value<std::vector<std::string>>(),
                "perfetto: trace.json for ui.perfetto.dev; ftrace: trace.txt as trace-cmd report prints; repeatable");
  options.add()("trace-events", po::value<std::vector<std::string>>(),
                "which events trace.txt has: names or globs such as kmem:spb_*, separated by commas; default: all but "
                "those of every allocation");
  options.add()("trace-limit", text(), "size that a trace may reach (default 64MiB), spread over the run");
  options.add()("check-invariants", text()->implicit_value("0"),
                "recount all memory state at every sample, and every N page operations");
}

void wish_for(const std::string& kind, TraceWish& wish) {
  if (kind != "perfetto" && kind != "ftrace") {
    throw UsageError(fmt::format("--trace {}: wants perfetto or ftrace", kind));
  }
  wish.perfetto = wish.perfetto || kind == "perfetto";
  wish.ftrace = wish.ftrace || kind == "ftrace";
}

/** @patterns are separated by commas. */
void choose_events(const std::string& patterns, TraceFilter& events) {
  std::istringstream stream(patterns);
  for (std::string pattern; std::getline(stream, pattern, ',');) {
    if (!events.choose(pattern)) {
      const auto kinds = trace_events() | std::views::transform(&TraceEventKind::name);
      throw UsageError(fmt::format("--trace-events {}: no such event; there are: {}", pattern, fmt::join(kinds, ", ")));
    }
  }
}

TraceWish trace_wish(const OptionParser& options) {
  TraceWish wish;
  for (const std::string& kind : options.texts("trace")) {
    wish_for(kind, wish);
  }
  for (const std::string& patterns : options.texts("trace-events")) {
    choose_events(patterns, wish.events);
  }
  if (options.has("trace-events") && !wish.ftrace) {
    throw UsageError("--trace-events chooses what --trace ftrace writes, which was not asked for");
  }
  if (options.has("trace-limit")) {
    wish.limit = options.size("trace-limit");
  }
  return wish;
}

bool watch_wish(const OptionParser& options) {
  if (!options.has("watch")) {
    return false;
  }
  if (options.has("quiet")) {
    throw UsageError("--watch and --quiet exclude each other");
  }
  if (const auto problem = terminal_problem()) {
    throw UsageError(fmt::format("--watch: {}", *problem));
  }
  return true;
}

}  // namespace

Override override_from(const std::string& words) {
  auto parsed = parse_override(words);
  if (!parsed) {
    throw UsageError(fmt::format("--set {}: wants KEY=VALUE", words));
  }
  parsed->given_as = "--set " + words;
  return *parsed;
}

std::optional<RunCommand> parse_run_command(Arguments arguments) {
  OptionParser options("run", "SCENARIO.yaml");
  describe(options);
  if (options.parse(arguments)) {
    return std::nullopt;
  }
  RunCommand command;
  command.scenario = options.operand();
  if (options.has("output")) {
    command.out = options.text("output");
  }
  for (const std::string& words : options.texts("set")) {
    command.overrides.push_back(override_from(words));
  }
  for (const char* key : kShorthands) {
    if (options.has(key)) {
      command.overrides.push_back({key, options.text(key), fmt::format("--{} {}", key, options.text(key))});
    }
  }
  command.force = options.has("force");
  command.quiet = options.has("quiet");
  command.watch = watch_wish(options);
  command.plots = !options.has("no-plots");
  command.run.check_invariants = options.has("check-invariants");
  if (command.run.check_invariants) {
    command.run.check_every = options.number("check-invariants", 0);
  }
  command.trace = trace_wish(options);
  command.run.trace = command.trace.detail();
  return command;
}

}  // namespace gbsim::cli
