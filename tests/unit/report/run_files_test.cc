// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/run_files.h"

#include <doctest/doctest.h>

#include <fstream>

#include "fake_run.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

TEST_CASE("the ends of a CSV file say what there is to draw") {
  const TempDir dir;
  std::ofstream(dir.path() / "t.csv") << "time_s,free\n0,5\n10,7.5\n";
  const CsvEnds ends = read_csv_ends(dir.path() / "t.csv");
  CHECK(ends.rows == 2);
  CHECK(ends.has("free"));
  CHECK_FALSE(ends.has("used"));
  CHECK(ends.last_value("free") == 7.5);
  CHECK(ends.last_value("used") == 0);
}

TEST_CASE("a file that is not there has no rows") {
  CHECK(read_csv_ends("/nonexistent/t.csv").rows == 0);
}

TEST_CASE("a run knows its identity, orders, zones and length") {
  const TempDir dir;
  test::write_fake_run({}, dir.path());
  const auto run = read_run(dir.path());
  REQUIRE(run.has_value());
  CHECK(run->label() == "mixed-server, linux, seed 1");
  CHECK(run->nr_orders() == 11);
  CHECK(run->zones() == std::vector<std::string>{"node0_dma", "node0_dma32", "node0_normal"});
  CHECK(run->seconds() == 190);
}

TEST_CASE("gigablocks have sizes that people say") {
  CHECK(gigablock_size(18) == "1 GiB");
  CHECK(gigablock_size(19) == "2 GiB");
  CHECK(gigablock_size(14) == "64 MiB");
}

TEST_CASE("the size of a gigablock is what scenario.yaml says, else 1 GiB") {
  const TempDir dir;
  test::write_fake_run({}, dir.path());
  CHECK(read_run(dir.path())->gigablock_size == "1 GiB");
  std::ofstream(dir.path() / "scenario.yaml") << "machine:\n  cpus: 2\n  gigablock_order: 14\n";
  CHECK(read_run(dir.path())->gigablock_size == "64 MiB");
  std::ofstream(dir.path() / "scenario.yaml") << "machine:\n  gigablock_order: 18\n";
  CHECK(read_run(dir.path())->gigablock_size == "1 GiB");
}

TEST_CASE("a killed run without summary is called after its directory") {
  const TempDir dir;
  test::write_fake_run({}, dir.path() / "night-run");
  std::filesystem::remove(dir.path() / "night-run" / "summary.json");
  CHECK(read_run(dir.path() / "night-run")->label() == "night-run");
}

TEST_CASE("one sample is nothing to draw") {
  const TempDir dir;
  test::write_fake_run({.samples = 1}, dir.path());
  CHECK_FALSE(read_run(dir.path()).has_value());
}

TEST_CASE("compared runs are told apart by what differs") {
  RunFiles a, b;
  a.scenario = b.scenario = "mixed-server";
  a.placement = "linux";
  b.placement = "confined";
  a.seed = b.seed = "1";
  CHECK(short_label(a, {a, b}) == "linux");
  b.seed = "2";
  CHECK(short_label(b, {a, b}) == "confined, seed 2");
  b.scenario = "other";
  CHECK(short_label(a, {a, b}) == "mixed-server, linux, seed 1");
}

TEST_CASE("runs that only a tunable tells apart are told apart by their directories") {
  RunFiles a, b, c;
  a.scenario = b.scenario = c.scenario = "mixed-server";
  a.placement = b.placement = "linux";
  c.placement = "confined";
  a.dir = "results/A";
  b.dir = "results/B";
  CHECK(short_label(a, {a, b, c}) == "linux (A)");
  CHECK(short_label(b, {a, b, c}) == "linux (B)");
  CHECK(short_label(c, {a, b, c}) == "confined");
  a.dir = "old/run/";  // as tab completion gives it
  b.dir = "new/run/";
  CHECK(short_label(a, {a, b, c}) == "linux (old/run)");
  CHECK(short_label(b, {a, b, c}) == "linux (new/run)");
}
