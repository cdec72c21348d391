// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/gigablock_map.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace gbsim;

namespace {

/** Gigablocks of @node as the map draws them. */
std::vector<GigablockSample> drawn(std::string_view letters, std::uint16_t node = 0) {
  std::vector<GigablockSample> all;
  for (const char letter : letters) {
    GigablockSample one{.id = GigablockId{all.size()}, .node = NodeId{node}};
    one.whole = letter != '~';
    one.state = letter == '#'   ? GigablockState::tainted
                : letter == 'o' ? GigablockState::clean
                                : GigablockState::empty;
    all.push_back(one);
  }
  return all;
}

/** The rows under the legend. */
std::vector<std::string> rows(const std::vector<GigablockSample>& gigablocks, const ScreenSize& room) {
  std::vector<std::string> all;
  for (const ScreenLine& line : gigablock_map(gigablocks, room)) {
    all.push_back(line.text());
  }
  all.erase(all.begin());
  return all;
}

}  // namespace

TEST_CASE("a letter a gigablock, wrapped at the terminal's edge") {
  CHECK(rows(drawn("~#o.o"), {10, 80}) == std::vector<std::string>{"node 0   ~#o.o"});
  CHECK(rows(drawn("~#o.o"), {10, 12}) == std::vector<std::string>{"node 0   ~#o", "         .o"});
}

TEST_CASE("each node begins a row") {
  auto both = drawn("~o");
  const auto second = drawn("#.", 1);
  both.insert(both.end(), second.begin(), second.end());
  CHECK(rows(both, {10, 80}) == std::vector<std::string>{"node 0   ~o", "node 1   #."});
  CHECK(rows(both, {0, 80}).size() == 2);
}

TEST_CASE("where rows are short, a letter stands for several and shows the worst") {
  const auto lines = gigablock_map(drawn("..o..#oo~."), {2, 14});
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].text() == "node 0   .o#o~");
  CHECK(lines[0].text().find("(2 a letter, the worst shows)") != std::string::npos);
}

TEST_CASE("colour repeats what letters say") {
  const auto line = gigablock_map(drawn("oo#"), {10, 80})[1];
  REQUIRE(line.spans.size() == 3);
  CHECK(line.spans[1].text == "oo");
  CHECK(line.spans[1].style == TextStyle::clean);
  CHECK(line.spans[2].style == TextStyle::tainted);
}

TEST_CASE("the narrowest terminal ends") {
  CHECK(rows(drawn("oo#"), {2, 1}) == std::vector<std::string>{"node 0   #"});
  CHECK(gigablock_map({}, {10, 80}).empty());
}
