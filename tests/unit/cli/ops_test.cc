// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/ops.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "sim/cli/ops_list.h"

namespace gbsim::cli {
namespace {

/** What `gbsim ops` says about a list: its errors, or what it prints. */
struct Told {
  explicit Told(const std::string& list) {
    std::istringstream in(list);
    std::ostringstream printed;
    OpsOptions options;
    options.list = "a.ops";
    for (const Diagnostic& error : run_ops(options, in, printed)) {
      errors += to_string(error) + '\n';
    }
    out = printed.str();
  }

  std::string errors;
  std::string out;
};

TEST_CASE("every wrong word of a list of operations is told, and nothing is run") {
  const Told told(
      "alloc 1 0 U 0\naloc 2 0 U 0\n\n  alloc x 11 Q 2\nreboot\nfree 1\ntick -1\n"
      "free 18446744073709551615 0\nmin 1MiB\n");
  CHECK(told.errors ==
        "a.ops:2:1: error: 'aloc' is no operation; did you mean 'alloc'?\n"
        "a.ops:4:9: error: ID is 0 to 99999999, not 'x'\n"
        "a.ops:4:11: error: ORDER is 0 to 10, not '11'\n"
        "a.ops:4:14: error: GFP is one of UMRAPTKkm or 0xHEX, not 'Q'\n"
        "a.ops:4:16: error: CPU is 0 or 1, not '2'\n"
        "a.ops:5:1: error: 'reboot' is no operation; known are alloc, free, drain, tick, min, unboost, dump\n"
        "a.ops:6:7: error: CPU is missing; the form is 'free ID CPU'\n"
        "a.ops:7:6: error: CPU is 0 or 1, not '-1'\n"
        "a.ops:8:6: error: ID is 0 to 99999999, not '18446744073709551615'\n"
        "a.ops:9:5: error: KB is a whole number, not '1MiB'\n");
  CHECK(told.out.empty());
}

TEST_CASE("a list without errors is run, and its empty lines are counted") {
  const Told told("alloc 7 0 U 0\n\nfree 7 1\r\n");
  CHECK(told.errors.empty());
  CHECK(told.out.find("A 7 ") != std::string::npos);
  CHECK(told.out.find("F 7\n") != std::string::npos);
  CHECK(told.out.ends_with("end ops 3 failed 0 warnings 0\n"));
}

TEST_CASE("an operation has the fields of its form") {
  Diagnostics errors;
  std::istringstream in("\talloc 3 2 0x400 1\nmin 4096\ndump\n");
  const auto list = read_ops_list(in, ErrorSink("a.ops", errors));
  REQUIRE(list.size() == 3);
  CHECK(list[0].action == OpsAction::alloc);
  CHECK(list[0].number == 3);
  CHECK(list[0].order == Order{2});
  CHECK(list[0].gfp.has(Gfp::direct_reclaim));
  CHECK(list[0].cpu == CpuId{1});
  CHECK(list[1].number == 4096);
  CHECK(list[2].action == OpsAction::dump);
  CHECK(errors.empty());
}

}  // namespace
}  // namespace gbsim::cli
