// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/side_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "sim/mm/page_map.h"
#include "sim/recording/event_fields.h"
#include "sim/recording/text_lines.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

constexpr unsigned kNrRecordedTypes = 5;  // the recorder numbers types as kernels without CMA do

/** Parts of a line between separators; empty ones are kept. */
std::vector<std::string_view> split_fields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t end = line.find(separator);
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) {
      return fields;
    }
    line.remove_prefix(end + 1);
  }
}

template <class Number>
Number number(const TextLines& lines, std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    lines.fail(fmt::format("'{}' is no whole number", text));
  }
  return value;
}

/** Fields of one line of a file with a header. */
class CsvLines {
 public:
  CsvLines(const fs::path& file, std::string_view header) : lines_(file), columns_(split_fields(header, ',').size()) {
    if (lines_.next() != header) {
      lines_.fail(fmt::format("the header is not '{}'", header));
    }
  }

  bool next(std::vector<std::string_view>& fields) {
    const auto line = lines_.next();
    if (!line) {
      return false;
    }
    fields = split_fields(*line, ',');
    if (fields.size() != columns_) {
      lines_.fail(fmt::format("{} fields where {} belong", fields.size(), columns_));
    }
    return true;
  }
  const TextLines& lines() const { return lines_; }

 private:
  TextLines lines_;
  std::size_t columns_;
};

struct HiddenKind {
  std::string_view name;
  EventKind kind;
};

constexpr std::array kHiddenKinds{
    HiddenKind{"bfree", EventKind::buddy_free},
    HiddenKind{"isolate", EventKind::isolate},
    HiddenKind{"settype", EventKind::set_type},
};

class HiddenEvents : public SideEvents {
 public:
  explicit HiddenEvents(const fs::path& file) : csv_(file, "rec,t_ns,cpu,event,pfn,order,migratetype,extra") {}

  std::optional<SideEvent> next() override {
    std::vector<std::string_view> fields;
    if (!csv_.next(fields)) {
      return std::nullopt;
    }
    const TextLines& lines = csv_.lines();
    SideEvent side;
    side.before = number<std::uint64_t>(lines, fields[0]);
    side.event.time = Ns{number<std::int64_t>(lines, fields[1])};
    side.event.cpu = number<std::uint16_t>(lines, fields[2]);
    side.event.kind = kind(fields[3]);
    side.event.pfn = Pfn{number<std::uint64_t>(lines, fields[4])};
    side.event.order = Order{number<unsigned>(lines, fields[5])};
    const int type = number<int>(lines, fields[6]);
    if (side.event.order.value >= kMaxOrders || type >= static_cast<int>(kNrRecordedTypes)) {
      lines.fail("no kernel has such an order or migratetype");
    }
    side.event.type = kernel_migratetype(static_cast<unsigned>(std::max(type, 0)), kNrRecordedTypes);
    constexpr unsigned kToTail = 2;  // FPI_TO_TAIL
    side.event.flag = (number<unsigned>(lines, fields[7]) & kToTail) != 0;
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
};

SideEvent unannounced(Pfn pfn, Ns time) {
  SideEvent side;
  side.event.kind = EventKind::alloc;
  side.event.announced = false;
  side.event.time = time;
  side.event.pfn = pfn;
  return side;
}

class UntracedEvents : public SideEvents {
 public:
  UntracedEvents(const fs::path& file, Ns start) : csv_(file, "t_zone_locked_us,t_free_us,pfn"), start_(start) {}

  std::optional<SideEvent> next() override {
    std::vector<std::string_view> fields;
    if (!csv_.next(fields)) {
      return std::nullopt;
    }
    return unannounced(Pfn{number<std::uint64_t>(csv_.lines(), fields[2])},
                       start_ + std::chrono::microseconds(number<std::int64_t>(csv_.lines(), fields[0])));
  }

 private:
  CsvLines csv_;
  Ns start_;
};

class FoundEvents : public SideEvents {
 public:
  explicit FoundEvents(const std::vector<UntracedStay>& stays) : stays_(stays) {}

  std::optional<SideEvent> next() override {
    if (next_ == stays_.size()) {
      return std::nullopt;
    }
    const UntracedStay& stay = stays_[next_++];
    return unannounced(stay.pfn, stay.from);
  }

 private:
  const std::vector<UntracedStay>& stays_;
  std::size_t next_ = 0;
};

class OtherEvents : public SideEvents {
 public:
  explicit OtherEvents(const fs::path& file) : lines_(file) {}

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
    event.time = Ns{number<std::int64_t>(lines_, words[0])};
    event.cpu = number<std::uint16_t>(lines_, words[1]);
    for (const FieldRule& field : used_fields(rule)) {
      const auto holds = [&](std::string_view word) {
        return word.starts_with(field.name) && word.substr(field.name.size()).starts_with('=');
      };
      const auto word = std::ranges::find_if(words, holds);
      if (word == words.end() ||
          !set_field(event, field.meaning, number<std::uint64_t>(lines_, word->substr(field.name.size() + 1)))) {
        lines_.fail(fmt::format("no valid {}", field.name));
      }
    }
    return event;
  }

  TextLines lines_;
};

}  // namespace

std::unique_ptr<SideEvents> open_hidden(const fs::path& file) { return std::make_unique<HiddenEvents>(file); }

std::unique_ptr<SideEvents> open_untraced(const fs::path& file, Ns start) {
  return std::make_unique<UntracedEvents>(file, start);
}

std::unique_ptr<SideEvents> untraced_events(const std::vector<UntracedStay>& stays) {
  return std::make_unique<FoundEvents>(stays);
}

std::unique_ptr<SideEvents> open_other(const fs::path& file) { return std::make_unique<OtherEvents>(file); }

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
