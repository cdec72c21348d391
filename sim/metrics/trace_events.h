// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace gbsim {

/** A tracepoint that ftrace text can have. */
struct TraceEventKind {
  std::string_view system;  // "gbsim": no kernel has it
  std::string_view name;
  bool frequent = false;    // comes with every allocation, and is left out unless it is asked for
};

/** All of them. */
std::span<const TraceEventKind> trace_events();

/** Which events are written. */
class TraceFilter {
 public:
  /** All but the frequent ones. */
  TraceFilter();

  /**
   * None but those that @pattern matches, and what earlier calls chose: a glob over names, or over SYSTEM:NAME as in
   * `trace-cmd record -e`. False: there is no such event, and nothing has changed.
   */
  bool choose(std::string_view pattern);
  bool wants(std::string_view event) const;
  bool wants_frequent() const;

 private:
  std::vector<bool> wanted_;  // by place in trace_events()
  bool chosen_ = false;
};

}  // namespace gbsim
