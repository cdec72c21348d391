// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/result_store.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "sim/sweep/pareto.h"
#include "temp_dir.h"
#include "toy_sweep.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Point 3 crashed; the others had 10, 20 and 90 % success. */
Sweep ended_sweep(const std::filesystem::path& dir) {
  Sweep sweep = toy_sweep(toy_spec(), dir);
  const std::vector<double> rates{0.1, 0.2, 0, 0.9};
  for (std::size_t i = 0; const auto run = sweep.next(); ++i) {
    sweep.ended(*run, i == 2 ? RunOutcome{"crashed", "signal 11, core"} : toy_outcome(rates[i]));
  }
  return sweep;
}

}  // namespace

TEST_CASE("the front has what nothing beats") {
  CHECK(pareto_front({{1, 1}, {2, 0}, {0, 2}, {1, 0}, {1, 1}}) == std::vector<bool>{true, true, true, false, true});
  CHECK(pareto_points(ended_sweep("out")) == std::vector<std::size_t>{3, 1});
}

TEST_CASE("a row a run, with the reason of a failure") {
  CHECK(to_csv(index_table(ended_sweep("out"))) ==
        "point,seed,x,word,good,cost,outcome,reason\n"
        "0001,5,1,a,10,10,completed,\n"
        "0002,5,1,b,20,10,completed,\n"
        "0003,5,2,a,,,crashed,\"signal 11, core\"\n"
        "0004,5,2,b,90,20,completed,\n");
}

TEST_CASE("a row a point and metric, empty where no run gave a value") {
  const std::string csv = to_csv(aggregate_table(ended_sweep("out")));
  CHECK(csv.find("0001,1,a,good,1,10,10,10,10,10,10,10,10\n") != std::string::npos);
  CHECK(csv.find("0003,2,a,good,0,,,,,,,,\n") != std::string::npos);
}

TEST_CASE("the front is ranked by its first objective") {
  CHECK(to_csv(pareto_table(ended_sweep("out"))) ==
        "rank,point,x,word,good,cost\n1,0004,2,b,90,20\n2,0002,1,b,20,10\n");
}

TEST_CASE("SQLite has the same rows, and the same bytes each time") {
  const TempDir dir;
  const Sweep sweep = ended_sweep(dir.path());
  write_results(sweep);
  const std::string first = read_text(dir.path() / "sweep.sqlite");
  write_results(sweep);
  CHECK(read_text(dir.path() / "sweep.sqlite") == first);
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((dir.path() / "sweep.sqlite").c_str(), &database) == SQLITE_OK);
  double sum = 0;
  const auto add = [](void* to, int, char** values, char**) {
    *static_cast<double*>(to) = std::atof(values[0]);
    return 0;
  };
  REQUIRE(sqlite3_exec(database, "SELECT sum(good) FROM runs WHERE word = 'b'", add, &sum, nullptr) == SQLITE_OK);
  sqlite3_close(database);
  CHECK(sum == 110);
}
