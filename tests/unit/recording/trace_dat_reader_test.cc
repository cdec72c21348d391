// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/trace_dat_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "sim/recording/byte_source.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/trace_dat_layout.h"
#include "recordings.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

void write_file(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/** What reading @path says; empty if it reads to the end. */
std::string error_of(const std::filesystem::path& path) {
  try {
    read_all(*open_trace(path));
  } catch (const BadRecording& bad) {
    return bad.what();
  }
  return {};
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("versions 6 and 7, compressed or not, give the same events in order of time") {
  const auto v6 = read_all(*open_trace(recording("small-v6.dat")));
  CHECK(v6.size() == 1123);
  CHECK(std::ranges::is_sorted(v6, {}, &TraceEvent::time));
  CHECK(std::ranges::count(v6, EventKind::free, &TraceEvent::kind) == 50);
  CHECK(v6.front().pfn == Pfn{0x1dfdb});
  CHECK(v6.front().time == Ns{16'435'778'543});
  CHECK(v6.front().gfp == 0x48c40);
  CHECK(same_events(v6, read_all(*open_trace(recording("small-v7.dat")))));
  CHECK(same_events(v6, read_all(*open_trace(recording("small-v7-zstd.dat")))));
}

TEST_CASE("a trace says which kernel, clock and format it is of") {
  const TraceOrigin origin = open_trace(recording("small-v7-zstd.dat"))->origin();
  CHECK(origin.format == "trace.dat version 7, zstd");
  CHECK(origin.kernel_release == "6.1.0-56-amd64");
  CHECK(origin.clock == "mono");
}

TEST_CASE("a trace.dat cut short is refused, with the offset, wherever it is cut") {
  const TempDir dir;
  for (const char* name : {"small-v6.dat", "small-v7.dat", "small-v7-zstd.dat"}) {
    const std::string whole = read_text(recording(name));
    for (const std::size_t share : {1, 3, 10, 50, 90, 99}) {
      const auto path = dir.path() / "cut.dat";
      write_file(path, whole.substr(0, whole.size() * share / 100));
      CAPTURE(name);
      CAPTURE(share);
      CHECK(contains(error_of(path), "error: at byte "));
    }
  }
}

TEST_CASE("a foreign version is named with what is allowed") {
  const TempDir dir;
  std::string content = read_text(recording("small-v6.dat"));
  content[kTraceDatMagic.size()] = '9';
  write_file(dir.path() / "nine.dat", content);
  CHECK(contains(error_of(dir.path() / "nine.dat"), "at byte 12: version '9' of trace.dat, 6 and 7 can be read"));
}

TEST_CASE("damaged compressed events are an error, not the end of a CPU") {
  const TempDir dir;
  std::string content = read_text(recording("small-v7-zstd.dat"));
  content.replace(0x2000 + 12, 16, 16, '\xff');  // past the chunk's sizes
  write_file(dir.path() / "damaged.dat", content);
  const std::string error = error_of(dir.path() / "damaged.dat");
  CAPTURE(error);
  CHECK(contains(error, "the first events are damaged"));
}

TEST_CASE("random damage is an error or changes what it hits, and never ends the program") {
  const TempDir dir;
  std::mt19937 random(5);  // NOLINT: the same damage in every run
  for (const char* name : {"small-v6.dat", "small-v7.dat", "small-v7-zstd.dat"}) {
    const std::string whole = read_text(recording(name));
    for (int i = 0; i < 40; ++i) {
      std::string content = whole;
      for (int hit = 0; hit < 8; ++hit) {
        content[random() % content.size()] = static_cast<char>(random());
      }
      write_file(dir.path() / "damaged.dat", content);
      CHECK_NOTHROW(error_of(dir.path() / "damaged.dat"));
    }
  }
}
