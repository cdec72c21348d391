// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/screen_line.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

std::vector<std::string> texts(const std::vector<ScreenLine>& lines) {
  std::vector<std::string> all;
  for (const ScreenLine& line : lines) {
    all.push_back(line.text());
  }
  return all;
}

}  // namespace

TEST_CASE("a name cannot steer the terminal") {
  CHECK(line_of(Keep::heading, "a\x1b[2Jb\n\xc3\xa9~").text() == "a?[2Jb???~");
}

TEST_CASE("a line that fits is left alone, a longer one shows that it was cut") {
  CHECK(clipped(line_of(Keep::map, "12345"), 5).text() == "12345");
  CHECK(clipped(line_of(Keep::map, "12345"), 4).text() == "123>");
  CHECK(clipped(line_of(Keep::map, "12345"), 1).text() == ">");
  CHECK(clipped(line_of(Keep::map, "12345"), 0).text().empty());
}

TEST_CASE("a cut keeps the styles left of it") {
  const ScreenLine line{Keep::map, {{"ab", TextStyle::clean}, {"cd", TextStyle::tainted}, {"ef", TextStyle::empty}}};
  const ScreenLine cut = clipped(line, 4);
  CHECK(cut.text() == "abc>");
  CHECK(cut.spans[1].text == "c");
  CHECK(cut.spans[1].style == TextStyle::tainted);
}

TEST_CASE("a small terminal loses the least kept lines, the lowest of equals first") {
  const std::vector<ScreenLine> lines{line_of(Keep::progress, "p"), line_of(Keep::detail, "d1"),
                                      line_of(Keep::spacing, ""),   line_of(Keep::detail, "d2"),
                                      line_of(Keep::keys, "k")};
  CHECK(texts(fit(lines, {4, 9})) == std::vector<std::string>{"p", "d1", "d2", "k"});
  CHECK(texts(fit(lines, {3, 9})) == std::vector<std::string>{"p", "d1", "k"});
  CHECK(texts(fit(lines, {1, 9})) == std::vector<std::string>{"p"});
  CHECK(fit(lines, {0, 9}).empty());
}
