// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/replay_report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "sim/replay/replay_mode.h"

using namespace gbsim;

namespace {

ReplayOutcome an_outcome() {
  ReplayOutcome outcome;
  outcome.mode = "lists";
  outcome.kernel = KernelVersion::v6_1;
  outcome.first_compaction = Ns{2'500'000'000};
  outcome.counts.events = 9;
  outcome.counts.skipped.add("failed_alloc", 2);
  outcome.counts.whole.add(Migratetype::movable, true);
  outcome.counts.before_compaction = outcome.counts.whole;
  outcome.counts.whole.add(Migratetype::unmovable, false);
  outcome.counts.whole.fallbacks = {4, 3, 4, 4, 4, 3};
  Mismatch mismatch;
  mismatch.time = Ns{1'500'000'000};
  mismatch.kernel = Pfn{7};
  mismatch.where = "not free in our lists";
  mismatch.our_list = {Pfn{9}};
  outcome.counts.first_mismatch = mismatch;
  outcome.remarks = {"something to know"};
  return outcome;
}

}  // namespace

TEST_CASE("replay.json has shares of the whole and up to the first compaction") {
  const auto json = nlohmann::json::parse(replay_json(an_outcome()));
  CHECK(json["mode"] == "lists");
  CHECK(json["kernel"] == "6.1");
  CHECK(json["events"] == 9);
  CHECK(json["skipped"]["failed_alloc"] == 2);
  CHECK(json["exact"]["share"] == 0.5);
  CHECK(json["exact"]["by_type"]["unmovable"]["total"] == 1);
  CHECK(json["before_first_compaction"]["share"] == 1.0);
  CHECK(json["before_first_compaction"]["until_s"] == 2.5);
  CHECK(json["before_first_compaction"]["fallbacks"]["total"] == 0);
  CHECK(json["fallbacks"]["same_decision"] == 3);
  CHECK(json["first_mismatch"]["kernel_pfn"] == 7);
  CHECK(json["first_mismatch"]["our_pfn"].is_null());
  CHECK(json["snapshots"].empty());
}

TEST_CASE("without compaction the whole recording lies before the first") {
  ReplayOutcome outcome = an_outcome();
  outcome.counts.before_compaction.reset();
  outcome.first_compaction.reset();
  const auto before = nlohmann::json::parse(replay_json(outcome))["before_first_compaction"];
  CHECK(before["total"] == 2);
  CHECK(before["until_s"].is_null());
}

TEST_CASE("the report for people names the first mismatch with both lists, and every note") {
  const std::string text = replay_text(an_outcome());
  CHECK(text.find("first mismatch at 1.500000 s") != std::string::npos);
  CHECK(text.find("our list: 9\n") != std::string::npos);
  CHECK(text.find("list with the kernel's page: (empty)") != std::string::npos);
  CHECK(text.find("note: something to know") != std::string::npos);
}

TEST_CASE("where nothing was to be foretold the report says so, and claims no share") {
  const std::string text = replay_text(ReplayOutcome{.mode = "allocs"});
  CHECK(text.find("nothing to foretell") != std::string::npos);
  CHECK(text.find('%') == std::string::npos);
}
