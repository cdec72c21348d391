// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/gnuplot.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "path_guard.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

/** A stand-in for gnuplot that runs @body in the directory of the script. */
fs::path fake_gnuplot(const TempDir& dir, const std::string& body) {
  const fs::path program = dir.path() / "gnuplot";
  std::ofstream(program) << "#!/bin/sh\n" << body << "\n";
  chmod(program.c_str(), 0755);
  return program;
}

}  // namespace

TEST_CASE("gnuplot is looked for on PATH") {
  const TempDir dir;
  const test::PathGuard path(dir.path());
  CHECK_FALSE(find_gnuplot().has_value());
  const fs::path program = fake_gnuplot(dir, "exit 0");
  CHECK(find_gnuplot() == program);
}

TEST_CASE("the advice names the package") {
  CHECK(gnuplot_advice().find("apt install gnuplot-nox") != std::string::npos);
}

TEST_CASE("jobs run in the directory of their script with their format") {
  const TempDir dir;
  const fs::path program = fake_gnuplot(dir, "echo \"$2 $3\" > \"$(basename $3 .gp).out\"");
  CHECK(run_gnuplot(program, {{dir.path() / "a.gp", "png"}, {dir.path() / "b.gp", "svg"}}, 2).empty());
  CHECK(test::read_text(dir.path() / "a.out") == "format='png' a.gp\n");
  CHECK(test::read_text(dir.path() / "b.out") == "format='svg' b.gp\n");
}

TEST_CASE("a picture that is cut off is reported and removed, whatever gnuplot thinks of it") {
  const TempDir dir;
  const fs::path program =
      fake_gnuplot(dir, "printf '\\211PNG and so on, IEND\\256B`\\202' > a.png; printf '\\211PNG and so' > b.png\n"
                        "printf '<svg>...</svg>\\n' > a.svg; printf '<svg>.......................' > b.svg; : > c.png");
  const auto job = [&](const char* name, const char* format) { return GnuplotJob{dir.path() / name, format}; };
  CHECK(run_gnuplot(program, {job("a.gp", "png")}, 1).empty());
  CHECK(run_gnuplot(program, {job("a.gp", "svg")}, 1).empty());
  for (const auto& [name, format] : {std::pair{"b.gp", "png"}, std::pair{"b.gp", "svg"}, std::pair{"c.gp", "png"}}) {
    CAPTURE(name);
    const std::vector<std::string> problems = run_gnuplot(program, {job(name, format)}, 1);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("could be written in part only") != std::string::npos);
    CHECK_FALSE(fs::exists(job(name, format).picture()));
  }
}

TEST_CASE("a failed job is reported in gnuplot's words and leaves no picture") {
  const TempDir dir;
  const fs::path program = fake_gnuplot(dir, "touch a.png; echo 'line 3: undefined variable: x' >&2; exit 1");
  const std::vector<std::string> problems = run_gnuplot(program, {{dir.path() / "a.gp", "png"}}, 1);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("a.png: line 3: undefined variable: x") != std::string::npos);
  CHECK_FALSE(fs::exists(dir.path() / "a.png"));
  CHECK_FALSE(fs::exists(dir.path() / "a.png.log"));
}
