// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/open_trace.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "sim/recording/byte_source.h"
#include "sim/recording/checked_reader.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/pgt_reader.h"
#include "sim/recording/recorded_files.h"
#include "sim/recording/text_reader.h"
#include "sim/recording/trace_dat_layout.h"
#include "sim/recording/trace_dat_reader.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

template <typename Reader>
std::unique_ptr<TraceReader> open_as(const InputFile& trace) {
  return std::make_unique<Reader>(trace);
}

struct Format {
  std::string_view magic;
  std::unique_ptr<TraceReader> (*open)(const InputFile&);
};

constexpr std::array kFormats{
    Format{"PGT1", open_as<PgtReader>},
    Format{kTraceDatMagic, open_as<TraceDatReader>},
    Format{"", open_as<TextReader>},  // which refuses what is no trace
};

std::string first_bytes(const InputFile& trace) {
  std::string start(kTraceDatMagic.size(), '\0');
  start.resize(ByteSource(trace).read(start.data(), start.size()));
  return start;
}

}  // namespace

std::unique_ptr<TraceReader> open_trace(const InputFile& trace) {
  const std::string start = first_bytes(trace);
  const auto format =
      std::ranges::find_if(kFormats, [&](const Format& one) { return start.starts_with(one.magic); });
  return std::make_unique<CheckedReader>(format->open(trace), trace.name());
}

std::unique_ptr<TraceReader> open_trace(const fs::path& trace) {
  return open_trace(is_gbtrace(trace) ? RecordedFiles::unpack(trace).open(kGbtraceTrace) : InputFile(trace));
}

}  // namespace gbsim
