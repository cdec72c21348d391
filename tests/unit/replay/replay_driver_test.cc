// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/replay_driver.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Writes down what it is asked for: an event as its number, "|" where memory is about to be looked at. */
class NotingModel final : public ReplayModel {
 public:
  void feed(const TraceEvent& /*event*/, std::uint64_t number, const EventWindow& /*window*/) override {
    notes += std::to_string(number);
  }
  void settle() override { notes += '|'; }
  ReplayCounts& counts() override { return totals; }

  std::string notes;
  ReplayCounts totals;
};

constexpr ReplayPlan kPlan{"toy", PcpLoad::allocated, Untraced::left_out};

/** Frees at 5, 20, 40 and 60 us; snapshots at 10, 30 and 50. */
void fill(ToyRecording& recording) {
  for (const std::int64_t micros : {10, 30, 50}) {
    recording.add(micros == 10 ? "start" : "later", micros, toy_snapshot("MM"));
  }
  for (const std::int64_t micros : {5, 20, 40, 60}) {
    recording.event(micros, "mm_page_free", static_cast<std::uint64_t>(micros), "order=0");
  }
}

/** A driver of that recording, with a model that notes what it is given. */
struct Driven {
  explicit Driven(std::optional<Ns> until = std::nullopt) {
    fill(files);
    RecordingRequest request;
    request.trace = files.trace();
    request.until = until;
    recording.emplace(request);
    driver.emplace(*recording, kPlan);
  }
  ReplayOutcome run(const OnReplayProgress& on_progress = {}) { return driver->run(model, on_progress); }

  ToyRecording files;
  std::optional<Recording> recording;
  std::optional<ReplayDriver> driver;
  NotingModel model;
};

}  // namespace

TEST_CASE("a model gets the events after the first snapshot, and is settled before each later one and at the end") {
  Driven driven;
  const ReplayOutcome outcome = driven.run();
  CHECK(driven.model.notes == "1|2|3|");
  CHECK(outcome.mode == "toy");
  CHECK(outcome.snapshots.size() == 2);
  CHECK(outcome.counts.skipped.count("before_first_snapshot") == 1);
}

TEST_CASE("a replay ends at the time asked for, and compares no snapshot after it") {
  Driven driven(Ns{45'000});
  CHECK(driven.run().snapshots.size() == 1);
  CHECK(driven.model.notes == "1|2|");
}

TEST_CASE("a replay tells how far it has come, in events of the recording") {
  std::vector<ReplayProgress> told;
  Driven().run([&](const ReplayProgress& progress) {
    told.push_back(progress);
    return true;
  });
  REQUIRE(told.size() == 1);
  CHECK(told[0].total == 4);
}

TEST_CASE("a replay that whoever watches it ends says so, and is not held against later snapshots") {
  const ReplayOutcome outcome = Driven().run([](const ReplayProgress& /*progress*/) { return false; });
  CHECK(outcome.is_interrupted);
  CHECK(outcome.snapshots.empty());
}

TEST_CASE("snapshots that the recording contradicts are remarked upon") {
  for (const std::uint64_t frees : {4U, 5U}) {
    Driven driven;
    driven.model.totals.events = 100;
    driven.model.totals.corrections.add("freed_while_free", frees);
    const auto remarks = driven.run().remarks;
    CHECK(std::ranges::any_of(remarks, [](const std::string& remark) {
            return remark.find("is it of this machine") != std::string::npos;
          }) == (frees == 5));
  }
}
