// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/command_output.h"

#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <sstream>
#include <system_error>

#include "sim/sweep/point_run.h"

namespace gbsim {

CommandOutput output_of(const std::vector<std::string>& words) {
  FILE* pipe = popen((shell_line(words) + " 2>&1 </dev/null").c_str(), "re");
  if (pipe == nullptr) {
    throw std::system_error(errno, std::generic_category(), words.front());
  }
  CommandOutput output;
  std::array<char, 4096> buffer;
  for (std::size_t size = 0; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.text.append(buffer.data(), size);
  }
  const int status = pclose(pipe);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace gbsim
