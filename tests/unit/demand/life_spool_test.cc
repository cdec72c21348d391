// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/life_spool.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

/** @count lives, born every millisecond and given backwards; every third is born with the one before. */
LifeSpool spool_of(std::uint64_t count, std::size_t held) {
  LifeSpool spool(held);
  for (std::uint64_t i = count; i-- > 0;) {
    const auto born = static_cast<std::int64_t>(i % 3 == 2 ? i - 1 : i);
    spool.add({ms(born), ms(5000), i, static_cast<std::uint32_t>(i), 1});
  }
  spool.close();
  return spool;
}

std::vector<std::uint64_t> numbers_of(const LifeSpool& spool) {
  std::vector<std::uint64_t> numbers;
  LifeReader reader(spool);
  while (const RecordedAllocation* life = reader.next()) {
    numbers.push_back(life->number);
  }
  return numbers;
}

}  // namespace

TEST_CASE("lives come back in order of birth, then number, in memory or from the file") {
  std::vector<std::uint64_t> wanted(10'000);
  for (std::uint64_t i = 0; i < wanted.size(); ++i) {
    wanted[i] = i;
  }
  for (const std::size_t held : {std::size_t{20'000}, std::size_t{10'000}, std::size_t{3'000}, std::size_t{7}}) {
    CAPTURE(held);
    const LifeSpool spool = spool_of(wanted.size(), held);
    CHECK(spool.size() == wanted.size());
    CHECK(numbers_of(spool) == wanted);
    CHECK(numbers_of(spool) == wanted);  // any number of times
  }
}

TEST_CASE("a life keeps what is known of it") {
  const LifeSpool spool = spool_of(10, 3);
  LifeReader reader(spool);
  reader.next();
  const RecordedAllocation* second = reader.next();
  REQUIRE(second != nullptr);
  CHECK(second->born == ms(1));
  CHECK(second->died == ms(5000));
  CHECK(second->kind == 1);
  CHECK(second->cpu == 1);
}

TEST_CASE("an empty spool has nothing to read") {
  LifeSpool spool;
  spool.close();
  CHECK(LifeReader(spool).next() == nullptr);
}
