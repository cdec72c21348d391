// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/metrics/event.h"
#include "sim/metrics/sample.h"
#include "sim/metrics/trace_budget.h"
#include "sim/metrics/trace_file.h"
#include "sim/metrics/trace_record.h"

namespace gbsim {

/**
 * trace.json in the Chrome trace event format, which ui.perfetto.dev and speedscope open: a track for each CPU with
 * its stalls, one for each kernel thread with when it worked, instants for fallbacks and events, counters at samples.
 * Slices of a track nest, and its times never fall.
 */
class PerfettoWriter {
 public:
  /** Throws OutputError, as all calls do. */
  PerfettoWriter(const std::filesystem::path& path, unsigned nr_cpus, TraceBudget budget);

  void record(const TraceRecord& record);
  void sample(const Sample& sample);
  void event(const RunEvent& event);
  /** Closes what is open at @end; the file is complete JSON then. Before, it lacks only its closing bracket. */
  void finish(Ns end);
  /** Slices and instants for which the budget had no room. */
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Track {
    unsigned process = 0;
    unsigned thread = 0;
    std::vector<bool> open{};  // the slices under way, outermost first: whether each was written
    bool spell = false;        // the outermost is a kernel thread's time at work
    Ns spell_end{0};
    Ns last{0};                // time of the latest line
  };

  Track& track_of(const TraceRecord& record);
  void name_process(unsigned process, std::string_view name);
  void name_thread(unsigned process, unsigned thread, std::string_view name);
  void open(Track& track, Ns time, std::string_view name, const std::string& args);
  void close(Track& track, Ns time, const std::string& args);
  void instant(Track& track, Ns time, std::string_view name, const std::string& args);
  void ran(Track& track, Ns from, Ns until, std::string_view comm);
  void end_spell(Track& track);
  void counter(Ns time, std::string_view name, const std::string& values);
  void count_memory(const Sample& sample);
  void count_activity(const Sample& sample);
  void count_cpus(Ns time);
  void write(std::string_view line);

  TraceFile file_;
  TraceBudget budget_;
  std::vector<Track> cpus_;
  std::map<std::string, Track> daemons_;
  Track events_;
  std::vector<Ns> busy_;  // by CPU, since the last sample
  Ns sampled_{0};
  std::uint64_t dropped_ = 0;
};

}  // namespace gbsim
