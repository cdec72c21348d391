// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "sim/base/params.h"
#include "sim/base/units.h"

namespace gbsim::cli {

namespace po = boost::program_options;

OptionParser::OptionParser(std::string command, std::string operand)
    : command_(std::move(command)), operand_name_(std::move(operand)) {
  described_.add_options()("help,h", "show this help");
}

std::string OptionParser::suggest(const std::string& unknown) const {
  std::vector<std::string_view> known;
  for (const auto& option : described_.options()) {
    known.push_back(option->long_name());
  }
  const std::string bare = unknown.substr(std::min(unknown.find_first_not_of('-'), unknown.size()));
  return fmt::format("unknown option '{}' of gbsim {}; did you mean '--{}'?", unknown, command_,
                     closest_name(bare, known));
}

bool OptionParser::parse(Arguments arguments) {
  po::options_description all;
  all.add(described_);
  all.add_options()("operand", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("operand", -1);
  try {
    const std::vector<std::string> words(arguments.begin(), arguments.end());
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(words).options(all).positional(positional).style(style).run(), values_);
    po::notify(values_);
  } catch (const po::unknown_option& error) {
    throw UsageError(suggest(error.get_option_name()));
  } catch (const po::error& error) {
    throw UsageError(fmt::format("gbsim {}: {}", command_, error.what()));
  }
  operands_ = texts("operand");
  if (operand_name_.empty() && !operands_.empty() && !has("help")) {
    throw UsageError(fmt::format("gbsim {}: takes no '{}'", command_, operands_.front()));
  }
  if (std::ranges::find(operands_, "") != operands_.end()) {
    throw UsageError(fmt::format("gbsim {}: {} is empty", command_, operand_name_));
  }
  if (has("help")) {
    std::cout << "usage: gbsim " << command_ << (operand_name_.empty() ? "" : " ") << operand_name_ << " [options]\n\n"
              << described_;
  }
  return has("help");
}

std::vector<std::string> OptionParser::texts(const std::string& name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::uint64_t OptionParser::number(const std::string& name, std::uint64_t least, std::uint64_t most) const {
  const auto value = parse_integer(text(name));
  if (!value || std::cmp_less(*value, least) || std::cmp_greater(*value, most)) {
    const bool is_bounded = most != std::numeric_limits<std::int64_t>::max();
    throw UsageError(fmt::format("--{} {}: wants a whole number, {} {}", name, text(name), least,
                                 is_bounded ? fmt::format("to {}", most) : "or more"));
  }
  return static_cast<std::uint64_t>(*value);
}

std::uint64_t OptionParser::size(const std::string& name) const {
  const auto value = parse_size(text(name));
  if (!value || *value == 0) {
    throw UsageError(fmt::format("--{} {}: wants a size such as 4GiB", name, text(name)));
  }
  return *value;
}

Ns OptionParser::time(const std::string& name) const {
  const auto value = parse_time(text(name));
  if (!value) {
    throw UsageError(fmt::format("--{} {}: wants a time such as 30s or 1m30s", name, text(name)));
  }
  return *value;
}

const std::string& OptionParser::operand() const {
  if (operands_.size() != 1) {
    throw UsageError(fmt::format("gbsim {}: needs exactly one {}, got {}", command_, operand_name_, operands_.size()));
  }
  return operands_.front();
}

}  // namespace gbsim::cli
