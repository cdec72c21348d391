// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/options.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace gbsim::cli {
namespace {

namespace po = boost::program_options;

OptionParser parsed(const std::vector<std::string>& words) {
  OptionParser options("test", "FILE");
  options.add()("value", po::value<std::string>(), "of any kind");
  options.parse(words);
  return options;
}

TEST_CASE("numbers are whole and within their bounds") {
  CHECK(parsed({"--value", "17"}).number("value", 1, 17) == 17);
  CHECK(parsed({"--value", "17"}).number("value", 0) == 17);
  CHECK_THROWS_WITH_AS(parsed({"--value", "18"}).number("value", 1, 17), "--value 18: wants a whole number, 1 to 17",
                       UsageError);
  CHECK_THROWS_WITH_AS(parsed({"--value", "-1"}).number("value", 0), "--value -1: wants a whole number, 0 or more",
                       UsageError);
  CHECK_THROWS_AS(parsed({"--value", "many"}).number("value", 0), UsageError);
}

TEST_CASE("sizes and times carry units") {
  CHECK(parsed({"--value", "2MiB"}).size("value") == std::uint64_t{2} << 20U);
  CHECK(parsed({"--value", "1m30s"}).time("value") == Ns{90'000'000'000});
  CHECK_THROWS_AS(parsed({"--value", "0"}).size("value"), UsageError);
  CHECK_THROWS_AS(parsed({"--value", "2MiB"}).time("value"), UsageError);
}

TEST_CASE("a command without operands takes none") {
  OptionParser options("test", "");
  CHECK_THROWS_WITH_AS(options.parse(std::vector<std::string>{"more"}), "gbsim test: takes no 'more'", UsageError);
}

TEST_CASE("a file without a name is refused") {
  CHECK_THROWS_WITH_AS(parsed({"a.yaml", ""}), "gbsim test: FILE is empty", UsageError);
}

TEST_CASE("an unknown option is named together with the nearest known one") {
  CHECK_THROWS_WITH_AS(parsed({"--valeu", "1"}),
                       "unknown option '--valeu' of gbsim test; did you mean '--value'?", UsageError);
  CHECK_THROWS_WITH_AS(parsed({"--repeat", "1"}),
                       "unknown option '--repeat' of gbsim test; did you mean '--help'?", UsageError);
}

}  // namespace
}  // namespace gbsim::cli
