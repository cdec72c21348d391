// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/output_file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::read_text;
using gbsim::test::TempDir;

namespace {

/** What an action that must fail says. */
std::string message_of(auto&& action) {
  try {
    action();
  } catch (const OutputError& error) {
    return error.what();
  }
  return {};
}

/** Files of this process cannot grow beyond @bytes while it lives, as on a full disk. */
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }

  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

}  // namespace

TEST_CASE("an appended record is readable while the file is still open") {
  const TempDir dir;
  AppendFile file(dir.path() / "rows.csv");
  file.append("a,b\n");
  file.append("1,2\n");
  CHECK(read_text(dir.path() / "rows.csv") == "a,b\n1,2\n");
}

TEST_CASE("a file that begins with a header is there with it or not at all") {
  const TempDir dir;
  const auto path = dir.path() / "rows.csv";
  {
    const FileSizeLimit limit(4);
    CHECK_THROWS_AS(AppendFile(path, "a,b,c\n"), OutputError);
    CHECK(std::filesystem::is_empty(dir.path()));
  }
  AppendFile file(path, "a,b,c\n");
  CHECK(read_text(path) == "a,b,c\n");
  file.append("1,2,3\n");
  CHECK(read_text(path) == "a,b,c\n1,2,3\n");
}

TEST_CASE("a full disk is reported with the file, the reason and a way out") {
  AppendFile file("/dev/full");
  const std::string message = message_of([&] { file.append("1,2\n"); });
  CHECK(message.find("/dev/full") != std::string::npos);
  CHECK(message.find("No space left on device") != std::string::npos);
  CHECK(message.find("-o DIR") != std::string::npos);
}

TEST_CASE("a record that does not fit is cut off, those before it stay") {
  const TempDir dir;
  AppendFile file(dir.path() / "rows.csv");
  file.append("first row\n");
  {
    const FileSizeLimit limit(15);
    CHECK_THROWS_AS(file.append("second row\n"), OutputError);
  }
  CHECK(read_text(dir.path() / "rows.csv") == "first row\n");
  file.append("third row\n");
  CHECK(read_text(dir.path() / "rows.csv") == "first row\nthird row\n");
}

TEST_CASE("a directory that is not there is reported when the file is opened") {
  const std::string message = message_of([] { AppendFile file("/nonexistent/rows.csv"); });
  CHECK(message.find("/nonexistent/rows.csv: No such file or directory") != std::string::npos);
}

TEST_CASE("an atomic write replaces the old file and leaves no temporary") {
  const TempDir dir;
  write_atomically(dir.path() / "summary.json", "old");
  write_atomically(dir.path() / "summary.json", "new");
  CHECK(read_text(dir.path() / "summary.json") == "new");
  CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), std::filesystem::directory_iterator{}) == 1);
}

TEST_CASE("an atomic write that fails leaves the old file") {
  const TempDir dir;
  write_atomically(dir.path() / "summary.json", "old");
  {
    const FileSizeLimit limit(2);
    CHECK_THROWS_AS(write_atomically(dir.path() / "summary.json", "much longer"), OutputError);
  }
  CHECK(read_text(dir.path() / "summary.json") == "old");
  CHECK_FALSE(std::filesystem::exists(dir.path() / "summary.json.tmp"));
}

TEST_CASE("what is a link stays one and is written through") {
  const TempDir dir;
  write_atomically(dir.path() / "file", "old and long");
  std::filesystem::create_symlink("file", dir.path() / "link");
  write_atomically(dir.path() / "link", "new");
  CHECK(std::filesystem::is_symlink(dir.path() / "link"));
  CHECK(read_text(dir.path() / "file") == "new");
}
