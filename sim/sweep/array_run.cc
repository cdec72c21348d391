// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/array_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "sim/metrics/output_file.h"
#include "sim/sweep/signal_watch.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;
using WallClock = std::chrono::steady_clock;

/** One task under way. */
struct Task {
  std::deque<PointRun> left;  // runs without an outcome, in the order in which they are done
  TaskStatus status{};
  std::optional<WallClock::time_point> over_since{};
};

bool is_over(const TaskStatus& status) {
  return status.phase == TaskPhase::ended || status.phase == TaskPhase::withdrawn;
}

bool has_started(const PointRun& run) {
  return fs::exists(run_log(run));
}

/** Takes those of @names that are in @runs. */
std::deque<PointRun> take(std::map<fs::path, PointRun>& runs, const std::vector<fs::path>& names) {
  std::deque<PointRun> taken;
  for (const fs::path& name : names) {
    if (auto found = runs.extract(name)) {
      taken.push_back(std::move(found.mapped()));
    }
  }
  return taken;
}

/** Runs through a scheduler: one job at a time. */
class ArrayRun {
 public:
  ArrayRun(RunSource& source, TaskQueue& queue, const ArrayOptions& options, BatchWatcher& watcher)
      : source_(source), queue_(queue), options_(options), watcher_(watcher) {}

  int run();

 private:
  void drain_source();
  bool adopt();
  void submit();
  void enter(const TaskArray& array);
  int wait_for_job(const SignalWatch& signals);
  void look();
  void settle_tasks();
  void collect(Task& task);
  bool is_due(Task& task) const;
  void judge(Task& task, std::size_t number);
  void close_job();

  fs::path job_dir() const { return array_file(options_.dir).parent_path(); }
  fs::path key(const PointRun& run) const { return run.dir.lexically_relative(options_.dir); }

  RunSource& source_;
  TaskQueue& queue_;
  const ArrayOptions& options_;
  BatchWatcher& watcher_;
  std::vector<PointRun> pending_;  // belong to no job
  std::string job_;
  std::vector<Task> tasks_;
  bool alive_ = false;     // this program submitted the job, or saw it wait or run
  std::size_t ended_ = 0;  // runs of this job
  std::string withdrawn_;  // the scheduler's word, if it withdrew a task
  bool deaf_ = false;      // the scheduler does not answer
};

void ArrayRun::drain_source() {
  while (auto run = source_.next()) {
    pending_.push_back(std::move(*run));
  }
}

/** Takes over the job that an earlier program left; false if there is none. */
bool ArrayRun::adopt() {
  auto array = load_array(array_file(options_.dir));
  if (!array) {
    return false;
  }
  if (array->job.empty()) {
    array->job = queue_.find(array->name).value_or("");
  }
  if (array->job.empty()) {
    fs::remove(array_file(options_.dir));
    return false;
  }
  watcher_.on_news(fmt::format("Slurm job {}: taken over", array->job));
  enter(*array);
  return true;
}

void ArrayRun::submit() {
  const auto tasks = divide(pending_, options_.division);
  fs::create_directories(job_dir());
  TaskArray array{.name = job_name(options_.dir), .job = ""};
  for (const std::vector<PointRun>& task : tasks) {
    std::vector<fs::path>& keys = array.tasks.emplace_back();
    for (const PointRun& run : task) {
      keys.push_back(key(run));
      std::error_code ignored;
      fs::remove(run_log(run), ignored);  // of an earlier attempt: it tells which run a task was at
    }
  }
  const auto scripts = task_scripts(tasks, options_.gbsim, options_.limits);
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    write_atomically(job_dir() / fmt::format("{}.sh", i), scripts[i]);
  }
  save(array, array_file(options_.dir));
  array.job = queue_.submit(job_dir(), array.name, tasks.size());
  save(array, array_file(options_.dir));
  watcher_.on_news(fmt::format("Slurm job {}: {} runs in {} tasks", array.job, pending_.size(), tasks.size()));
  enter(array);
  alive_ = true;
}

/** The pending runs that @array names become its tasks; what it names and is not pending has ended already. */
void ArrayRun::enter(const TaskArray& array) {
  std::map<fs::path, PointRun> by_key;
  for (PointRun& run : pending_) {
    by_key.emplace(key(run), std::move(run));
  }
  job_ = array.job;
  tasks_.clear();
  for (const std::vector<fs::path>& names : array.tasks) {
    tasks_.push_back({.left = take(by_key, names)});
  }
  pending_.clear();
  for (auto& [name, run] : by_key) {
    pending_.push_back(std::move(run));
  }
  alive_ = false;
  ended_ = 0;
  withdrawn_.clear();
}

void ArrayRun::look() {
  const auto statuses = queue_.look(job_, tasks_.size());
  if (!statuses && !deaf_) {
    watcher_.on_news("Slurm does not answer; asking on");
  }
  deaf_ = !statuses;
  for (std::size_t i = 0; statuses && i < tasks_.size(); ++i) {
    tasks_[i].status = (*statuses)[i];
    alive_ = alive_ || !is_over(tasks_[i].status);
  }
}

/** Takes the outcomes that @task has left so far. */
void ArrayRun::collect(Task& task) {
  while (task.status.phase != TaskPhase::waiting && !task.left.empty()) {
    const auto outcome = recorded_outcome(task.left.front().dir);
    if (!outcome) {
      return;
    }
    const PointRun run = std::move(task.left.front());
    task.left.pop_front();
    ++ended_;
    source_.ended(run, *outcome);
  }
}

/** Whether @task is over, has left runs without outcome, and had the time to show their files. */
bool ArrayRun::is_due(Task& task) const {
  if (!is_over(task.status) || task.left.empty()) {
    task.over_since.reset();
    return false;
  }
  task.over_since = task.over_since.value_or(WallClock::now());
  return WallClock::now() - *task.over_since >= options_.patience;
}

/** The run that @task was at takes the blame for its end, unless it was withdrawn; the others go into another job. */
void ArrayRun::judge(Task& task, std::size_t number) {
  const bool withdrawn = task.status.phase == TaskPhase::withdrawn;
  withdrawn_ = withdrawn ? task.status.state : withdrawn_;
  if (!withdrawn && has_started(task.left.front())) {
    const std::string words = queue_.last_words(job_dir(), job_, number);
    const std::string reason = fmt::format("Slurm task {}_{}: {}{}{}", job_, number, task.status.state,
                                           words.empty() ? "" : ", ", words);
    record_failure(task.left.front(), task_outcome(task.status.state, words), reason);
    collect(task);
  }
  std::ranges::move(task.left, std::back_inserter(pending_));
  task.left.clear();
}

void ArrayRun::settle_tasks() {
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    collect(tasks_[i]);
    if (is_due(tasks_[i])) {
      judge(tasks_[i], i);
    }
  }
}

int ArrayRun::wait_for_job(const SignalWatch& signals) {
  while (true) {
    look();
    settle_tasks();
    watcher_.on_progress(static_cast<std::size_t>(std::ranges::count_if(
        tasks_, [](const Task& task) { return task.status.phase == TaskPhase::running; })));
    if (std::ranges::all_of(tasks_, [](const Task& task) { return task.left.empty(); })) {
      return 0;
    }
    signals.sleep(options_.poll);
    if (signals.noted() != 0) {
      return signals.noted();
    }
  }
}

/** Throws QueueError if another job would fare no better, unless this one was dead when it was taken over. */
void ArrayRun::close_job() {
  fs::remove(array_file(options_.dir));
  if (!alive_) {
    return;
  }
  if (!withdrawn_.empty()) {
    throw QueueError(fmt::format("job {} was withdrawn ({}); --resume submits what it did not do", job_, withdrawn_));
  }
  if (ended_ == 0) {
    throw QueueError(fmt::format("job {} ended without running anything; its output is in {}/{}_*.out", job_,
                                 job_dir().string(), job_));
  }
}

int ArrayRun::run() {
  const SignalWatch signals;
  drain_source();
  bool has_job = adopt();
  while (has_job || !pending_.empty()) {
    if (!has_job) {
      submit();
    }
    has_job = false;
    if (const int signal = wait_for_job(signals)) {
      return signal;
    }
    close_job();
    drain_source();
  }
  return 0;
}

}  // namespace

fs::path array_file(const fs::path& sweep) {
  return sweep / "slurm" / "array.json";
}

std::optional<std::string> job_under_way(const fs::path& sweep, TaskQueue& queue) {
  const auto array = load_array(array_file(sweep));
  if (!array) {
    return std::nullopt;
  }
  const std::string job = array->job.empty() ? queue.find(array->name).value_or("") : array->job;
  if (job.empty()) {
    return std::nullopt;
  }
  const auto statuses = queue.look(job, array->tasks.size());
  const bool over = statuses && std::ranges::all_of(*statuses, is_over);
  return over ? std::nullopt : std::optional(job);
}

int run_arrays(RunSource& source, TaskQueue& queue, const ArrayOptions& options, BatchWatcher& watcher) {
  return ArrayRun(source, queue, options, watcher).run();
}

std::string task_outcome(const std::string& state, const std::string& last_words) {
  if (state == "TIMEOUT" || state == "DEADLINE") {
    return "timeout";
  }
  const bool memory = state == "OUT_OF_MEMORY" || last_words.find("memory limit") != std::string::npos ||
                      last_words.find("oom") != std::string::npos;
  return memory ? "out-of-memory" : "lost";
}

}  // namespace gbsim
