// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/life_spool.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <tuple>
#include <type_traits>

#include "sim/base/check.h"

namespace gbsim {

namespace {

static_assert(std::is_trivially_copyable_v<RecordedAllocation>);

constexpr std::size_t kChunk = 512;  // of a stretch, in memory at once: 16 KiB

bool born_before(const RecordedAllocation& a, const RecordedAllocation& b) {
  return std::tie(a.born, a.number) < std::tie(b.born, b.number);
}

void check_moved(ssize_t moved, const char* what) {
  if (moved <= 0) {
    throw std::system_error(moved < 0 ? errno : EIO, std::generic_category(),
                            std::string("lives of allocations, ") + what + " (TMPDIR chooses another place)");
  }
}

void write_whole(int fd, const std::vector<RecordedAllocation>& lives) {
  const auto* from = reinterpret_cast<const char*>(lives.data());
  for (std::size_t left = lives.size() * sizeof(RecordedAllocation); left > 0;) {
    const ssize_t written = write(fd, from, left);
    check_moved(written, "written");
    from += written;
    left -= static_cast<std::size_t>(written);
  }
}

void read_whole(int fd, std::vector<RecordedAllocation>& lives, std::uint64_t offset) {
  auto* to = reinterpret_cast<char*>(lives.data());
  for (std::size_t left = lives.size() * sizeof(RecordedAllocation); left > 0;) {
    const ssize_t got = pread(fd, to, left, static_cast<off_t>(offset));
    check_moved(got, "read back");
    to += got;
    offset += static_cast<std::uint64_t>(got);
    left -= static_cast<std::size_t>(got);
  }
}

}  // namespace

void LifeSpool::add(const RecordedAllocation& life) {
  if (held_.size() == most_) {
    if (file_.fd() < 0) {
      file_ = open_temp_file();
    }
    close();
    write_whole(file_.fd(), held_);
    ++stretches_;
    held_.clear();
  }
  held_.push_back(life);
}

void LifeSpool::close() { std::ranges::sort(held_, born_before); }

bool LifeReader::Later::operator()(const Stretch* a, const Stretch* b) const {
  return born_before(b->in_memory.front(), a->in_memory.front());
}

LifeReader::LifeReader(const LifeSpool& spool) : spool_(spool), stretches_(spool.stretches_ + 1) {
  for (std::size_t i = 0; i < spool.stretches_; ++i) {
    stretches_[i].offset = i * spool.most_ * sizeof(RecordedAllocation);
    stretches_[i].left = spool.most_;
  }
  stretches_.back().in_memory = spool.held_;
  for (Stretch& stretch : stretches_) {
    if (has_more(stretch)) {
      heads_.push(&stretch);
    }
  }
}

bool LifeReader::has_more(Stretch& stretch) const {
  if (!stretch.in_memory.empty() || stretch.left == 0) {
    return !stretch.in_memory.empty();
  }
  stretch.chunk.resize(std::min(stretch.left, kChunk));
  read_whole(spool_.file_.fd(), stretch.chunk, stretch.offset);
  stretch.left -= stretch.chunk.size();
  stretch.offset += stretch.chunk.size() * sizeof(RecordedAllocation);
  stretch.in_memory = stretch.chunk;
  return true;
}

const RecordedAllocation* LifeReader::next() {
  if (heads_.empty()) {
    return nullptr;
  }
  Stretch* const first = heads_.top();
  heads_.pop();
  current_ = first->in_memory.front();
  first->in_memory = first->in_memory.subspan(1);
  if (has_more(*first)) {
    heads_.push(first);
  }
  return &current_;
}

}  // namespace gbsim
