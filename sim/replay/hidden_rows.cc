// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/hidden_rows.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <vector>

#include "sim/replay/byte_source.h"
#include "sim/replay/text_lines.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

constexpr unsigned kTypesWithoutCma = 5;     // recorded kernels have no CMA: 4 is isolate
constexpr std::uint64_t kToTail = 2;         // FPI_TO_TAIL

struct Row {
  std::uint64_t before = 0;  // number of the event it precedes
  TraceEvent event{};
};

std::optional<EventKind> kind_named(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, EventKind>, 3> kKinds{{
      {"bfree", EventKind::buddy_free}, {"isolate", EventKind::isolate}, {"settype", EventKind::set_type}}};
  for (const auto& [known, kind] : kKinds) {
    if (known == name) {
      return kind;
    }
  }
  return std::nullopt;
}

/** Rows of hidden.csv, one at a time. */
class HiddenRows {
 public:
  explicit HiddenRows(const fs::path& file) : lines_(file) { lines_.next(); /* the heading */ }

  std::optional<Row> next() {
    const auto line = lines_.next();
    if (!line || line->empty()) {
      return std::nullopt;
    }
    split(*line);
    const auto kind = kind_named(fields_[3]);
    if (!kind) {
      lines_.fail(fmt::format("event '{}': bfree, isolate and settype are known", fields_[3]));
    }
    TraceEvent event;
    event.kind = *kind;
    event.time = Ns{static_cast<std::int64_t>(number(1))};
    event.cpu = static_cast<std::uint8_t>(number(2));
    event.pfn = Pfn{number(4)};
    event.order = Order{static_cast<unsigned>(number(5))};
    // An isolation has no type of its own.
    event.type = *kind == EventKind::isolate
                     ? Migratetype::movable
                     : kernel_migratetype(static_cast<unsigned>(number(6)), kTypesWithoutCma);
    event.flag = *kind == EventKind::buddy_free && (number(7) & kToTail) != 0;
    return Row{number(0), event};
  }

 private:
  void split(std::string_view line) {
    fields_.fill({});
    for (std::size_t i = 0; i < fields_.size() && !line.empty(); ++i) {
      const std::size_t end = std::min(line.find(','), line.size());
      fields_[i] = line.substr(0, end);
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  }

  std::uint64_t number(std::size_t at) {
    std::uint64_t value = 0;
    const std::string_view text = fields_[at].empty() && at == 7 ? "0" : fields_[at];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
      lines_.fail(fmt::format("field {} of the row is no number", at + 1));
    }
    return value;
  }

  TextLines lines_;
  std::array<std::string_view, 8> fields_{};
};

class WovenReader : public EventReader {
 public:
  WovenReader(std::unique_ptr<EventReader> base, const fs::path& hidden)
      : base_(std::move(base)), rows_(hidden), row_(rows_.next()) {}

  bool next_batch(std::vector<TraceEvent>& batch) override {
    read_.clear();
    const bool more = base_->next_batch(read_);
    for (const TraceEvent& event : read_) {
      weave(batch, number_++);
      batch.push_back(event);
    }
    const std::size_t before = batch.size();
    if (!more) {
      weave(batch, ~std::uint64_t{0});
    }
    return more || batch.size() > before;
  }
  TraceOrigin origin() const override { return base_->origin(); }
  EventTally oddities() const override { return base_->oddities(); }

 private:
  void weave(std::vector<TraceEvent>& batch, std::uint64_t until) {
    for (; row_ && row_->before <= until; row_ = rows_.next()) {
      batch.push_back(row_->event);
    }
  }

  std::unique_ptr<EventReader> base_;
  HiddenRows rows_;
  std::optional<Row> row_;
  std::vector<TraceEvent> read_;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<EventReader> with_hidden_rows(std::unique_ptr<EventReader> base, const fs::path& hidden) {
  return std::make_unique<WovenReader>(std::move(base), hidden);
}

std::optional<Ns> first_compaction(const fs::path& other) {
  TextLines lines(other);
  while (const auto line = lines.next()) {
    if (line->find(" mm_compaction_begin ") == std::string_view::npos) {
      continue;
    }
    std::int64_t time = 0;
    const auto [end, error] = std::from_chars(line->data(), line->data() + line->size(), time);
    if (error != std::errc{}) {
      lines.fail("the line does not begin with a time");
    }
    return Ns{time};
  }
  return std::nullopt;
}

std::optional<fs::path> beside(const fs::path& trace, std::string_view stem) {
  const fs::path dir = fs::absolute(trace).parent_path();
  for (const char* packing : {"", ".xz", ".zst", ".gz"}) {
    const fs::path file = dir / (std::string(stem) + packing);
    if (fs::exists(file)) {
      return file;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
