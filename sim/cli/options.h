// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/types.h"
#include "sim/cli/command.h"

namespace gbsim::cli {

/** A command's options and operands, with --help and near-miss suggestions. */
class OptionParser {
 public:
  /** @operand names what the positional words are, e.g. "SCENARIO.yaml". */
  OptionParser(std::string command, std::string operand);

  boost::program_options::options_description_easy_init add() { return described_.add_options(); }

  /** Parses @arguments; true if --help was asked for and printed. Throws UsageError. */
  bool parse(Arguments arguments);

  bool has(const std::string& name) const { return values_.count(name) != 0; }
  std::string text(const std::string& name) const { return values_[name].as<std::string>(); }
  std::vector<std::string> texts(const std::string& name) const;
  /** The whole number of option @name, @least to @most. Throws UsageError. */
  std::uint64_t number(const std::string& name, std::uint64_t least,
                       std::uint64_t most = std::numeric_limits<std::int64_t>::max()) const;
  /** The bytes of option @name, more than none. Throws UsageError. */
  std::uint64_t size(const std::string& name) const;
  /** The time of option @name. Throws UsageError. */
  Ns time(const std::string& name) const;
  const std::vector<std::string>& operands() const { return operands_; }
  /** The only operand. Throws UsageError if there is none or more than one. */
  const std::string& operand() const;

 private:
  std::string suggest(const std::string& unknown) const;

  std::string command_;
  std::string operand_name_;
  boost::program_options::options_description described_{"options"};
  boost::program_options::variables_map values_;
  std::vector<std::string> operands_;
};

}  // namespace gbsim::cli
