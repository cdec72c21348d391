// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdlib>
#include <string>

namespace gbsim::test {

/** PATH is @value while this lives. */
class PathGuard {
 public:
  explicit PathGuard(const std::string& value) {
    const char* path = std::getenv("PATH");
    before_ = path != nullptr ? path : "";
    setenv("PATH", value.c_str(), 1);
  }

  ~PathGuard() { setenv("PATH", before_.c_str(), 1); }

  PathGuard(const PathGuard&) = delete;
  PathGuard& operator=(const PathGuard&) = delete;

 private:
  std::string before_;
};

}  // namespace gbsim::test
