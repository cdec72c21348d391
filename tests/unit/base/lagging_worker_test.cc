// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/lagging_worker.h"

#include <doctest/doctest.h>

#include <numeric>
#include <stdexcept>

using namespace gbsim;

namespace {

constexpr int kMany = 3 * static_cast<int>(LaggingWorker<int>::kChunk * LaggingWorker<int>::kMostChunks) + 7;

std::vector<int> numbers_below(int end) {
  std::vector<int> numbers(static_cast<std::size_t>(end));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace

TEST_CASE("once it has settled, a worker has done all that was given, each item once and in order") {
  std::vector<int> done;
  LaggingWorker<int> worker([&](std::span<const int> items) { done.insert(done.end(), items.begin(), items.end()); });
  worker.settle();
  CHECK(done.empty());
  for (int i = 0; i < kMany; ++i) {
    worker.add(i);
    if (i % 5000 == 4999) {
      worker.settle();
      REQUIRE(done.size() == static_cast<std::size_t>(i + 1));
    }
  }
  worker.settle();
  CHECK(done == numbers_below(kMany));
}

TEST_CASE("what the work throws reaches whoever gives it items, and nothing is worked on after it") {
  std::size_t done = 0;
  LaggingWorker<int> worker([&](std::span<const int> items) {
    done += items.size();
    throw std::runtime_error("damaged");
  });
  const auto give_and_settle = [&] {
    for (int i = 0; i < kMany; ++i) {
      worker.add(i);
    }
    worker.settle();
  };
  CHECK_THROWS_WITH(give_and_settle(), "damaged");
  CHECK_THROWS_WITH(worker.settle(), "damaged");
  CHECK(done == LaggingWorker<int>::kChunk);
}

TEST_CASE("a worker that goes with work left does not wait for it") {
  std::size_t done = 0;
  {
    LaggingWorker<int> worker([&](std::span<const int> items) { done += items.size(); });
    for (int i = 0; i + 1 < static_cast<int>(LaggingWorker<int>::kChunk); ++i) {
      worker.add(i);
    }
  }
  CHECK(done == 0);
}
