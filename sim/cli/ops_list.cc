// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/ops_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/suggestion.h"
#include "sim/base/text.h"
#include "sim/cli/ops.h"

namespace gbsim::cli {
namespace {

/** An operation as it is written: its name, then its fields. */
struct Form {
  std::string_view name;
  OpsAction action;
  std::string_view fields;
};

constexpr std::array kForms{
    Form{"alloc", OpsAction::alloc, "ID ORDER GFP CPU"}, Form{"free", OpsAction::free, "ID CPU"},
    Form{"drain", OpsAction::drain, "CPU"},              Form{"tick", OpsAction::tick, "CPU"},
    Form{"min", OpsAction::min, "KB"},                   Form{"unboost", OpsAction::unboost, ""},
    Form{"dump", OpsAction::dump, ""},
};

/** A field by the name it has in forms. set() returns false if the word is not what is allowed. */
struct Field {
  std::string_view name;
  std::string_view allowed;
  bool (*set)(std::string_view word, OpsOperation& operation);
};

bool set_number(std::string_view word, OpsOperation& operation) {
  const auto value = whole_number<std::uint64_t>(word);
  operation.number = value.value_or(0);
  return value.has_value();
}

bool set_id(std::string_view word, OpsOperation& operation) {
  constexpr std::uint64_t kLargest = 99'999'999;
  return set_number(word, operation) && operation.number <= kLargest;
}

bool set_order(std::string_view word, OpsOperation& operation) {
  constexpr unsigned kLargest = 10;
  const auto value = whole_number<unsigned>(word);
  operation.order = Order{std::min(value.value_or(0), kLargest)};
  return value && *value <= kLargest;
}

bool set_gfp(std::string_view word, OpsOperation& operation) {
  const auto value = parse_ops_gfp(word);
  operation.gfp = value.value_or(Gfp{});
  return value.has_value();
}

bool set_cpu(std::string_view word, OpsOperation& operation) {
  const auto value = whole_number<unsigned>(word);
  operation.cpu = CpuId{value.value_or(0)};
  return value && *value < kOpsCpus;
}

constexpr std::array kFields{
    Field{"ID", "0 to 99999999", set_id},
    Field{"KB", "a whole number", set_number},
    Field{"ORDER", "0 to 10", set_order},
    Field{"GFP", "one of UMRAPTKkm or 0xHEX", set_gfp},
    Field{"CPU", "0 or 1", set_cpu},
};

/** Takes the words off a line, one by one. */
class Words {
 public:
  explicit Words(std::string_view line) : line_(line) {}

  /** The next word; empty at the end. */
  std::string_view next() {
    constexpr std::string_view kBlank = " \t\r";
    from_ = std::min(line_.find_first_not_of(kBlank, until_), line_.size());
    until_ = std::min(line_.find_first_of(kBlank, from_), line_.size());
    return line_.substr(from_, until_ - from_);
  }
  /** Of the word that next() gave, from 1. */
  int column() const { return static_cast<int>(from_) + 1; }

 private:
  std::string_view line_;
  std::size_t from_ = 0;
  std::size_t until_ = 0;
};

/** Reads one list. */
class ListReader {
 public:
  explicit ListReader(const ErrorSink& errors) : errors_(errors) {}

  OpsOperation read(std::string_view line) {
    ++line_;
    Words words(line);
    const std::string_view name = words.next();
    const auto form = std::ranges::find(kForms, name, &Form::name);
    if (form != kForms.end()) {
      return read_fields(*form, words);
    }
    if (!name.empty()) {
      refuse_name(name, words.column());
    }
    return {};
  }

 private:
  OpsOperation read_fields(const Form& form, Words& words) const {
    OpsOperation operation{.action = form.action};
    Words names(form.fields);
    for (std::string_view name = names.next(); !name.empty(); name = names.next()) {
      const Field& field = *std::ranges::find(kFields, name, &Field::name);
      const std::string_view word = words.next();
      if (word.empty()) {
        error(words.column(), fmt::format("{} is missing; the form is '{} {}'", name, form.name, form.fields));
        return operation;
      }
      if (!field.set(word, operation)) {
        error(words.column(), fmt::format("{} is {}, not '{}'", name, field.allowed, word));
      }
    }
    return operation;
  }

  void refuse_name(std::string_view name, int column) const {
    std::array<std::string_view, kForms.size()> known;
    std::ranges::transform(kForms, known.begin(), &Form::name);
    error(column, fmt::format("'{}' is no operation{}", name, suggestion(name, known)));
  }

  void error(int column, std::string message) const { errors_.add({line_, column}, std::move(message)); }

  const ErrorSink& errors_;
  int line_ = 0;
};

}  // namespace

std::vector<OpsOperation> read_ops_list(std::istream& in, const ErrorSink& errors) {
  std::vector<OpsOperation> list;
  ListReader reader(errors);
  for (std::string line; std::getline(in, line);) {
    list.push_back(reader.read(line));
  }
  return list;
}

}  // namespace gbsim::cli
