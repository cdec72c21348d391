// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace gbsim {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxDepth = 32;

using Kind = YamlValue::Kind;

Mark to_mark(const YAML::Mark& mark) {
  return mark.is_null() ? Mark{} : Mark{mark.line + 1, mark.column + 1};
}

/** A comment put behind the text: the parser accepts quotes that are never closed, and such a quote swallows it. */
constexpr std::string_view kEndOfFile = "# gbsim: end of file";

/** Nothing after this place can be read. */
struct Unreadable {
  Mark at;
  std::string message;
};

/** Builds the tree from the parser's events. */
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const ErrorSink& errors) : errors_(errors) {}

  std::optional<YamlValue> root;

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    attach(YamlValue{.kind = Kind::null, .at = to_mark(mark), .entries = {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    errors_.add(to_mark(mark), "aliases are not supported; write the value out");
    attach(YamlValue{.kind = Kind::refused, .at = to_mark(mark), .entries = {}});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (value.find(kEndOfFile) != std::string::npos) {
      throw Unreadable{to_mark(mark), "not valid YAML: this quote is never closed"};
    }
    attach(YamlValue{.kind = Kind::scalar, .at = to_mark(mark), .text = value, .entries = {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  /** A container being filled; a map alternates between awaiting a key and its value. */
  struct Open {
    YamlValue value;
    std::optional<YamlEntry> pending{};
  };

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor) {
      errors_.add(to_mark(mark), "anchors are not supported; write the value out where it is used");
    }
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") {
      errors_.add(to_mark(mark), fmt::format("tag '{}' is not supported; write the plain value", tag));
    }
  }
  void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (stack_.size() == kMaxDepth) {
      throw Unreadable{to_mark(mark), fmt::format("nested too deeply; at most {} levels are allowed", kMaxDepth)};
    }
    stack_.push_back(Open{YamlValue{.kind = kind, .at = to_mark(mark), .entries = {}}});
  }
  void close() {
    YamlValue value = std::move(stack_.back().value);
    stack_.pop_back();
    attach(std::move(value));
  }
  void attach(YamlValue value);
  void start_entry(Open& map, const YamlValue& key) const;
  void finish_entry(Open& map, YamlValue value) const;

  const ErrorSink& errors_;
  std::vector<Open> stack_;
};

void TreeBuilder::attach(YamlValue value) {
  if (stack_.empty()) {
    root = std::move(value);
    return;
  }
  Open& top = stack_.back();
  if (top.value.kind == Kind::sequence) {
    top.value.items.push_back(std::move(value));
  } else if (!top.pending) {
    start_entry(top, value);
  } else {
    finish_entry(top, std::move(value));
  }
}

void TreeBuilder::start_entry(Open& map, const YamlValue& key) const {
  if (key.kind != Kind::scalar) {
    errors_.add(key.at, fmt::format("a key must be text, not {}", kind_name(key.kind)));
  } else if (key.text == "<<") {
    errors_.add(key.at, "merge keys ('<<') are not supported; write the keys out");
  } else if (key.text.empty()) {
    errors_.add(key.at, "a key must not be empty");
  }
  map.pending = YamlEntry{key.text, key.at, YamlValue{}};
}

void TreeBuilder::finish_entry(Open& map, YamlValue value) const {
  YamlEntry entry = std::move(*map.pending);
  map.pending.reset();
  if (value.kind == Kind::null) {
    value.at = entry.at;  // the parser places an absent value on the next line
  }
  if (map.value.find(entry.key) != nullptr) {
    errors_.add(entry.at, fmt::format("key '{}' appears twice", entry.key));
    return;
  }
  entry.value = std::move(value);
  const bool usable = !entry.key.empty() && entry.key != "<<";
  if (usable) {
    map.value.entries.push_back(std::move(entry));
  }
}

bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
}

Mark mark_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return Mark{static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(offset - line_start) + 1};
}

/** How the characters of UTF-8 begin (RFC 3629), and what may follow the first byte; later ones are 0x80 to 0xbf. */
struct Utf8Form {
  unsigned char first, last;        // of the first byte
  unsigned char lowest, highest;    // of the second
  std::size_t length;
};
constexpr std::array kUtf8Forms{Utf8Form{0x00, 0x7f, 0, 0, 1},       Utf8Form{0xc2, 0xdf, 0x80, 0xbf, 2},
                                Utf8Form{0xe0, 0xe0, 0xa0, 0xbf, 3}, Utf8Form{0xe1, 0xec, 0x80, 0xbf, 3},
                                Utf8Form{0xed, 0xed, 0x80, 0x9f, 3}, Utf8Form{0xee, 0xef, 0x80, 0xbf, 3},
                                Utf8Form{0xf0, 0xf0, 0x90, 0xbf, 4}, Utf8Form{0xf1, 0xf3, 0x80, 0xbf, 4},
                                Utf8Form{0xf4, 0xf4, 0x80, 0x8f, 4}};

/** Bytes of the character that @text begins with; 0 if that is none. */
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto begins = [&](const Utf8Form& form) { return byte(0) >= form.first && byte(0) <= form.last; };
  const auto form = std::ranges::find_if(kUtf8Forms, begins);
  if (form == kUtf8Forms.end() || form->length > text.size()) {
    return 0;
  }
  bool fits = form->length == 1 || (byte(1) >= form->lowest && byte(1) <= form->highest);
  for (std::size_t i = 2; i < form->length; ++i) {
    fits = fits && byte(i) >= 0x80 && byte(i) <= 0xbf;
  }
  return fits ? form->length : 0;
}

/** Where @text stops being UTF-8; its size if it never does. */
std::size_t utf8_until(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const std::size_t length = utf8_length(text.substr(offset));
    if (length == 0) {
      break;
    }
    offset += length;
  }
  return offset;
}

/** What the parser would read differently from how it looks: refused before it starts. */
bool is_plain_text(std::string_view text, const ErrorSink& errors) {
  if (text.size() > kMaxBytes) {
    errors.add({}, fmt::format("{} bytes long; at most {} are allowed", text.size(), kMaxBytes));
    return false;
  }
  const auto control = static_cast<std::size_t>(std::ranges::find_if(text, is_forbidden) - text.begin());
  const std::size_t bad = control < text.size() ? control : utf8_until(text);
  if (bad == text.size()) {
    return true;
  }
  errors.add(mark_of(text, bad), fmt::format("{} 0x{:02x}; plain UTF-8 text is allowed",
                                             bad == control ? "control character" : "no character begins with byte",
                                             static_cast<unsigned char>(text[bad])));
  return false;
}

/** The parser's @at, which may lie in what was put behind @text. */
Mark within(std::string_view text, Mark at) {
  const Mark end = mark_of(text, text.size());
  return std::min(at, end);
}

bool is_indented_by_tab(std::string_view text, int line) {
  for (; line > 1; --line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return text.substr(0, text.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

std::string explained(const YAML::Exception& error, std::string_view text, Mark at) {
  return fmt::format("not valid YAML: {}{}", error.msg,
                     at.line > 0 && is_indented_by_tab(text, at.line) ? "; a tab cannot indent, spaces can" : "");
}

/** Notices the start of a document and ignores what is in it. */
class SecondDocument : public YAML::EventHandler {
 public:
  std::optional<Mark> at;

  void OnDocumentStart(const YAML::Mark& mark) override { at = at.value_or(to_mark(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

void parse_documents(std::string_view text, TreeBuilder& builder, const ErrorSink& errors) {
  std::istringstream stream{fmt::format("{}\n{}\n", text, kEndOfFile)};
  YAML::Parser parser(stream);
  if (!parser.HandleNextDocument(builder)) {
    errors.add({}, "the file is empty");
    return;
  }
  SecondDocument second;
  if (parser.HandleNextDocument(second)) {
    errors.add(second.at.value_or(Mark{}), "something follows the end of the document; one document is allowed");
  }
}

}  // namespace

const YamlValue* YamlValue::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &YamlEntry::key);
  return found == entries.end() ? nullptr : &found->value;
}

std::string_view kind_name(YamlValue::Kind kind) {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "text";
    case Kind::sequence:
      return "a list";
    case Kind::map:
      return "a map";
    case Kind::refused:
      return "unusable";
  }
  return "";
}

std::optional<YamlValue> parse_yaml(std::string_view text, const ErrorSink& errors) {
  if (!is_plain_text(text, errors)) {
    return std::nullopt;
  }
  TreeBuilder builder(errors);
  try {
    parse_documents(text, builder, errors);
  } catch (const YAML::Exception& error) {
    const Mark at = within(text, to_mark(error.mark));
    errors.add(at, explained(error, text, at));
    return std::nullopt;
  } catch (const Unreadable& unreadable) {
    errors.add(unreadable.at, unreadable.message);
    return std::nullopt;
  }
  return std::move(builder.root);
}

}  // namespace gbsim
