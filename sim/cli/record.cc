// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <thread>
#include <utility>

#include "sim/cli/options.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/record_plan.h"
#include "sim/recording/recorded_machine.h"
#include "sim/recording/temp_file.h"

extern char** environ;

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

void describe(OptionParser& options) {
  const auto text = [](const char* standard) { return po::value<std::string>()->default_value(standard); };
  options.add()("output,o", text("recording.gbtrace"), "archive to write");
  options.add()("seconds", text("60"), "how long to record");
  options.add()("interval", text("10"), "seconds between snapshots of free memory");
  options.add()("buffer", text("64"), "ring buffer of each CPU in MiB; raise it if events are lost");
  options.add()("trace-cmd", text("trace-cmd"), "the program that records");
  options.add()("tracefs", text("/sys/kernel/tracing"), "where tracefs is mounted");
  options.add()("proc", text("/proc"), "where snapshots and settings are taken from");
  options.add()("sys", text("/sys"), "where further settings are taken from");
  options.add()("force", "replace an existing archive");
}

RecordPlan plan_of(const OptionParser& options) {
  const auto number = [&](const char* name, unsigned most) {
    return static_cast<unsigned>(options.number(name, 1, most));
  };
  RecordPlan plan;
  plan.seconds = number("seconds", 86400);
  plan.interval = number("interval", 86400);
  plan.buffer_mib = number("buffer", 65536);
  plan.trace_cmd = options.text("trace-cmd");
  plan.tracefs = options.text("tracefs");
  plan.proc = options.text("proc");
  plan.sys = options.text("sys");
  return plan;
}

Ns monotonic_now() { return std::chrono::steady_clock::now().time_since_epoch(); }

/** In a process group of its own, whose number is the result. Throws UsageError if the program cannot be started. */
pid_t start(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], nullptr, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    throw UsageError(fmt::format("{}: {}; install it (apt-get install trace-cmd) or name it with --trace-cmd", words[0],
                                 std::strerror(error)));
  }
  return child;
}

bool reads_one(const fs::path& file) { return std::ifstream(file).get() == '1'; }

/** Now: trace-cmd turns events on before, and writes its file for a while after. */
bool is_recording(const RecordPlan& plan) {
  return reads_one(plan.tracefs / "tracing_on") && reads_one(plan.tracefs / "events/kmem/mm_page_alloc/enable");
}

/** Signals that end a recording early: ctrl-C, the machine's end, the end of an ssh session. */
class EndSignals {
 public:
  EndSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      previous_[i] = std::signal(kSignals[i], [](int) { seen_ = 1; });
    }
  }
  ~EndSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      std::signal(kSignals[i], previous_[i]);
    }
    seen_ = 0;
  }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  /** One has come since the last question. */
  static bool take() { return std::exchange(seen_, 0) != 0; }

 private:
  static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
  static inline volatile std::sig_atomic_t seen_ = 0;
  std::array<void (*)(int), kSignals.size()> previous_{};
};

/** Snapshots "start" once the kernel records, "later" every interval, "end" as soon as it does so no more. */
class TimedSnapshots {
 public:
  TimedSnapshots(const RecordPlan& plan, SnapshotTaker& taker) : plan_(plan), taker_(taker) {}

  void look() {
    const Ns now = monotonic_now();
    const bool records = is_recording(plan_);
    if (!records) {
      return begun_ ? end() : void();
    }
    if (now >= next_) {
      taker_.take(begun_ ? "later" : "start", now);
      next_ = (begun_ ? next_ : now) + std::chrono::seconds(plan_.interval);
      begun_ = true;
    }
  }
  /** Where the kernel records no more. */
  void end() {
    if (!std::exchange(ended_, true)) {
      taker_.take("end", monotonic_now());
    }
  }

 private:
  const RecordPlan& plan_;
  SnapshotTaker& taker_;
  Ns next_{0};
  bool begun_ = false;
  bool ended_ = false;
};

/** Gives the exit status of @child, which is told to end if we are. */
int snapshots_until_exit(const RecordPlan& plan, pid_t child, SnapshotTaker& taker) {
  constexpr std::chrono::milliseconds kPause{50};
  TimedSnapshots snapshots(plan, taker);
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (EndSignals::take()) {
      kill(-child, SIGINT);  // trace-cmd waits for its `sleep`, which has to end as well
    }
    snapshots.look();
    std::this_thread::sleep_for(kPause);
  }
  snapshots.end();
  return status;
}

void warn_of_lost_events(const fs::path& trace, const RecordPlan& plan) {
  const auto counts = open_trace(trace)->oddities().counts();
  if (const auto lost = counts.find("lost_events"); lost != counts.end()) {
    std::cerr << fmt::format("warning: {} events were lost: what a replay says of this recording is a guess; record "
                             "again with --buffer {} or on a faster disk\n",
                             lost->second, 4 * plan.buffer_mib);
  }
}

/** Gives them back. */
std::vector<std::string> warn_of_absent_events(const RecordPlan& plan) {
  std::vector<std::string> absent = absent_events(plan);
  for (const std::string& event : absent) {
    std::cerr << fmt::format("warning: this kernel has no event {}; a replay goes without what it tells\n", event);
  }
  return absent;
}

/** What could not be packed is not lost. */
int keep_recording(TempDir& work, const std::string& problem) {
  work.keep();
  std::cerr << fmt::format("gbsim: failed: {}\nwhat was recorded is kept in {}: gbsim replay {}; remove it when it is "
                           "needed no more\n",
                           problem, work.path().string(), (work.path() / kGbtraceTrace).string());
  return kFailed;
}

/** trace-cmd puts what each CPU has left into one file at its end: where it never came to that, they are there. */
int end_without_trace(TempDir& work, const fs::path& trace) {
  if (fs::exists(fs::path(trace) += ".cpu0")) {
    return keep_recording(work, "trace-cmd ended before it had made one file of what each CPU left; "
                                "`trace-cmd restore` does");
  }
  std::cerr << "error: trace-cmd failed, nothing was recorded\n";
  return kFailed;
}

int record(const RecordPlan& plan, const fs::path& archive) {
  TempDir work;
  const fs::path trace = work.path() / kGbtraceTrace;
  fs::create_directories(work.path() / "formats");
  fs::copy_file(plan.proc / "version", work.path() / "formats/proc__version");
  keep_machine_files(plan, work.path() / kMachineDir);
  SnapshotTaker taker(plan.proc, work.path() / kGbtraceSnapshots);
  const std::vector<std::string> words = trace_cmd_words(plan, trace, warn_of_absent_events(plan));
  std::cerr << fmt::format("{}\n", fmt::join(words, " "));
  const EndSignals end;
  const int status = snapshots_until_exit(plan, start(words), taker);
  if (!fs::exists(trace)) {
    return end_without_trace(work, trace);
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return keep_recording(work, "trace-cmd failed, perhaps before all was written");
  }
  try {
    warn_of_lost_events(trace, plan);
    pack_gbtrace(work.path(), archive);
  } catch (const std::exception& error) {
    return keep_recording(work, error.what());
  }
  fmt::print("{}: {} MiB; gbsim replay {}\n", archive.string(), fs::file_size(archive) >> 20, archive.string());
  return kDone;
}

}  // namespace

int run_record(Arguments arguments) {
  OptionParser options("record", "");
  describe(options);
  if (options.parse(arguments)) {
    fmt::print("\nIt runs, as root, and packs with snapshots of /proc into one .gbtrace:\n  {}\n",
               trace_cmd_line(RecordPlan{}, kGbtraceTrace));
    return kDone;
  }
  const RecordPlan plan = plan_of(options);
  const fs::path archive = options.text("output");
  if (fs::is_directory(archive)) {
    throw UsageError(fmt::format("{} is a directory; -o names a file", archive.string()));
  }
  if (fs::exists(archive) && !options.has("force")) {
    throw UsageError(fmt::format("{} exists; --force replaces it", archive.string()));
  }
  if (const fs::path dir = fs::absolute(archive).parent_path(); access(dir.c_str(), W_OK) != 0) {
    throw UsageError(fmt::format("{}: {}; -o writes elsewhere", dir.string(), std::strerror(errno)));
  }
  if (const std::string missing = missing_for_recording(plan); !missing.empty()) {
    std::cerr << fmt::format("error: {}\nWhere it is there, this records:\n  {}\n", missing,
                             trace_cmd_line(plan, kGbtraceTrace));
    return kFailed;
  }
  try {
    return record(plan, archive);
  } catch (const BadRecording& bad) {
    std::cerr << bad.what() << '\n';
    return kFailed;
  }
}

}  // namespace gbsim::cli
