// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <string>
#include <utility>
#include <vector>

namespace gbsim {

/** A place in a file, counted from 1; zero if the file as a whole is meant. */
struct Mark {
  int line = 0;
  int column = 0;

  auto operator<=>(const Mark&) const = default;
};

/** One error in an input file or a command-line override. */
struct Diagnostic {
  std::string file;
  Mark at{};
  std::string message;

  auto operator<=>(const Diagnostic&) const = default;
};

/** "FILE:LINE:COLUMN: error: MESSAGE", without the places that are zero. */
std::string to_string(const Diagnostic& diagnostic);

using Diagnostics = std::vector<Diagnostic>;

/** Collects the errors of one file. */
class ErrorSink {
 public:
  ErrorSink(std::string file, Diagnostics& errors) : file_(std::move(file)), errors_(&errors) {}

  void add(Mark at, std::string message) const { errors_->push_back(Diagnostic{file_, at, std::move(message)}); }
  /** The same collection for another file. */
  ErrorSink for_file(std::string file) const { return {std::move(file), *errors_}; }
  const std::string& file() const { return file_; }
  bool empty() const { return errors_->empty(); }

 private:
  std::string file_;
  Diagnostics* errors_;
};

}  // namespace gbsim
