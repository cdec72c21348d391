// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace gbsim {

/**
 * Works through items in the order in which they are given, in a thread of its own, some chunks behind whoever gives
 * them. Only settle() says that all is done: until then, nobody else may touch what the work touches.
 */
template <class Item>
class LaggingWorker {
 public:
  using Work = std::function<void(std::span<const Item>)>;
  static constexpr std::size_t kChunk = 4096;    // items, so that handing over costs little beside the work
  static constexpr std::size_t kMostChunks = 4;  // handed over and not begun; then add() waits

  explicit LaggingWorker(Work work) : work_(std::move(work)), thread_([this] { run(); }) {}
  LaggingWorker(const LaggingWorker&) = delete;
  LaggingWorker& operator=(const LaggingWorker&) = delete;
  /** What is still to be done is left undone. */
  ~LaggingWorker() {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    handed_over_.notify_one();
    thread_.join();
  }

  /** One item, made of @parts. Throws what the work has thrown, at the latest from settle(); then no more is done. */
  template <class... Parts>
  void add(Parts&&... parts) {
    chunk_.emplace_back(std::forward<Parts>(parts)...);
    if (chunk_.size() == kChunk) {
      hand_over();
    }
  }

  /** All items given so far have been worked on; the last ones by the caller, who would have to wait for them. */
  void settle() {
    {
      std::unique_lock lock(mutex_);
      done_.wait(lock, [this] { return error_ != nullptr || (chunks_.empty() && !is_busy_); });
      throw_error();
    }
    work_(chunk_);
    chunk_.clear();
  }

 private:
  using Chunk = std::vector<Item>;

  void hand_over() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return error_ != nullptr || chunks_.size() < kMostChunks; });
    throw_error();
    chunks_.push_back(std::exchange(chunk_, take_spare()));
    lock.unlock();
    handed_over_.notify_one();
  }

  Chunk take_spare() {
    Chunk spare;
    if (!spares_.empty()) {
      spare = std::move(spares_.back());
      spares_.pop_back();
    }
    return spare;
  }

  void throw_error() const {
    if (error_ != nullptr) {
      std::rethrow_exception(error_);
    }
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      handed_over_.wait(lock, [this] { return ends_ || !chunks_.empty(); });
      if (ends_) {
        return;
      }
      Chunk chunk = std::move(chunks_.front());
      chunks_.pop_front();
      is_busy_ = true;
      lock.unlock();
      std::exception_ptr error = attempt(chunk);
      chunk.clear();
      lock.lock();
      is_busy_ = false;
      spares_.push_back(std::move(chunk));
      if (error != nullptr) {
        error_ = std::move(error);
        chunks_.clear();
      }
      done_.notify_one();
    }
  }

  std::exception_ptr attempt(const Chunk& chunk) const {
    try {
      work_(chunk);
      return nullptr;
    } catch (...) {
      return std::current_exception();
    }
  }

  Work work_;
  Chunk chunk_;  // being filled; the giver's alone
  std::mutex mutex_;  // guards what follows, up to the thread
  std::condition_variable handed_over_;
  std::condition_variable done_;
  std::deque<Chunk> chunks_;
  std::vector<Chunk> spares_;
  std::exception_ptr error_;
  bool is_busy_ = false;
  bool ends_ = false;
  std::thread thread_;  // last: it starts when all else is there
};

}  // namespace gbsim
