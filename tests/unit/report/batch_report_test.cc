// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/batch_report.h"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "fake_run.h"
#include "html_parts.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::parts_of;
using gbsim::test::read_text;
using gbsim::test::TempDir;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

/** Two points with a seed each, the second on the front; and a third that crashed. */
void write_sweep(const fs::path& dir) {
  test::write_fake_run({}, dir / "points/0/1");
  test::write_fake_run({.taint = 0.5}, dir / "points/1/1");
  write(dir / "index.csv", "point,seed,thp.defrag,thp,outcome,reason\n0,1,always,0.5,completed,\n"
                           "1,1,defer,0.7,completed,\n2,1,never,,crashed,\"signal 11, a crash\"\n");
  write(dir / "pareto.csv", "rank,point,thp.defrag,thp\n1,1,defer,0.7\n");
  write(dir / "aggregate.csv", "point,thp.defrag,metric,runs,median,q1,q3,median_low95,median_high95,mean,min,max\n"
                               "0,always,thp,1,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5\n");
}

}  // namespace

TEST_CASE("a sweep's page carries its tables") {
  const TempDir dir;
  write_sweep(dir.path());
  const std::string html = sweep_report(dir.path());
  for (const char* name : {"index.csv", "pareto.csv", "aggregate.csv"}) {
    CAPTURE(name);
    CHECK(parts_of(html, name) == std::vector<std::string>{read_text(dir.path() / name)});
  }
}

TEST_CASE("points on the front carry their time series first, points without any carry none") {
  const TempDir dir;
  write_sweep(dir.path());
  const std::string html = sweep_report(dir.path());
  const json runs = json::parse(parts_of(html, "runs").at(0));
  REQUIRE(runs.size() == 2);
  CHECK(runs[0]["group"] == "1");
  CHECK(runs[0]["dir"] == "points/1/1");
  CHECK(runs[0]["page"] == false);
  CHECK(runs[1]["group"] == "0");
  const std::string series = parts_of(html, "run_series").at(0);
  CHECK(series.starts_with("time_s,"));
  CHECK(series.find("gigablocks_tainted") != std::string::npos);
  CHECK(series.find("node0_normal") == std::string::npos);
}

TEST_CASE("runs that do not fit into the page's budget are left out") {
  const TempDir dir;
  write_sweep(dir.path());
  const std::size_t whole = sweep_report(dir.path()).size();
  const std::string html = sweep_report(dir.path(), whole - 1000);
  CHECK(html.size() < whole - 1000);
  CHECK(json::parse(parts_of(html, "runs").at(0)).size() == 1);
}

TEST_CASE("a comparison's page carries each placement's runs") {
  const TempDir dir;
  for (const char* placement : {"linux", "confined"}) {
    test::write_fake_run({.placement = placement}, dir.path() / (std::string(placement) + "-7"));
  }
  write(dir.path() / "compare.json", R"({"scenario": "s", "placements": ["linux", "confined"], "seeds": [7]})");
  const std::string html = comparison_report(dir.path());
  CHECK(html.find("<title>s, compared</title>") != std::string::npos);
  const json runs = json::parse(parts_of(html, "runs").at(0));
  REQUIRE(runs.size() == 2);
  CHECK(runs[1]["dir"] == "confined-7");
}

TEST_CASE("a damaged compare.json is named") {
  const TempDir dir;
  write(dir.path() / "compare.json", "{\"scenario\": ");
  CHECK_THROWS_WITH_AS(comparison_report(dir.path()), doctest::Contains("compare.json"), std::runtime_error);
}
