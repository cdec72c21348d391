// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/yaml_tree.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "sim/scenario/diagnostic.h"

using namespace gbsim;

namespace {

struct Parsed {
  std::optional<YamlValue> root;
  Diagnostics errors;
};

Parsed parse(std::string_view text) {
  Parsed parsed;
  parsed.root = parse_yaml(text, ErrorSink("f", parsed.errors));
  return parsed;
}

}  // namespace

TEST_CASE("maps keep their keys in file order with places counted from one") {
  const Parsed parsed = parse("b: 1\na:\n  - x\n  - {y: 2}\n");
  REQUIRE(parsed.errors.empty());
  REQUIRE(parsed.root->entries.size() == 2);
  CHECK(parsed.root->entries[0].key == "b");
  CHECK(parsed.root->find("b")->text == "1");
  CHECK(parsed.root->find("b")->at == Mark{1, 4});
  const YamlValue& list = *parsed.root->find("a");
  CHECK(list.kind == YamlValue::Kind::sequence);
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[0].at == Mark{3, 5});
  CHECK(list.items[1].find("y")->text == "2");
  CHECK(parsed.root->find("c") == nullptr);
}

TEST_CASE("an absent value stands where its key stands") {
  const Parsed parsed = parse("a: 1\nb:\nc: 2\n");
  CHECK(parsed.root->find("b")->kind == YamlValue::Kind::null);
  CHECK(parsed.root->find("b")->at == Mark{2, 1});
}

TEST_CASE("scalars stay text, quoted or not") {
  const Parsed parsed = parse("a: 010\nb: \"10\"\nc: 'yes'\nd: |\n  two\n  lines\n");
  REQUIRE(parsed.errors.empty());
  CHECK(parsed.root->find("a")->text == "010");
  CHECK(parsed.root->find("b")->text == "10");
  CHECK(parsed.root->find("c")->text == "yes");
  CHECK(parsed.root->find("d")->text == "two\nlines\n");
}

TEST_CASE("thirty-two levels are allowed and one more is not") {
  const std::string open(31, '[');
  const std::string close(31, ']');
  CHECK(parse("a: " + open + close).errors.empty());
  const Parsed deeper = parse("a: [" + open + "]" + close);
  CHECK_FALSE(deeper.root.has_value());
  REQUIRE(deeper.errors.size() == 1);
  CHECK(to_string(deeper.errors[0]) == "f:1:35: error: nested too deeply; at most 32 levels are allowed");
}

TEST_CASE("a quote that is never closed does not swallow the rest of the file") {
  for (const auto* text : {"a: \"b\nc: 1\n", "a: 'b\nc: 1\n", "a: \"b", "a: [\"b"}) {
    CAPTURE(text);
    const Parsed parsed = parse(text);
    CHECK_FALSE(parsed.root.has_value());
    CHECK(parsed.errors.size() == 1);
  }
}

TEST_CASE("a repeated key is reported once and the first value counts") {
  const Parsed parsed = parse("a: 1\nb: 2\na: 3\n");
  REQUIRE(parsed.errors.size() == 1);
  CHECK(to_string(parsed.errors[0]) == "f:3:1: error: key 'a' appears twice");
  CHECK(parsed.root->find("a")->text == "1");
}

TEST_CASE("kinds have names for messages") {
  CHECK(kind_name(YamlValue::Kind::null) == "nothing");
  CHECK(kind_name(YamlValue::Kind::scalar) == "text");
  CHECK(kind_name(YamlValue::Kind::sequence) == "a list");
  CHECK(kind_name(YamlValue::Kind::map) == "a map");
  CHECK(kind_name(YamlValue::Kind::refused) == "unusable");
}
