// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/levels.h"

#include <doctest/doctest.h>

#include "toy_sweep.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

Levels levels_of(std::vector<std::string> values, std::size_t most = Levels::kMost) {
  SweepSpec spec = toy_spec();
  spec.axes.at(0).values = std::move(values);
  return {toy_sweep(std::move(spec)), 0, most};
}

}  // namespace

TEST_CASE("numbers stand in order of size, words as they come") {
  CHECK(levels_of({"10", "9", "200"}).tics("x", {}) == "set xtics (\"9\" 0, \"10\" 1, \"200\" 2) norotate\n"
                                                       "set xrange [-0.5:2.5]\n");
  CHECK(levels_of({"never", "always"}).text(0) == "never");
}

TEST_CASE("more numbers than wanted make classes, words do not") {
  CHECK(levels_of({"1", "2", "3", "4", "5", "6"}, 4).text(0) == "1..3");
  CHECK(levels_of({"a", "b", "c", "d", "e", "f"}, 4).size() == 6);
}

TEST_CASE("labels are thinned out, shortened and turned as an axis asks") {
  const Levels levels = levels_of({"as-long-as-can-be-read", "b", "c"});
  CHECK(levels.tics("y", {.step = 2, .most_letters = 7, .angle = 45}) ==
        "set ytics (\"as-…ead\" 0, \"c\" 2) rotate by 45 right\nset yrange [-0.5:2.5]\n");
  CHECK(levels.letters(7) == 7);
  CHECK(levels.letters(100) == 22);
}
