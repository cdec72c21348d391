// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <fmt/format.h>

#include <iterator>
#include <ostream>

#include "sim/mm/memory.h"

namespace gbsim::cli {

/** Gathers text and hands it to a stream in large pieces. */
class Printer {
 public:
  explicit Printer(std::ostream& out) : out_(out) {}
  ~Printer() { flush(); }
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  template <class... Values>
  void print(fmt::string_view format, const Values&... values) {
    fmt::vformat_to(std::back_inserter(text_), format, fmt::make_format_args(values...));
    if (text_.size() > kPiece) {
      flush();
    }
  }
  void flush() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    text_.clear();
  }

 private:
  static constexpr std::size_t kPiece = 1U << 20;

  std::ostream& out_;
  fmt::memory_buffer text_;
};

/** Free lists, per-CPU lists, counters and pageblock types of every zone, as the kernel oracle dumps them. */
void print_memory(const Memory& memory, Printer& out);

}  // namespace gbsim::cli
