// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/side_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <queue>
#include <utility>

#include "sim/mm/page_map.h"
#include "sim/recording/event_fields.h"
#include "sim/recording/text_lines.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

struct HiddenKind {
  std::string_view name;
  EventKind kind;
};

constexpr std::array kHiddenKinds{
    HiddenKind{"bfree", EventKind::buddy_free},
    HiddenKind{"isolate", EventKind::isolate},
    HiddenKind{"settype", EventKind::set_type},
};

Ns time_of(const TextLines& lines, std::string_view word) {
  const Ns time{lines.number<std::int64_t>(word)};
  lines.check(time);
  return time;
}

std::uint16_t cpu_of(const TextLines& lines, std::string_view word, std::uint32_t cpus) {
  const auto cpu = lines.number<std::uint64_t>(word);
  if (cpu >= cpus) {
    lines.fail(fmt::format("CPU {}: this recording has those below {}", cpu, cpus));
  }
  return static_cast<std::uint16_t>(cpu);
}

/** Rows of @base in order, as far as a row's place lies among those that are held; of equal ones the first. */
class OrderedEvents : public SideEvents {
 public:
  /** @rows_of: how its oddities call them. */
  OrderedEvents(std::unique_ptr<SideEvents> base, std::string_view rows_of)
      : base_(std::move(base)), rows_of_(rows_of) {}

  std::optional<SideEvent> next() override {
    constexpr std::size_t kHeld = 1024;
    while (held_.size() < kHeld && take_row()) {
    }
    if (held_.empty()) {
      return std::nullopt;
    }
    const SideEvent first = held_.top().event;
    drop_first();
    while (!held_.empty() && held_.top().event == first) {
      drop_first();
      ++doubled_;
    }
    return first;
  }
  EventTally oddities() const override {
    EventTally tally;
    tally.add(fmt::format("{}_out_of_order", rows_of_), out_of_order_);
    tally.add(fmt::format("{}_doubled", rows_of_), doubled_);
    return tally;
  }

 private:
  struct Held {
    SideEvent event;
    std::uint64_t row = 0;

    auto place() const { return std::pair(event.before, event.event.time); }
    bool operator>(const Held& other) const {
      return std::pair(place(), row) > std::pair(other.place(), other.row);
    }
  };

  void drop_first() {
    held_.pop();
    take_row();
  }

  bool take_row() {
    const auto event = base_->next();
    if (!event) {
      return false;
    }
    const Held row{*event, rows_++};
    out_of_order_ += last_ && row.place() < last_->place() ? 1 : 0;
    last_ = row;
    held_.push(row);
    return true;
  }

  std::unique_ptr<SideEvents> base_;
  std::string_view rows_of_;
  std::priority_queue<Held, std::vector<Held>, std::greater<>> held_;
  std::optional<Held> last_;  // read, not given
  std::uint64_t rows_ = 0;
  std::uint64_t out_of_order_ = 0;
  std::uint64_t doubled_ = 0;
};

class HiddenEvents : public SideEvents {
 public:
  HiddenEvents(const fs::path& file, std::uint32_t cpus)
      : csv_(file, "rec,t_ns,cpu,event,pfn,order,migratetype,extra"), cpus_(cpus) {}

  std::optional<SideEvent> next() override {
    const auto row = csv_.next();
    if (!row) {
      return std::nullopt;
    }
    const TextLines& lines = csv_.lines();
    const std::vector<std::string_view>& fields = *row;
    SideEvent side;
    side.before = lines.number<std::uint64_t>(fields[0]);
    side.event.time = time_of(lines, fields[1]);
    side.event.cpu = cpu_of(lines, fields[2], cpus_);
    side.event.kind = kind(fields[3]);
    side.event.pfn = lines.page(fields[4]);
    side.event.order = Order{lines.number<unsigned>(fields[5])};
    const int type = lines.number<int>(fields[6]);
    if (side.event.order.value >= kMaxOrders || type < -1 || type >= static_cast<int>(kNrTypesWithoutCma)) {
      lines.fail(fmt::format("order {} and migratetype {}: orders below {}, types below {} and -1 are known",
                             fields[5], type, kMaxOrders, kNrTypesWithoutCma));
    }
    side.event.type = kernel_migratetype(static_cast<unsigned>(std::max(type, 0)), kNrTypesWithoutCma);
    constexpr unsigned kToTail = 2;  // FPI_TO_TAIL
    side.event.flag = (lines.number<unsigned>(fields[7]) & kToTail) != 0;
    return side;
  }

 private:
  EventKind kind(std::string_view name) const {
    const auto found = std::ranges::find(kHiddenKinds, name, &HiddenKind::name);
    if (found == kHiddenKinds.end()) {
      csv_.lines().fail(fmt::format("'{}' is no hidden event: bfree, isolate or settype", name));
    }
    return found->kind;
  }

  CsvLines csv_;
  std::uint32_t cpus_;
};

class UntracedEvents : public SideEvents {
 public:
  explicit UntracedEvents(const std::vector<UntracedStay>& stays) : stays_(stays) {}

  std::optional<SideEvent> next() override {
    if (next_ == stays_.size()) {
      return std::nullopt;
    }
    const UntracedStay& stay = stays_[next_++];
    SideEvent side;
    side.event.kind = EventKind::alloc;
    side.event.announced = false;
    side.event.time = stay.from;
    side.event.pfn = stay.pfn;
    return side;
  }

 private:
  const std::vector<UntracedStay>& stays_;
  std::size_t next_ = 0;
};

class OtherEvents : public SideEvents {
 public:
  OtherEvents(const fs::path& file, std::uint32_t cpus) : lines_(file), cpus_(cpus) {}

  std::optional<SideEvent> next() override {
    while (const auto line = lines_.next()) {
      const auto words = split_fields(*line, ' ');
      const EventRule* rule = words.size() >= 3 ? find_event_rule(words[2]) : nullptr;
      if (rule != nullptr) {
        return SideEvent{event(words, *rule)};
      }
    }
    return std::nullopt;
  }

 private:
  TraceEvent event(const std::vector<std::string_view>& words, const EventRule& rule) const {
    TraceEvent event;
    event.kind = rule.kind;
    event.time = time_of(lines_, words[0]);
    event.cpu = cpu_of(lines_, words[1], cpus_);
    for (const FieldRule& field : used_fields(rule)) {
      const auto text = text_of(words, field.meaning == FieldMeaning::task ? "pid" : field.name);
      const bool is_valid = text ? set_field(event, field.meaning, value(*text)) : !field.required;
      if (!is_valid) {
        lines_.fail(fmt::format("no valid {}", field.name));
      }
    }
    return event;
  }

  /** What follows `NAME=`. */
  static std::optional<std::string_view> text_of(const std::vector<std::string_view>& words, std::string_view name) {
    const auto holds = [&](std::string_view word) {
      return word.starts_with(name) && word.substr(name.size()).starts_with('=');
    };
    const auto word = std::ranges::find_if(words, holds);
    return word == words.end() ? std::nullopt : std::optional(word->substr(name.size() + 1));
  }

  /** Printed as a number with a sign, whatever it is. */
  std::uint64_t value(std::string_view text) const {
    return text.starts_with('-') ? static_cast<std::uint64_t>(lines_.number<std::int64_t>(text))
                                 : lines_.number<std::uint64_t>(text);
  }

  TextLines lines_;
  std::uint32_t cpus_;
};

}  // namespace

std::unique_ptr<SideEvents> open_hidden(const fs::path& file, std::uint32_t cpus) {
  return std::make_unique<OrderedEvents>(std::make_unique<HiddenEvents>(file, cpus), "hidden_rows");
}

std::unique_ptr<SideEvents> untraced_events(const std::vector<UntracedStay>& stays) {
  return std::make_unique<UntracedEvents>(stays);
}

std::unique_ptr<SideEvents> open_other(const fs::path& file, std::uint32_t cpus) {
  return std::make_unique<OrderedEvents>(std::make_unique<OtherEvents>(file, cpus), "other_lines");
}

std::optional<fs::path> file_beside(const fs::path& trace, const std::string& name) {
  for (const std::string& spelling : {name, name + ".xz", name + ".zst"}) {
    const fs::path file = trace.parent_path() / spelling;
    std::error_code error;
    if (fs::is_regular_file(file, error)) {
      return file;
    }
  }
  return std::nullopt;
}

MergedReader::MergedReader(std::unique_ptr<EventReader> base, std::vector<std::unique_ptr<SideEvents>> sides)
    : base_(std::move(base)) {
  for (auto& events : sides) {
    Side side{std::move(events)};
    side.next = side.events->next();
    sides_.push_back(std::move(side));
  }
  note_next();
}

EventTally MergedReader::oddities() const {
  EventTally tally = base_->oddities();
  for (const Side& side : sides_) {
    tally.add(side.events->oddities());
  }
  return tally;
}

MergedReader::Side* MergedReader::due(const TraceEvent& event) {
  Side* first = nullptr;
  for (Side& side : sides_) {
    if (!side.next) {
      continue;
    }
    const bool is_due = side.next->before ? *side.next->before <= record_ : side.next->event.time < event.time;
    if (is_due && (first == nullptr || side.next->event.time < first->next->event.time)) {
      first = &side;
    }
  }
  return first;
}

void MergedReader::note_next() {
  next_time_ = Ns::max();
  next_record_ = std::numeric_limits<std::uint64_t>::max();
  for (const Side& side : sides_) {
    if (side.next && side.next->before) {
      next_record_ = std::min(next_record_, *side.next->before);
    } else if (side.next) {
      next_time_ = std::min(next_time_, side.next->event.time);
    }
  }
}

/** Side events that go before @event, @limit at most. */
void MergedReader::put_due(const TraceEvent& event, std::size_t limit, std::vector<TraceEvent>& batch) {
  for (Side* side = due(event); side != nullptr && limit != 0; side = due(event), --limit) {
    batch.push_back(side->next->event);
    side->next = side->events->next();
  }
  note_next();
}

bool MergedReader::rest(std::vector<TraceEvent>& batch) {
  constexpr std::size_t kBatch = 4096;
  TraceEvent end;
  end.time = Ns::max();
  record_ = std::numeric_limits<std::uint64_t>::max();
  const std::size_t before = batch.size();
  put_due(end, kBatch, batch);
  return batch.size() != before;
}

bool MergedReader::next_batch(std::vector<TraceEvent>& batch) {
  read_.clear();
  if (!base_->next_batch(read_)) {
    return rest(batch);
  }
  for (auto at = read_.begin(); at != read_.end();) {
    const auto until = std::find_if(at, read_.end(), [&, record = record_](const TraceEvent& event) mutable {
      return any_due(event, record++);
    });
    batch.insert(batch.end(), at, until);
    record_ += static_cast<std::uint64_t>(until - at);
    at = until;
    if (at != read_.end()) {
      put_due(*at, std::numeric_limits<std::size_t>::max(), batch);
    }
  }
  return true;
}

}  // namespace gbsim
