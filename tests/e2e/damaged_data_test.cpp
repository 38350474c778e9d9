#include "tests/e2e/pushing.h"
#include "tests/e2e/raw_socket.h"
#include "tests/e2e/stored_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

namespace e2e {
namespace {

constexpr auto with_everything_below = std::filesystem::copy_options::recursive;

/// RocksDB's write-ahead log with the greatest number; empty when there is none with bytes.
std::filesystem::path newest_write_ahead_log(const std::filesystem::path& log) {
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator(log)) {
    const bool is_one = entry.path().extension() == ".log" && entry.file_size() > 0;
    if (is_one && entry.path().filename() > newest.filename()) newest = entry.path();
  }
  return newest;
}

void flip_bit(const std::filesystem::path& path, std::uintmax_t offset, int bit) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(offset));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(static_cast<char>(byte ^ (1 << bit)));
  ASSERT_TRUE(file.good());
}

/// Whether one of the data's files is named in what the server said.
bool names_a_file(const std::string& errors, const std::filesystem::path& data) {
  if (errors.find((data / "log").string()) != std::string::npos) return true;
  return errors.find((data / "private").string()) != std::string::npos;
}

// Disks lie.  A flipped bit may cost the operator a restore, but never may a log come up that is
// silently shorter or other than the one that was acknowledged.
TEST(DamagedData, FlippedBitInTheWriteAheadLogIsHarmlessOrRefusedByName) {
  const ScratchDirectory scratch;
  const std::filesystem::path data = scratch / "server";
  CorpusDevice device(data);
  {
    ServerChild server(data);
    ASSERT_TRUE(server.listens()) << server.errors();
    push_blocks(device, server, 12);
    server.kill9();
    ASSERT_TRUE(server.wait(std::chrono::seconds{20}));
  }
  const StoredLog whole = StoredLog::read(data, device.chain());
  ASSERT_EQ(whole.of_device.size(), device.last_seq());

  constexpr std::uintmax_t places = 16;
  int refused = 0;
  for (std::uintmax_t place = 0; place < places; ++place) {
    const std::filesystem::path copy = scratch / "damaged";
    std::filesystem::remove_all(copy);
    std::filesystem::remove(data / "control");  // The socket of a killed server.
    std::filesystem::copy(data, copy, with_everything_below);
    const std::filesystem::path file = newest_write_ahead_log(copy / "log");
    ASSERT_FALSE(file.empty()) << "a killed server leaves a write-ahead log";
    const std::uintmax_t size = std::filesystem::file_size(file);
    const std::uintmax_t offset = place * (size - 1) / (places - 1);
    SCOPED_TRACE("byte " + std::to_string(offset) + " of " + std::to_string(size));
    flip_bit(file, offset, static_cast<int>(place % 8));

    ServerChild server(copy);
    if (!server.listens()) {
      ++refused;
      EXPECT_EQ(server.wait(std::chrono::seconds{20}), (Ending{1, 0})) << server.errors();
      EXPECT_TRUE(names_a_file(server.errors(), copy)) << server.errors();
      EXPECT_NE(server.errors().find("storage_"), std::string::npos) << server.errors();
      continue;
    }
    EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
    const StoredLog after = StoredLog::read(copy, device.chain());
    ASSERT_EQ(after.of_device.size(), whole.of_device.size());
    EXPECT_EQ(after.head, whole.head);
  }
  EXPECT_GT(refused, 0) << "the bits hit bytes that count";
}

/// The answer of /health/ready once it is not 200 any more; of the last try when that never comes.
std::string readiness_after_damage(const ServerChild& server) {
  std::string answer;
  for (int attempt = 0; attempt < 100; ++attempt) {
    const RawSocket socket(server.port());
    socket.send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
    answer = socket.read_to_end(std::chrono::seconds{20});
    if (!answer.starts_with("HTTP/1.1 200")) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  return answer;
}

// The server started on a damaged table and served until an officer needed what stood in it.
TEST(DamagedData, DamagedTableIsRefusedAtTheStartOrMakesTheServerNotReady) {
  const ScratchDirectory scratch;
  const std::filesystem::path data = scratch / "server";
  CorpusDevice device(data);
  for (int time = 0; time < 2; ++time) {  // The second start puts into tables what was written.
    ServerChild server(data);
    ASSERT_TRUE(server.listens()) << server.errors();
    if (time == 0) push_blocks(device, server, 6);
    ASSERT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
  }
  int served = 0;
  for (const char* const folder : {"log", "private"}) {
    for (const auto& entry : std::filesystem::directory_iterator(data / folder)) {
      if (entry.path().extension() != ".sst") continue;
      SCOPED_TRACE(entry.path());
      const std::filesystem::path copy = scratch / "damaged";
      std::filesystem::remove_all(copy);
      std::filesystem::copy(data, copy, with_everything_below);
      flip_bit(copy / folder / entry.path().filename(), 10, 2);
      ServerChild server(copy);
      if (!server.listens()) continue;
      ++served;
      const std::string answer = readiness_after_damage(server);
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
      EXPECT_NE(answer.find("a table in " + std::string(folder) + "/"), std::string::npos)
          << answer;
      EXPECT_NE(answer.find("restore"), std::string::npos) << answer;
      EXPECT_EQ(http_status(server.port(), "/health/live"), 200);
      EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
      EXPECT_NE(server.errors().find("table_damaged"), std::string::npos) << server.errors();
    }
  }
  EXPECT_GT(served, 0) << "some damage is met by readers only";
}

TEST(DamagedData, WholeTablesLeaveTheServerReady) {
  const ScratchDirectory scratch;
  const CorpusDevice device(scratch / "server");
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  for (int wait = 0; wait < 100; ++wait) {
    if (server.errors().find("tables_checked") != std::string::npos) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  EXPECT_NE(server.errors().find("tables_checked"), std::string::npos) << server.errors();
  EXPECT_EQ(http_status(server.port(), "/health/ready"), 200);
}

// An operator who restores a backup over the log would take back decisions that communes have
// printed.  The server must notice, name the files and say what to do.
TEST(DamagedData, OlderCopyOfTheLogIsRefusedWithAdvice) {
  const ScratchDirectory scratch;
  const std::filesystem::path data = scratch / "server";
  CorpusDevice device(data);
  const auto push_and_stop = [&] {
    ServerChild server(data);
    ASSERT_TRUE(server.listens()) << server.errors();
    push_blocks(device, server, 4);
    ASSERT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
  };
  push_and_stop();
  std::filesystem::copy(data / "log", scratch / "backup", with_everything_below);
  push_and_stop();
  std::filesystem::rename(data / "log", scratch / "newest");
  std::filesystem::rename(scratch / "backup", data / "log");

  ServerChild server(data);
  EXPECT_FALSE(server.listens());
  EXPECT_EQ(server.wait(std::chrono::seconds{20}), (Ending{1, 0}));
  const std::string said = server.errors();
  EXPECT_NE(said.find("storage_rolled_back"), std::string::npos) << said;
  EXPECT_NE(said.find((data / "log").string()), std::string::npos) << said;
  EXPECT_NE(said.find("restore"), std::string::npos) << "it says what to do: " << said;

  // What was refused was not touched: with the right log back, everything is there.
  std::filesystem::remove_all(data / "log");
  std::filesystem::rename(scratch / "newest", data / "log");
  push_and_stop();
  const StoredLog log = StoredLog::read(data, device.chain());
  expect_each_once(log);
  EXPECT_EQ(log.of_device.size(), device.last_seq());
  expect_audited(data);
}

struct Missing {
  const char* name;
  const char* why;
};

class DamagedDataWithout : public testing::TestWithParam<Missing> {};

// A server that went on without one of its files would forget names, sign with another key, or not
// notice that its log was rolled back.  It refuses, names the file, and makes no new one.
TEST_P(DamagedDataWithout, IsRefusedByName) {
  const ScratchDirectory scratch;
  const std::filesystem::path data = scratch / "server";
  CorpusDevice device(data);
  std::filesystem::remove_all(data / GetParam().name);
  ServerChild server(data);
  EXPECT_FALSE(server.listens()) << GetParam().why;
  EXPECT_EQ(server.wait(std::chrono::seconds{20}), (Ending{1, 0}));
  const std::string path = (data / GetParam().name).string();
  EXPECT_NE(server.errors().find(path), std::string::npos) << server.errors();
  EXPECT_FALSE(std::filesystem::exists(path)) << "a new one would hide the loss";
}

INSTANTIATE_TEST_SUITE_P(
    Files, DamagedDataWithout,
    testing::Values(Missing{"log.high-water", "the log may have been rolled back"},
                    Missing{"log", "the high-water file promises a log"},
                    Missing{"private", "the names are gone"},
                    Missing{"server.key", "the system chain has another key then"}),
    [](const auto& instance) {
      std::string name = instance.param.name;
      std::ranges::replace_if(
          name, [](char letter) { return letter == '.' || letter == '-'; }, '_');
      return name;
    });

}  // namespace
}  // namespace e2e
