// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/run_report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "fake_run.h"
#include "html_parts.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::parts_of;
using gbsim::test::read_text;
using gbsim::test::TempDir;
using nlohmann::json;

TEST_CASE("a run's page carries its result files") {
  const TempDir dir;
  test::write_fake_run({}, dir.path());
  const std::string html = run_report(dir.path());
  CHECK(html.find("<title>mixed-server, linux, seed 1</title>") != std::string::npos);
  for (const char* name : {"summary.json", "scenario.yaml", "timeseries.csv", "events.csv", "latency.csv"}) {
    CAPTURE(name);
    CHECK(parts_of(html, name) == std::vector<std::string>{read_text(dir.path() / name)});
  }
}

TEST_CASE("a run's page carries gigablocks and pageblocks of every sample") {
  const TempDir dir;
  test::write_fake_run({.gigablocks = 16, .samples = 20}, dir.path());
  const std::string html = run_report(dir.path());
  const json map = json::parse(parts_of(html, "gigablocks").at(0));
  CHECK(map["times"].size() == 20);
  CHECK(map["gigablocks"].size() == 16);
  for (const std::string& plane : parts_of(html, "gigablock_planes")) {
    CHECK(plane.size() == 16 * 20);
  }
  const json blocks = json::parse(parts_of(html, "pageblocks").at(0));
  CHECK(blocks["ranges"] == json::array({{0, 16 * 512}}));
  CHECK(blocks["times"].size() == 20);
  CHECK(parts_of(html, "pageblock_frames").at(0).size() == 12 * 16 * 512);
}

TEST_CASE("a page stays within its budget by showing fewer instants") {
  const TempDir dir;
  test::write_fake_run({.gigablocks = 64, .samples = 200}, dir.path());
  const std::size_t whole = run_report(dir.path()).size();
  const std::string html = run_report(dir.path(), whole - 20'000);
  CHECK(html.size() <= whole - 20'000);
  CHECK(json::parse(parts_of(html, "pageblocks").at(0))["times"].size() < 200);
}

TEST_CASE("a killed run without summary, maps and latency has a page too") {
  const TempDir dir;
  test::write_fake_run({}, dir.path());
  for (const char* name : {"summary.json", "gigablocks.csv", "pageblocks.bin", "latency.csv", "events.csv"}) {
    std::filesystem::remove(dir.path() / name);
  }
  const std::string html = run_report(dir.path());
  CHECK(parts_of(html, "timeseries.csv").at(0).starts_with("time_s,"));
  CHECK(parts_of(html, "pageblocks").empty());
  CHECK(json::parse(parts_of(html, "gigablocks").at(0))["times"].empty());
}
