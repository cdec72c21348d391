// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/perfetto_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sim/metrics/trace_text.h"

namespace gbsim {

namespace {

/** Groups of tracks. */
enum Process : unsigned { kCpus = 1, kDaemons = 2, kMachine = 3 };

/** Units of work closer together than this are one spell of a kernel thread. */
constexpr Ns kSpellGap{1'000'000};

/** What a tracepoint does on its track. Extfrag and gigablock moments are instants. */
enum class Mark : std::uint8_t { nothing, instant, begin, end };

struct Shown {
  Mark mark = Mark::nothing;
  std::string_view name{};
};

namespace tp = tracepoint;

Shown shown(const auto&) { return {}; }
Shown shown(const tp::Extfrag&) { return {Mark::instant, "extfrag"}; }
Shown shown(const tp::KswapdWanted&) { return {Mark::instant, "wakes kswapd"}; }
Shown shown(const tp::KcompactdWanted&) { return {Mark::instant, "wakes kcompactd"}; }
Shown shown(const tp::GigablockFiled&) { return {Mark::instant, "gigablock filed"}; }
Shown shown(const tp::GigablockDefrag&) { return {Mark::instant, "pageblock emptied"}; }
Shown shown(const tp::DirectReclaimBegin&) { return {Mark::begin, "direct reclaim"}; }
Shown shown(const tp::DirectReclaimEnd&) { return {Mark::end}; }
Shown shown(const tp::DirectCompactBegin&) { return {Mark::begin, "direct compaction"}; }
Shown shown(const tp::DirectCompactEnd&) { return {Mark::end}; }
Shown shown(const tp::EvacuateBegin&) { return {Mark::begin, "evacuation"}; }
Shown shown(const tp::EvacuateEnd&) { return {Mark::end}; }
Shown shown(const tp::GiganticBegin&) { return {Mark::begin, "1 GiB page"}; }
Shown shown(const tp::GiganticEnd&) { return {Mark::end}; }
Shown shown(const tp::CompactZoneRun& run) {
  return run.status ? Shown{Mark::end} : Shown{Mark::begin, "compact zone"};
}

std::string json_text(std::string_view text) { return nlohmann::json(text).dump(); }

/** Microseconds with all nanoseconds kept. */
std::string stamp(Ns time) { return fmt::format("{}.{:03}", time.count() / 1000, time.count() % 1000); }

std::string detail(const Tracepoint& point) {
  return fmt::format("{{\"fields\":{}}}", json_text(trace_text(point).fields));
}

}  // namespace

PerfettoWriter::PerfettoWriter(const std::filesystem::path& path, unsigned nr_cpus, TraceBudget budget)
    : file_(path), budget_(budget), events_{kMachine, 1}, busy_(nr_cpus, Ns{0}) {
  file_.add("[\n{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"CPUs\"}}");
  name_process(kDaemons, "kernel threads");
  name_process(kMachine, "machine");
  name_thread(kMachine, 1, "events");
  for (unsigned cpu = 0; cpu < nr_cpus; ++cpu) {
    cpus_.push_back({kCpus, cpu + 1});
    name_thread(kCpus, cpu + 1, fmt::format("cpu{}", cpu));
  }
}

void PerfettoWriter::write(std::string_view line) {
  file_.add(",\n");
  file_.add(line);
}

void PerfettoWriter::name_process(unsigned process, std::string_view name) {
  write(fmt::format(R"({{"ph":"M","pid":{},"name":"process_name","args":{{"name":{}}}}})", process, json_text(name)));
}

void PerfettoWriter::name_thread(unsigned process, unsigned thread, std::string_view name) {
  write(fmt::format(R"({{"ph":"M","pid":{},"tid":{},"name":"thread_name","args":{{"name":{}}}}})", process, thread,
                    json_text(name)));
}

PerfettoWriter::Track& PerfettoWriter::track_of(const TraceRecord& record) {
  if (!record.task.daemon) {
    return cpus_[record.cpu.value];
  }
  const auto known = daemons_.find(record.task.comm);
  if (known != daemons_.end()) {
    return known->second;
  }
  const auto thread = static_cast<unsigned>(daemons_.size() + 1);
  name_thread(kDaemons, thread, record.task.comm);
  return daemons_.emplace(record.task.comm, Track{kDaemons, thread}).first->second;
}

void PerfettoWriter::open(Track& track, Ns time, std::string_view name, const std::string& args) {
  track.last = std::max(track.last, time);
  const std::string line = fmt::format(R"({{"ph":"B","pid":{},"tid":{},"ts":{},"name":{},"args":{}}})", track.process,
                                       track.thread, stamp(track.last), json_text(name), args);
  const bool fits = budget_.spend(time, line.size());
  track.open.push_back(fits);
  dropped_ += fits ? 0 : 1;
  if (fits) {
    write(line);
  }
}

void PerfettoWriter::close(Track& track, Ns time, const std::string& args) {
  if (track.open.empty()) {
    return;  // it began before measured time
  }
  const bool written = track.open.back();
  track.open.pop_back();
  track.last = std::max(track.last, time);
  if (written) {
    const std::string line = fmt::format(R"({{"ph":"E","pid":{},"tid":{},"ts":{},"args":{}}})", track.process,
                                         track.thread, stamp(track.last), args);
    budget_.overdraw(line.size());
    write(line);
  }
}

void PerfettoWriter::instant(Track& track, Ns time, std::string_view name, const std::string& args) {
  track.last = std::max(track.last, time);
  const std::string line = fmt::format(R"({{"ph":"i","s":"t","pid":{},"tid":{},"ts":{},"name":{},"args":{}}})",
                                       track.process, track.thread, stamp(track.last), json_text(name), args);
  if (!budget_.spend(time, line.size())) {
    ++dropped_;
    return;
  }
  write(line);
}

void PerfettoWriter::end_spell(Track& track) {
  if (track.spell && track.open.size() == 1) {
    track.spell = false;
    close(track, track.spell_end, "{}");
  }
}

/** A unit of a kernel thread's work; it prolongs the spell under way, as anything does while a slice is open in it. */
void PerfettoWriter::ran(Track& track, Ns from, Ns until, std::string_view comm) {
  if (from - track.spell_end > kSpellGap) {
    end_spell(track);
  }
  if (track.open.empty()) {
    track.spell = true;
    open(track, from, comm, "{}");
  }
  track.spell_end = std::max(track.spell_end, until);
}

void PerfettoWriter::record(const TraceRecord& record) {
  Track& track = track_of(record);
  if (const TraceRan* run = std::get_if<TraceRan>(&record.what)) {
    if (record.task.daemon) {
      return ran(track, record.time, run->end, record.task.comm);
    }
    busy_[record.cpu.value] += run->end - record.time;
    return;
  }
  const Tracepoint& point = std::get<Tracepoint>(record.what);
  const Shown show = std::visit([](const auto& exact) { return shown(exact); }, point);
  const std::size_t outer = track.spell ? 1 : 0;
  if (show.mark == Mark::instant) {
    instant(track, record.time, show.name, detail(point));
  } else if (show.mark == Mark::begin) {
    open(track, record.time, show.name, detail(point));
  } else if (show.mark == Mark::end && track.open.size() > outer) {
    close(track, record.time, detail(point));
  }
}

void PerfettoWriter::counter(Ns time, std::string_view name, const std::string& values) {
  write(fmt::format(R"({{"ph":"C","pid":{},"ts":{},"name":{},"args":{{{}}}}})", static_cast<unsigned>(kMachine),
                    stamp(time), json_text(name), values));
}

void PerfettoWriter::count_memory(const Sample& sample) {
  NrPages pcp;
  for (const ZoneSample& zone : sample.zones) {
    pcp += zone.pcp;
  }
  counter(sample.time, "free memory (MiB)", fmt::format(R"("free":{},"pcp":{})", sample.free_pages().value / 256,
                                                        pcp.value / 256));
  counter(sample.time, "gigablocks",
          fmt::format(R"("empty":{},"clean":{},"tainted":{})", sample.gigablocks_in(GigablockState::empty),
                      sample.gigablocks_in(GigablockState::clean), sample.gigablocks_in(GigablockState::tainted)));
  counter(sample.time, "allocatable 1 GiB pages", fmt::format(R"("pages":{})", sample.allocatable_1g));
  counter(sample.time, "mixed pageblocks", fmt::format(R"("pageblocks":{})", sample.pageblocks.mixed));
  counter(sample.time, "unusable index, order 9",
          fmt::format(R"("index":{:.4f})", sample.fragmentation.unusable_9));
  for (Order order{0}; order.value < sample.nr_orders(); ++order) {
    counter(sample.time, fmt::format("free blocks, order {:02}", order.value),
            fmt::format(R"("blocks":{})", sample.free_blocks(order)));
  }
}

void PerfettoWriter::count_activity(const Sample& sample) {
  const auto& vmstat = sample.counters.vmstat;
  counter(sample.time, "THP faults since start",
          fmt::format(R"("huge":{},"fallback":{})", vmstat_value(vmstat, "thp_fault_alloc"),
                      vmstat_value(vmstat, "thp_fault_fallback")));
  const ExtfragCounts& extfrag = sample.counters.extfrag;
  counter(sample.time, "extfrag events since start",
          fmt::format(R"("claim":{},"steal":{},"pollute":{})", extfrag.total(ExtfragAction::claim),
                      extfrag.total(ExtfragAction::steal), extfrag.total(ExtfragAction::pollute)));
  counter(sample.time, "failed allocations since start", fmt::format(R"("calls":{})", sample.counters.failures));
}

void PerfettoWriter::count_cpus(Ns time) {
  const double elapsed = static_cast<double>((time - sampled_).count());
  for (std::size_t cpu = 0; cpu < busy_.size() && elapsed > 0; ++cpu) {
    const double share = 100 * static_cast<double>(busy_[cpu].count()) / elapsed;
    counter(time, fmt::format("cpu{} busy (%)", cpu), fmt::format(R"("busy":{:.1f})", std::min(share, 100.0)));
    busy_[cpu] = Ns{0};
  }
  sampled_ = time;
}

void PerfettoWriter::sample(const Sample& sample) {
  count_memory(sample);
  count_activity(sample);
  count_cpus(sample.time);
  file_.flush();
}

void PerfettoWriter::event(const RunEvent& event) {
  instant(events_, event.time, event.event, fmt::format("{{\"detail\":{}}}", json_text(event.detail)));
}

void PerfettoWriter::finish(Ns end) {
  const auto close_all = [&](Track& track) {
    end_spell(track);
    while (!track.open.empty()) {
      close(track, std::max(end, track.spell_end), "{}");
    }
  };
  std::ranges::for_each(cpus_, close_all);
  for (auto& [comm, track] : daemons_) {
    close_all(track);
  }
  if (dropped_ != 0) {
    const std::string label = fmt::format("{} left out: --trace-limit", dropped_);
    write(fmt::format(R"({{"ph":"M","pid":{},"name":"process_labels","args":{{"labels":{}}}}})",
                      static_cast<unsigned>(kMachine), json_text(label)));
  }
  file_.add("\n]\n");
  file_.flush();
}

}  // namespace gbsim
