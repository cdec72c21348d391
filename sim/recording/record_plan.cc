// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/record_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "sim/recording/event_fields.h"
#include "sim/recording/recorded_machine.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

/** pgsnap is there only where the module that dumps exact lists is loaded. */
constexpr std::array kSnapshotFiles{"buddyinfo", "pagetypeinfo", "zoneinfo", "vmstat", "meminfo", "pgsnap"};

std::string read_proc(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/** @event is SYSTEM:EVENT. */
fs::path dir_of_event(const RecordPlan& plan, std::string_view event) {
  const auto colon = event.find(':');
  return plan.tracefs / "events" / event.substr(0, colon) / event.substr(colon + 1);
}

void write(const fs::path& file, const std::string& text, std::ios::openmode mode = std::ios::trunc) {
  std::ofstream out(file, std::ios::binary | mode);
  if (!(out << text) || !out.flush()) {
    throw std::runtime_error(file.string() + ": cannot be written");
  }
}

}  // namespace

std::vector<std::string> events_to_record() {
  std::vector<std::string> events;
  for (const EventRule& rule : kEventRules) {
    if (rule.kind != EventKind::free_batched) {  // repeats mm_page_free
      events.push_back(fmt::format("{}:{}", rule.system, rule.event));
    }
  }
  return events;
}

std::vector<std::string> absent_events(const RecordPlan& plan) {
  std::vector<std::string> absent = events_to_record();
  std::erase_if(absent, [&](const std::string& name) { return fs::exists(dir_of_event(plan, name)); });
  return absent;
}

std::vector<std::string> trace_cmd_words(const RecordPlan& plan, const fs::path& trace,
                                         const std::vector<std::string>& without) {
  constexpr unsigned kKibPerMib = 1024;
  std::vector<std::string> words{plan.trace_cmd, "record", "-C", "mono", "-b",
                                 std::to_string(plan.buffer_mib * kKibPerMib), "-o", trace.string()};
  for (const std::string& event : events_to_record()) {
    if (std::ranges::find(without, event) == without.end()) {
      words.insert(words.end(), {"-e", event});
    }
  }
  words.insert(words.end(), {"sleep", std::to_string(plan.seconds)});
  return words;
}

std::string trace_cmd_line(const RecordPlan& plan, const fs::path& trace) {
  return fmt::format("{}", fmt::join(trace_cmd_words(plan, trace), " "));
}

std::string missing_for_recording(const RecordPlan& plan) {
  if (!fs::is_directory(plan.tracefs)) {
    return fmt::format("{} is not there: mount -t tracefs nodev /sys/kernel/tracing", plan.tracefs.string());
  }
  std::error_code denied;
  for (const char* needed : {"kmem:mm_page_alloc", "kmem:mm_page_free"}) {
    if (!fs::exists(dir_of_event(plan, needed), denied)) {
      return fmt::format("{} has no event {} that can be read: run as root, on a kernel with CONFIG_TRACEPOINTS",
                         plan.tracefs.string(), needed);
    }
  }
  return {};
}

void keep_machine_files(const RecordPlan& plan, const fs::path& dir) {
  for (const fs::path file : machine_files()) {
    const fs::path& root = *file.begin() == "proc" ? plan.proc : plan.sys;
    const std::string text = read_proc(root / file.lexically_relative(*file.begin()));
    if (!text.empty()) {
      fs::create_directories((dir / file).parent_path());
      write(dir / file, text);
    }
  }
}

SnapshotTaker::SnapshotTaker(fs::path proc, fs::path dir) : proc_(std::move(proc)), dir_(std::move(dir)) {
  fs::create_directories(dir_);
  write(dir_ / "index.csv", "seq,label,t_ns\n");
}

void SnapshotTaker::take(const std::string& label, Ns now) {
  const fs::path folder = dir_ / fmt::format("{:03}_{}", next_, label);
  fs::create_directories(folder);
  for (const char* name : kSnapshotFiles) {
    if (const std::string text = read_proc(proc_ / name); !text.empty()) {
      write(folder / name, text);
    }
  }
  write(dir_ / "index.csv", fmt::format("{},{},{}\n", next_, label, now.count()), std::ios::app);
  ++next_;
}

}  // namespace gbsim
