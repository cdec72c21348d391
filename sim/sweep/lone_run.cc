// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/lone_run.h"

#include <utility>

namespace gbsim {
namespace {

/** Gives one run, and keeps what became of it. */
class OneRun final : public RunSource {
 public:
  explicit OneRun(const PointRun& run) : run_(run) {}

  std::optional<PointRun> next() override { return std::exchange(run_, std::nullopt); }
  void ended(const PointRun&, const RunOutcome& end) override { outcome = end; }

  RunOutcome outcome;

 private:
  std::optional<PointRun> run_;
};

class Nobody final : public BatchWatcher {
 public:
  void on_progress(std::size_t) override {}
};

}  // namespace

LoneEnd run_alone(const PointRun& run, const BatchOptions& options) {
  OneRun source(run);
  Nobody nobody;
  const int signal = run_batch(source, options, nobody);
  return {signal, source.outcome};
}

}  // namespace gbsim
