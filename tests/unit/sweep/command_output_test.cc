// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/command_output.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a command's words reach it as they are, and both its outputs come back") {
  const std::string script = "printf '%s|' \"$@\"; echo oh >&2; exit 3";
  const CommandOutput said = output_of({"sh", "-c", script, "sh", "a b", "it's", ""});
  CHECK(said.status == 3);
  CHECK(said.text == "a b|it's||oh\n");
}

TEST_CASE("a program that is not there has status 127") {
  CHECK(output_of({"gbsim-no-such-program"}).status == 127);
}

TEST_CASE("empty lines are no lines") {
  CHECK(lines_of("a\n\nb c\n") == std::vector<std::string>{"a", "b c"});
  CHECK(lines_of("").empty());
}
