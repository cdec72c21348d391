// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/result_dir.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
namespace fs = std::filesystem;

namespace {

void touch(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "x";
}

}  // namespace

TEST_CASE("the default directory names scenario, placement and seed") {
  CHECK(default_result_dir({"mixed-server", "linux", "linux", 7}) == "results/mixed-server-linux-7");
}

TEST_CASE("a new or empty directory is taken") {
  const test::TempDir dir;
  CHECK_NOTHROW(prepare_result_dir(dir.path(), false));
  CHECK_NOTHROW(prepare_result_dir(dir.path() / "a" / "b", false));
  CHECK(fs::is_directory(dir.path() / "a" / "b"));
}

TEST_CASE("an existing directory with content is refused, and the way out is named") {
  const test::TempDir dir;
  touch(dir.path() / "thesis.tex");
  CHECK_THROWS_WITH_AS(prepare_result_dir(dir.path(), false), doctest::Contains("--force"), ResultDirRefused);
  CHECK(fs::exists(dir.path() / "thesis.tex"));
}

TEST_CASE("force removes earlier results and nothing else") {
  const test::TempDir dir;
  touch(dir.path() / "summary.json");
  touch(dir.path() / "plots" / "latency.png");
  touch(dir.path() / "plots" / "mine.txt");
  touch(dir.path() / "thesis.tex");
  prepare_result_dir(dir.path(), true);
  CHECK_FALSE(fs::exists(dir.path() / "summary.json"));
  CHECK_FALSE(fs::exists(dir.path() / "plots" / "latency.png"));
  CHECK(fs::exists(dir.path() / "plots" / "mine.txt"));
  CHECK(fs::exists(dir.path() / "thesis.tex"));
}

TEST_CASE("a file in the place of the directory is refused") {
  const test::TempDir dir;
  touch(dir.path() / "results");
  CHECK_THROWS_AS(prepare_result_dir(dir.path() / "results", true), ResultDirRefused);
}
