// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>
#include <system_error>

namespace gbsim {
namespace {

namespace fs = std::filesystem;

fs::path error_log(const GnuplotJob& job) {
  fs::path path = job.script;
  return path.replace_extension("." + job.format + ".log");
}

/** In the child: gnuplot replaces this process, or it exits. */
[[noreturn]] void become_gnuplot(const fs::path& program, const GnuplotJob& job) {
  const std::string format = "format='" + job.format + "'";
  const std::string script = job.script.filename().string();
  const std::string log = error_log(job).filename().string();
  if (chdir(job.script.parent_path().c_str()) == 0) {
    const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    execl(program.c_str(), program.c_str(), "-e", format.c_str(), script.c_str(), static_cast<char*>(nullptr));
  }
  _exit(127);
}

/** The line of gnuplot's message that says what is wrong. */
std::string complaint(const fs::path& log) {
  std::ifstream file(log);
  std::string line, last;
  while (std::getline(file, line)) {
    const std::size_t text = line.find_first_not_of(" \t^");
    last = text == std::string::npos ? last : line.substr(text);
  }
  return last.empty() ? "gnuplot ended with an error" : last;
}

/** Whether a @picture has its end: gnuplot does not notice when it cannot be written. */
bool is_whole(const fs::path& picture) {
  constexpr std::streamoff kTail = 16;
  std::ifstream file(picture, std::ios::binary | std::ios::ate);
  file.seekg(std::max<std::streamoff>(0, static_cast<std::streamoff>(file.tellg()) - kTail));
  const std::string tail{std::istreambuf_iterator<char>(file), {}};
  return tail.find(picture.extension() == ".png" ? "IEND" : "</svg>") != std::string::npos;
}

/** Empty if the job succeeded. */
std::string settle(const GnuplotJob& job, int status) {
  std::error_code ignored;
  std::string reason = complaint(error_log(job));
  fs::remove(error_log(job), ignored);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    if (!fs::exists(job.picture(), ignored) || is_whole(job.picture())) {
      return {};
    }
    reason = "could be written in part only; free some space, then 'gbsim plot DIR'";
  }
  fs::remove(job.picture(), ignored);
  return fmt::format("{}: {}", job.picture().string(), reason);
}

/** Jobs of this process by the id of the child that runs them. */
using Running = std::map<pid_t, const GnuplotJob*>;

void wait_for_one(Running& running, std::vector<std::string>& problems) {
  const auto first = running.begin();
  int status = 0;
  while (waitpid(first->first, &status, 0) < 0 && errno == EINTR) {
  }
  std::string problem = settle(*first->second, status);
  running.erase(first);
  if (!problem.empty()) {
    problems.push_back(std::move(problem));
  }
}

}  // namespace

fs::path GnuplotJob::picture() const {
  return fs::path(script).replace_extension("." + format);
}

std::optional<fs::path> find_gnuplot() {
  const char* path = std::getenv("PATH");
  std::istringstream directories(path != nullptr ? path : "");
  std::string directory;
  while (std::getline(directories, directory, ':')) {
    const fs::path candidate = fs::path(directory) / "gnuplot";
    if (access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
  }
  return std::nullopt;
}

std::string gnuplot_advice() {
  return "no plots: gnuplot is not installed; install it (Debian, Ubuntu: apt install gnuplot-nox) and run `gbsim plot "
         "DIR`";
}

std::vector<std::string> run_gnuplot(const fs::path& program, const std::vector<GnuplotJob>& jobs, unsigned parallel) {
  std::vector<std::string> problems;
  Running running;
  for (const GnuplotJob& job : jobs) {
    if (running.size() >= parallel) {
      wait_for_one(running, problems);
    }
    const pid_t child = fork();
    if (child == 0) {
      become_gnuplot(program, job);
    }
    if (child < 0) {
      problems.push_back(fmt::format("{}: cannot start gnuplot", job.picture().string()));
      continue;
    }
    running.emplace(child, &job);
  }
  while (!running.empty()) {
    wait_for_one(running, problems);
  }
  return problems;
}

}  // namespace gbsim
