// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/churn_phases.h"

#include <doctest/doctest.h>

#include <array>

#include "sim/workload/models.h"

using namespace gbsim;

namespace {

constexpr Ns kSecond{1'000'000'000};

ChurnPhase phase(Ns end, double rate, const char* life = "fixed 1s") {
  return {end, rate, QuickLaw(*parse_law(life))};
}

/** How often each class arrived in @windows of 1 ms on each of two CPUs. */
std::array<std::uint64_t, 2> arrivals(ChurnArrivals& all, int windows, Ns from = Ns{0}) {
  RandomStream random(1, "arrivals");
  std::array<std::uint64_t, 2> seen{};
  for (int i = 0; i < windows; ++i) {
    for (std::size_t cpu = 0; cpu < 2; ++cpu) {
      for (const std::uint16_t cls : all.draw(cpu, from + i * kSecond / 1000, 0.001, 1.0, random)) {
        ++seen[cls];
      }
    }
  }
  return seen;
}

}  // namespace

TEST_CASE("a round goes through its phases and begins anew") {
  const ChurnRound round({phase(kSecond, 1), phase(3 * kSecond, 2)});
  CHECK_FALSE(round.is_endless());
  CHECK(round.at(Ns{0}).rate == 1);
  CHECK(round.at(kSecond - Ns{1}).rate == 1);
  CHECK(round.at(kSecond).rate == 2);
  CHECK(round.at(3 * kSecond).rate == 1);
  CHECK(round.at(7 * kSecond).rate == 2);
  CHECK(round.end_of_phase(Ns{0}) == kSecond);
  CHECK(round.end_of_phase(7 * kSecond) == 9 * kSecond);
}

TEST_CASE("a class without phases has one that never ends") {
  Params row(churn_model().params.front().items);
  REQUIRE_FALSE(row.set("rate", "7/s"));
  const ChurnRound round = read_round(row);
  CHECK(round.is_endless());
  CHECK(round.at(1000 * kSecond).rate == 7);
  CHECK(round.end_of_phase(kSecond) == Ns::max());
}

TEST_CASE("classes with phases arrive as often as they should, to one arrival a CPU") {
  ChurnArrivals all(2);
  all.add(ChurnRound({phase(kSecond, 500), phase(2 * kSecond, 50)}));
  all.add(ChurnRound({phase(2 * kSecond, 3)}));
  const auto seen = arrivals(all, 2000);
  CHECK(seen[0] >= 548);
  CHECK(seen[0] <= 552);
  CHECK(seen[1] >= 4);
  CHECK(seen[1] <= 8);
}

TEST_CASE("classes without phases arrive at random around their rate") {
  ChurnArrivals all(2);
  all.add(ChurnRound({phase(Ns::max(), 1000)}));
  all.add(ChurnRound({phase(kSecond, 100)}));
  const auto seen = arrivals(all, 4000);
  CHECK(seen[0] != 4000);
  CHECK(seen[0] == doctest::Approx(4000).epsilon(0.06));
  CHECK(seen[1] >= 398);
}

TEST_CASE("rounds count from the start of the instance") {
  ChurnArrivals all(2);
  all.add(ChurnRound({phase(kSecond, 0, "fixed 1s"), phase(2 * kSecond, 100, "fixed 5s")}));
  all.set_start(10 * kSecond);
  CHECK(arrivals(all, 1000, 10 * kSecond)[0] == 0);
  CHECK(arrivals(all, 1000, 11 * kSecond)[0] >= 98);
  RandomStream random(1, "life");
  CHECK(all.lives(0, 11 * kSecond).draw_end(Ns{0}, random) == 5 * kSecond);
}

TEST_CASE("a phase may say when in the round all of it has ended, in every round anew") {
  ChurnPhase short_lived = phase(2 * kSecond, 1, "fixed 1s");
  short_lived.ends = QuickLaw(*parse_law("fixed 3s"));
  ChurnPhase kept = phase(4 * kSecond, 1, "forever");
  kept.ends = short_lived.ends;
  const ChurnRound round({short_lived, kept});
  RandomStream random(1, "ends");
  const Ns start = 10 * kSecond;
  CHECK(round.lives(kSecond, start).draw_end(start + kSecond, random) == start + 2 * kSecond);
  const ChurnLives second = round.lives(6 * kSecond, start);
  CHECK(second.draw_end(start + 6 * kSecond, random) == start + 7 * kSecond);
  CHECK(second.draw_end(start + 8 * kSecond, random) == start + 8 * kSecond);  // too late: at once
}

TEST_CASE("ends are read from a phase, and it has none unless it says so") {
  Params row(churn_model().params.front().items);
  std::vector<Params> rows(2, Params(row.find("phases")->items));
  REQUIRE_FALSE(rows[0].set("ends", "fixed 300ms"));
  row.set_list("phases", std::move(rows));
  const ChurnRound round = read_round(row);
  CHECK(round.at(Ns{0}).ends.has_value());
  CHECK_FALSE(round.at(kSecond).ends.has_value());
}
