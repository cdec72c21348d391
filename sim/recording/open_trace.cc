// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/open_trace.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "sim/recording/byte_source.h"
#include "sim/recording/checked_reader.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/pgt_reader.h"
#include "sim/recording/temp_file.h"
#include "sim/recording/text_reader.h"
#include "sim/recording/trace_dat_layout.h"
#include "sim/recording/trace_dat_reader.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

template <typename Reader>
std::unique_ptr<EventReader> open_as(const fs::path& trace) {
  return std::make_unique<Reader>(trace);
}

struct Format {
  std::string_view magic;
  std::unique_ptr<EventReader> (*open)(const fs::path&);
};

constexpr std::array kFormats{
    Format{"PGT1", open_as<PgtReader>},
    Format{kTraceDatMagic, open_as<TraceDatReader>},
    Format{"", open_as<TextReader>},  // which refuses what is no trace
};

std::string first_bytes(const fs::path& trace) {
  std::string start(kTraceDatMagic.size(), '\0');
  start.resize(ByteSource(trace).read(start.data(), start.size()));
  return start;
}

/** The trace in a .gbtrace, unpacked for as long as it is read. */
class ArchivedReader : public EventReader {
 public:
  explicit ArchivedReader(const fs::path& archive) {
    unpack_gbtrace(archive, dir_.path());
    const fs::path trace = dir_.path() / kGbtraceTrace;
    if (!fs::exists(trace)) {
      throw BadRecording(archive, 0, fmt::format("no {} in this archive", kGbtraceTrace));
    }
    base_ = open_trace(trace);
  }
  bool next_batch(std::vector<TraceEvent>& batch) override { return base_->next_batch(batch); }
  TraceOrigin origin() const override { return base_->origin(); }
  EventTally oddities() const override { return base_->oddities(); }

 private:
  TempDir dir_;
  std::unique_ptr<EventReader> base_;
};

}  // namespace

std::unique_ptr<EventReader> open_trace(const fs::path& trace) {
  if (is_gbtrace(trace)) {
    return std::make_unique<ArchivedReader>(trace);
  }
  const std::string start = first_bytes(trace);
  for (const Format& format : kFormats) {
    if (start.starts_with(format.magic)) {
      return std::make_unique<CheckedReader>(format.open(trace));
    }
  }
  return nullptr;
}

}  // namespace gbsim
