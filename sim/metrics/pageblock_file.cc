// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/pageblock_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <limits>
#include <numeric>
#include <sstream>
#include <utility>

#include "sim/base/check.h"

namespace gbsim {
namespace {

constexpr std::string_view kMagic = "gbsim-pageblocks 1";
constexpr std::uint64_t kFramesPerKey = 64;
constexpr std::uint64_t kMaxBlocks = std::uint64_t{1} << 31U;
constexpr int kQuick = 1;  // changes are mostly zeros: more effort gains little

enum FrameKind : std::uint32_t { kKey = 0, kDelta = 1 };

/** What precedes a frame's zlib stream, little-endian. */
struct FrameHead {
  std::int64_t time_ns = 0;
  std::uint32_t kind = kKey;
  std::uint32_t bytes = 0;  // of the stream
};

static_assert(sizeof(FrameHead) == 16);

std::vector<PageblockCode> changes(const std::vector<PageblockCode>& now, const std::vector<PageblockCode>& before) {
  std::vector<PageblockCode> result(now.size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    result[i] = now[i] ^ before[i];
  }
  return result;
}

std::uint64_t total(const std::vector<PageblockRange>& ranges) {
  return std::accumulate(ranges.begin(), ranges.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const PageblockRange& range) { return sum + range.count; });
}

}  // namespace

std::string deflate(const std::vector<std::uint8_t>& bytes, int level) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string packed(size, '\0');
  const int result =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size, bytes.data(), static_cast<uLong>(bytes.size()), level);
  GBSIM_CHECK(result == Z_OK);
  packed.resize(size);
  return packed;
}

PageblockWriter::PageblockWriter(std::filesystem::path path, std::uint64_t budget)
    : file_(std::move(path)), budget_(budget) {}

/** After 1/2, 2/3, 3/4, ... of the budget frames become half as frequent: what each step covers doubles in the end. */
bool PageblockWriter::is_due() {
  while (halvings_ < 62 && used_ > budget_ - budget_ / (halvings_ + 2)) {
    ++halvings_;
  }
  return samples_++ % (std::uint64_t{1} << halvings_) == 0;
}

std::string PageblockWriter::header(const PageblockFrame& frame) const {
  std::string text = fmt::format("{}\npageblock_pages {}\ngigablock_pages {}\n", kMagic, frame.pageblock.pages().value,
                                 frame.gigablock.pages().value);
  for (const PageblockRange& range : frame.ranges) {
    text += fmt::format("range {} {}\n", range.start.value, range.count);
  }
  return text + "\n";
}

std::string PageblockWriter::record(Ns time, const PageblockFrame& frame) const {
  const bool key = frames_ % kFramesPerKey == 0;
  const std::string packed = deflate(key ? frame.codes : changes(frame.codes, last_), kQuick);
  const FrameHead head{time.count(), key ? kKey : kDelta, static_cast<std::uint32_t>(packed.size())};
  std::string bytes(reinterpret_cast<const char*>(&head), sizeof(head));
  return bytes + packed;
}

void PageblockWriter::append(Ns time, const PageblockFrame& frame) {
  if (frame.codes.empty() || !is_due()) {
    return;
  }
  std::string bytes = (frames_ == 0 ? header(frame) : std::string()) + record(time, frame);
  if (used_ + bytes.size() > budget_) {
    return;
  }
  file_.append(bytes);
  used_ += bytes.size();
  ++frames_;
  last_ = frame.codes;
}

std::optional<PageblockReader> PageblockReader::open(const std::filesystem::path& path) {
  PageblockReader reader(std::ifstream(path, std::ios::binary));
  return reader.read_header() ? std::optional(std::move(reader)) : std::nullopt;
}

bool PageblockReader::read_header() {
  std::string line;
  if (!std::getline(file_, line) || line != kMagic) {
    return false;
  }
  const auto order_of = [](std::uint64_t pages) {
    return Order{pages == 0 ? 0U : static_cast<unsigned>(__builtin_ctzll(pages))};
  };
  while (std::getline(file_, line) && !line.empty()) {
    std::istringstream words(line);
    std::string key;
    std::uint64_t first = 0, second = 0;
    words >> key >> first >> second;
    if (key == "range" && second <= kMaxBlocks) {
      frame_.ranges.push_back({Pfn{first}, second});
    } else if (key == "pageblock_pages" || key == "gigablock_pages") {
      (key == "pageblock_pages" ? frame_.pageblock : frame_.gigablock) = order_of(first);
    }
  }
  const std::uint64_t blocks = total(frame_.ranges);
  frame_.codes.resize(blocks <= kMaxBlocks ? blocks : 0);
  return !frame_.codes.empty();
}

bool PageblockReader::apply(const std::vector<unsigned char>& packed, bool key) {
  std::vector<PageblockCode> codes(frame_.codes.size());
  uLongf size = static_cast<uLongf>(codes.size());
  if (uncompress(codes.data(), &size, packed.data(), static_cast<uLong>(packed.size())) != Z_OK ||
      size != codes.size()) {
    return false;
  }
  frame_.codes = key ? std::move(codes) : changes(codes, frame_.codes);
  return true;
}

const PageblockFrame* PageblockReader::next() {
  FrameHead head;
  if (!file_.read(reinterpret_cast<char*>(&head), sizeof(head)) ||
      head.bytes > compressBound(static_cast<uLong>(frame_.codes.size()))) {
    return nullptr;
  }
  std::vector<unsigned char> packed(head.bytes);
  if (!file_.read(reinterpret_cast<char*>(packed.data()), head.bytes) || !apply(packed, head.kind == kKey)) {
    return nullptr;
  }
  time_ = Ns{head.time_ns};
  return &frame_;
}

}  // namespace gbsim
