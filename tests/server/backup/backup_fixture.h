#pragma once

#include "server/backup/backup.h"
#include "server/store/rocks_event_log.h"
#include "server/store/rocks_private_store.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace server::test {

/// The data directory of a server on a real disk: a founded log with some communes, each pushed
/// as a block of its own, and the private records of its people.
struct DataOnDisk {
  e2e::ScratchDirectory scratch;
  std::filesystem::path data = scratch.path() / "data";
  FoundedLog founded;
  std::unique_ptr<RocksEventLog> log;
  std::unique_ptr<RocksPrivateStore> records;
  events::Frontier frontier;

  explicit DataOnDisk(int communes = 3) {
    std::filesystem::create_directories(data);
    RocksEventLog::Options options;
    options.path = data / "log";
    options.create_if_missing = true;
    options.log = the_log;
    options.epoch = events::Epoch{1};
    log = std::move(*RocksEventLog::open(options));
    RocksPrivateStore::Options private_options;
    private_options.path = data / "private";
    private_options.create_if_missing = true;
    records = std::move(*RocksPrivateStore::open(private_options));
    const std::vector<events::PrivateRecord> people = {a_person()};
    EXPECT_TRUE(records->put(people));
    add_communes(communes);
  }

  static events::PrivateRecord a_person() {
    return test_support::a_private_record(test_support::a_person_record());
  }

  /// Pushes communes and brings the log on disk to the same head.
  void add_communes(int count) {
    for (int made = 0; made < count; ++made) {
      founded.add_commune("Xã số " + std::to_string(++communes_made_));
      founded.commit(founded.admin.sign(), founded.admin);
    }
    while (log->head().position < founded.log.head().position) {
      const auto encoded = founded.log.block_at(events::Position{frontier.size() + 1});
      const events::StoredBlock block = *events::decode_stored_block(**encoded);
      for (const events::StoredEvent& stored : *events::stored_events(block)) {
        events::Bytes leaf;
        events::write_leaf(stored, leaf);
        frontier.append(events::leaf_hash(leaf));
      }
      ASSERT_TRUE(log->append({&block, 1}, frontier));
    }
  }

  BackupSource source() const { return {*log, *records, data, founded.pipeline.signing_key()}; }
  events::Result<events::LogHead> back_up_to(const std::filesystem::path& to) const {
    return back_up(source(), {to, true, false}, the_morning, {});
  }

 private:
  int communes_made_ = 0;
};

/// Flips one bit in the middle of a file.
inline void damage(const std::filesystem::path& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
  file.seekg(middle);
  const int byte = file.get();
  file.seekp(middle);
  file.put(static_cast<char>(byte ^ 0x10));
}

}  // namespace server::test
