// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/trace_dat_reader.h"

#include <fmt/format.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// trace-cmd.h includes tracefs.h, which is no C++ (Debian 12); nothing of it is needed here.
#define _TRACE_FS_H
#include <trace-cmd.h>
#undef _TRACE_FS_H

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <queue>
#include <system_error>

#include "sim/recording/byte_source.h"
#include "sim/recording/event_fields.h"
#include "sim/recording/open_file.h"
#include "sim/recording/trace_dat_layout.h"

/**
 * Takes the place of libtraceevent's, for which libtracecmd has no flag: reading the kernel's symbols, tens of
 * thousands of lines, took more than half of the time to open a trace, and no event that replay uses names one.
 */
extern "C" int tep_parse_kallsyms(tep_handle* /*tep*/, const char* /*kallsyms*/) { return 0; }

namespace gbsim {

namespace {

constexpr std::size_t kBatch = 4096;

/** Where a field lies in a record, resolved once from the format that the trace carries. */
struct FieldPlace {
  FieldMeaning meaning;
  std::string_view name;
  unsigned offset;
  unsigned size;
};

struct EventPlaces {
  const EventRule* rule = nullptr;
  std::vector<FieldPlace> fields{};
  int least_size = 0;
};

struct InputCloser {
  void operator()(tracecmd_input* input) const { tracecmd_close(input); }
};
struct RecordFreer {
  void operator()(tep_record* record) const { tracecmd_free_record(record); }
};
using Record = std::unique_ptr<tep_record, RecordFreer>;

constexpr int kNoPlugins = TRACECMD_FL_LOAD_NO_PLUGINS | TRACECMD_FL_LOAD_NO_SYSTEM_PLUGINS;

/**
 * Opens the trace in a child process first: the parser of libtraceevent 1.7 dies of some damaged event formats.
 * False if the child did.
 */
bool opens_alive(int fd) {
  const pid_t child = fork();
  if (child == 0) {
    constexpr rlimit kNoCore{0, 0};
    setrlimit(RLIMIT_CORE, &kNoCore);
    for (const int crash : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE}) {
      signal(crash, SIG_DFL);
    }
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDERR_FILENO);
    dup2(null, STDOUT_FILENO);
    _exit(tracecmd_open_fd(fd, kNoPlugins) != nullptr ? 0 : 1);
  }
  if (child < 0) {
    throw std::system_error(errno, std::generic_category(), "no process to look at a trace in");
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  lseek(fd, 0, SEEK_SET);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/** "6.1.0-56-amd64" of "Linux host 6.1.0-56-amd64 x86_64". */
std::string release_of(const std::string& uname) {
  const auto first = uname.find(' ');
  const auto second = uname.find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos) {
    return {};
  }
  return uname.substr(second + 1, uname.find(' ', second + 1) - second - 1);
}

}  // namespace

class TraceDatReader::Impl {
 public:
  explicit Impl(const InputFile& file) : file_(file.name()), data_(open_unpacked(file)) {
    layout_ = read_trace_dat_layout(data_.fd(), file_);
    tracecmd_set_loglevel(TEP_LOG_NONE);
    input_.reset(opens_alive(data_.fd()) ? tracecmd_open_fd(data_.release(), kNoPlugins) : nullptr);
    if (!input_) {
      throw BadRecording(file_, 0,
                         fmt::format("libtracecmd cannot read it: formats or the first events are damaged, or its "
                                     "compression ({}) is not built into the library",
                                     layout_.compression));
    }
    tep_ = tracecmd_get_tep(input_.get());
    for (const EventRule& rule : kEventRules) {
      resolve(rule);
    }
    rewind();
  }

  void rewind() {
    queue_ = {};
    cpus_.clear();
    counts_ = {};
    for (std::size_t cpu = 0; cpu < layout_.cpus.size(); ++cpu) {
      cpus_.push_back(Cpu{Record(tracecmd_read_cpu_first(input_.get(), static_cast<int>(cpu)))});
      note_next(cpu);
    }
  }

  bool next_batch(std::vector<TraceEvent>& batch) {
    const std::size_t before = batch.size();
    while (!queue_.empty() && batch.size() - before < kBatch) {
      const std::size_t cpu = queue_.top().cpu;
      queue_.pop();
      take(cpu, batch);
      advance(cpu);
    }
    return batch.size() != before;
  }

  TraceOrigin origin() const {
    return {fmt::format("trace.dat version {}{}", layout_.version,
                        layout_.compression == "none" ? "" : ", " + layout_.compression),
            release_of(layout_.uname), layout_.clock, std::max(static_cast<std::uint32_t>(layout_.cpus.size()), 1U)};
  }
  EventTally oddities() const {
    EventTally tally;
    // Where the recorder's statistics count lost events, they have those that records tell of too.
    tally.add("lost_events", layout_.lost_events != 0 ? layout_.lost_events : counts_.lost);
    tally.add("trace_instances_left_out", layout_.other_instances);
    tally.add("other_events", counts_.other);
    tally.add("events_without_format", counts_.without_format);
    return tally;
  }

 private:
  /** The record that a CPU gives next, and how far it has come. */
  struct Cpu {
    Record record{};
    std::uint64_t first_page = 0;
    std::uint64_t last_page = 0;
    bool started = false;
  };
  /** Of the records read. */
  struct Counts {
    std::uint64_t lost = 0;
    std::uint64_t other = 0;
    std::uint64_t without_format = 0;
  };
  struct Due {
    std::uint64_t time;
    std::size_t cpu;
    bool operator>(const Due& other) const {
      return time != other.time ? time > other.time : cpu > other.cpu;
    }
  };

  void resolve(const EventRule& rule) {
    tep_event* format = tep_find_event_by_name(tep_, nullptr, std::string(rule.event).c_str());
    if (format == nullptr) {
      return;
    }
    EventPlaces places{&rule, {}, 0};
    for (const FieldRule& field : used_fields(rule)) {
      const tep_format_field* found = tep_find_any_field(format, std::string(field.name).c_str());
      if (found == nullptr && field.required) {
        throw BadRecording(file_, 0, fmt::format("the format of {} has no field {}", rule.event, field.name));
      }
      if (found != nullptr) {
        check_place(rule, *found);
        places.fields.push_back({field.meaning, field.name, static_cast<unsigned>(found->offset),
                                 static_cast<unsigned>(found->size)});
        places.least_size = std::max(places.least_size, found->offset + found->size);
      }
    }
    constexpr int kMostId = 0xffff;  // of an event: common_type has 16 bits
    if (format->id < 0 || format->id > kMostId) {
      throw BadRecording(file_, 0, fmt::format("the format of {} has number {}", rule.event, format->id));
    }
    const auto id = static_cast<std::size_t>(format->id);
    events_.resize(std::max(events_.size(), id + 1));
    events_[id] = std::move(places);
  }

  void check_place(const EventRule& rule, const tep_format_field& field) const {
    const bool is_number = field.size == 1 || field.size == 2 || field.size == 4 || field.size == 8;
    if (!is_number || field.offset < 0 || static_cast<unsigned>(field.offset) > layout_.page_size) {
      throw BadRecording(file_, 0, fmt::format("the format of {} has {} at byte {}, of {} bytes", rule.event,
                                               field.name, field.offset, field.size));
    }
  }

  void advance(std::size_t number) {
    cpus_[number].record.reset(tracecmd_read_data(input_.get(), static_cast<int>(number)));
    note_next(number);
  }

  /** Puts the record that @number gives next into its place; checks at its end that all of its pages were read. */
  void note_next(std::size_t number) {
    Cpu& cpu = cpus_[number];
    if (!cpu.record) {
      check_end(number);
      return;
    }
    cpu.last_page = cpu.record->offset / layout_.page_size;
    if (!cpu.started) {
      cpu.first_page = cpu.last_page;
      cpu.started = true;
    }
    queue_.push({cpu.record->ts, number});
  }

  /** The library stops without a word at a page it cannot read. */
  void check_end(std::size_t number) const {
    const Cpu& cpu = cpus_[number];
    const TraceDatCpu& data = layout_.cpus[number];
    const std::uint64_t pages = (data.unpacked + layout_.page_size - 1) / layout_.page_size;
    const std::uint64_t read = cpu.started ? cpu.last_page - cpu.first_page + 1 : 0;
    if (read < pages) {
      throw BadRecording(file_, data.offset,
                         fmt::format("the events of CPU {}, which begin here, are damaged: {} of {} pages of {} bytes "
                                     "can be read",
                                     number, read, pages, layout_.page_size));
    }
  }

  void take(std::size_t cpu, std::vector<TraceEvent>& batch) {
    const tep_record& record = *cpus_[cpu].record;
    if (record.missed_events != 0) {
      counts_.lost += record.missed_events > 0 ? static_cast<std::uint64_t>(record.missed_events) : 1;
    }
    const int id = tep_data_type(tep_, cpus_[cpu].record.get());
    const EventPlaces* places = places_of(id);
    if (places == nullptr) {
      ++(tep_find_event(tep_, id) != nullptr ? counts_.other : counts_.without_format);
      return;
    }
    batch.push_back(parse(*places, record));
  }

  /** Null: replay has no use for events of that number. */
  const EventPlaces* places_of(int id) const {
    const bool known = id >= 0 && static_cast<std::size_t>(id) < events_.size();
    const EventPlaces* places = known ? &events_[static_cast<std::size_t>(id)] : nullptr;
    return places != nullptr && places->rule != nullptr ? places : nullptr;
  }

  TraceEvent parse(const EventPlaces& places, const tep_record& record) const {
    if (record.size < places.least_size) {
      fail_at(record, fmt::format("a record of {} is too short", places.rule->event));
    }
    TraceEvent event;
    event.kind = places.rule->kind;
    event.cpu = static_cast<decltype(event.cpu)>(record.cpu);
    event.time = Ns{static_cast<std::int64_t>(record.ts)};
    for (const FieldPlace& field : places.fields) {
      const std::uint64_t value = number(field, record);
      if (!set_field(event, field.meaning, value)) {
        fail_at(record, fmt::format("{} has {} = {}, which no kernel writes", places.rule->event, field.name, value));
      }
    }
    return event;
  }

  std::uint64_t number(const FieldPlace& field, const tep_record& record) const {
    const auto* at = static_cast<const std::uint8_t*>(record.data) + field.offset;
    return tep_read_number(tep_, at, static_cast<int>(field.size));
  }

  [[noreturn]] void fail_at(const tep_record& record, const std::string& what) const {
    throw BadRecording(file_, record.offset, fmt::format("{} (CPU {})", what, record.cpu));
  }

  std::filesystem::path file_;
  OpenFile data_;
  TraceDatLayout layout_;
  std::unique_ptr<tracecmd_input, InputCloser> input_;
  tep_handle* tep_ = nullptr;
  std::vector<EventPlaces> events_;  // by the trace's event number
  std::vector<Cpu> cpus_;            // freed before the input they came from
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  Counts counts_;
};

TraceDatReader::TraceDatReader(const InputFile& file) : impl_(std::make_unique<Impl>(file)) {}
TraceDatReader::~TraceDatReader() = default;
bool TraceDatReader::next_batch(std::vector<TraceEvent>& batch) { return impl_->next_batch(batch); }
TraceOrigin TraceDatReader::origin() const { return impl_->origin(); }
EventTally TraceDatReader::oddities() const { return impl_->oddities(); }
void TraceDatReader::rewind() { impl_->rewind(); }

}  // namespace gbsim
