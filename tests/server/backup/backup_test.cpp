#include "server/backup/backup.h"

#include "events/proofs/signed_note.h"
#include "server/api/token_store.h"
#include "server/backup/backup_statement.h"
#include "server/backup/restore.h"
#include "tests/server/backup/backup_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;

std::vector<std::filesystem::path> files_below(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

ErrorCode refusal_of(const std::filesystem::path& backup, const std::filesystem::path& target) {
  const auto restored = restore({backup, target, std::nullopt}, {});
  return restored ? ErrorCode{} : restored.error().code;
}

// The night's backup must be the log of that night, also while officers go on pushing.
TEST(Backup, IsTheLogOfTheMomentAndStaysSoWhileTheLogGrows) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  const events::LogHead before = disk.log->head();
  const auto saved = disk.back_up_to(backup);
  ASSERT_TRUE(saved) << saved.error().message;
  EXPECT_EQ(*saved, before);
  disk.add_communes(2);

  const auto checked = check_backup(backup, {});
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->head, before);
  EXPECT_EQ(checked->name.server_key, disk.founded.pipeline.server_key());
  EXPECT_TRUE(checked->has_private_records);
  EXPECT_FALSE(std::filesystem::exists(disk.data / "backup-staging"));
}

// A backup that shares its files with the database decays with it.
TEST(Backup, SharesNoFileWithTheDatabase) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  for (const auto& file : files_below(backup)) {
    EXPECT_EQ(std::filesystem::hard_link_count(file), 1U) << file;
  }
}

/// Puts a paper's photo where the server keeps it; its path below the store.
std::filesystem::path put_photo(const std::filesystem::path& files) {
  const std::string photo = "the bytes of a photo";
  const std::string digest = events::to_hex(events::sha256(events::bytes_of(photo)).bytes);
  const auto below = std::filesystem::path(digest.substr(0, 2)) / digest.substr(2);
  std::filesystem::create_directories((files / below).parent_path());
  std::ofstream(files / below) << photo;
  return below;
}

// The log would go on saying that the papers are there, and nobody could ever show them again.
TEST(Backup, HoldsTheEvidenceAndVerifiesIt) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  const auto photo = put_photo(disk.data / "files");
  std::filesystem::create_directories(disk.data / "files" / "uploads");
  std::ofstream(disk.data / "files" / "uploads" / "7-half.bytes") << "half";
  ASSERT_TRUE(disk.back_up_to(backup));
  EXPECT_EQ(files_below(backup / "files"), std::vector{backup / "files" / photo});

  const auto data = disk.scratch.path() / "new";
  ASSERT_TRUE(restore({backup, data, std::nullopt}, {}));
  EXPECT_EQ(std::filesystem::file_size(data / "files" / photo), 20U);

  std::ofstream(backup / "files" / photo, std::ios::app) << "!";
  EXPECT_EQ(refusal_of(backup, disk.scratch.path() / "newer"), ErrorCode::storage_corrupt);
  EXPECT_FALSE(std::filesystem::exists(disk.scratch.path() / "newer"));
}

// What was erased on a person's order must not live on in the backup of the log.
TEST(Backup, KeepsPrivateRecordsApartAndLeavesThemOutWhenTold) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(back_up(disk.source(), {backup, false, false}, the_morning, {}));
  EXPECT_FALSE(std::filesystem::exists(backup / "private"));
  EXPECT_FALSE(std::filesystem::exists(backup / "files"));
  const auto restored = restore({backup, disk.scratch.path() / "new", std::nullopt}, {});
  ASSERT_TRUE(restored) << restored.error().message;
  RocksPrivateStore::Options options;
  options.path = disk.scratch.path() / "new" / "private";
  const auto records = RocksPrivateStore::open(options);
  ASSERT_TRUE(records) << "the server starts without them";
  EXPECT_FALSE(*(*records)->contains(DataOnDisk::a_person().digest()));
}

// Whoever holds the server's key can sign as the log: it leaves the machine only when told.
TEST(Backup, HoldsTheKeyOnlyWhenTold) {
  DataOnDisk disk;
  std::ofstream(disk.data / "server.key") << std::string(32, '\x01');
  ASSERT_TRUE(disk.back_up_to(disk.scratch.path() / "without"));
  EXPECT_FALSE(std::filesystem::exists(disk.scratch.path() / "without" / "server.key"));
  const auto with = disk.scratch.path() / "with";
  ASSERT_TRUE(back_up(disk.source(), {with, true, true}, the_morning, {}));
  EXPECT_EQ(std::filesystem::status(with / "server.key").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

/// Puts a token and a revoked one where the server keeps them.
struct TwoTokens {
  std::string good;
  std::string revoked;

  explicit TwoTokens(const DataOnDisk& disk) {
    TokenStore store(disk.data / "api.tokens", {});
    good = store.add("Cổng dữ liệu", {}, 30, the_morning)->text;
    revoked = store.add("Bảng điện tử", {}, 30, the_morning)->text;
    EXPECT_TRUE(store.revoke(2, the_morning));
  }
};

// Boards and portals of a province shall not all need new tokens because a disk died; and a token
// that was taken away must not come back that way.
TEST(Backup, HoldsTheTokensAsTheyStood) {
  DataOnDisk disk;
  const TwoTokens tokens(disk);
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  const auto data = disk.scratch.path() / "new";
  const auto restored = restore({backup, data, std::nullopt}, {});
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_TRUE(restored->backup.tokens);
  auto read = TokenStore::read(data / "api.tokens");
  ASSERT_TRUE(read) << read.error().message;
  const TokenStore store(data / "api.tokens", std::move(*read));
  EXPECT_FALSE(store.find(tokens.good, the_morning).fault);
  EXPECT_EQ(store.find(tokens.revoked, the_morning).fault, TokenStore::Fault::revoked);
}

// Their names are the operator's words about people, and log-only backups go to more hands.
TEST(Backup, OfTheLogAloneHasNoTokens) {
  DataOnDisk disk;
  const TwoTokens tokens(disk);
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(back_up(disk.source(), {backup, false, false}, the_morning, {}));
  EXPECT_FALSE(std::filesystem::exists(backup / "api.tokens"));
  const auto restored = restore({backup, disk.scratch.path() / "new", std::nullopt}, {});
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_FALSE(restored->backup.tokens);
}

// A line that somebody added on the backup disk would read the restored log for years.
TEST(Restore, RefusesTokensThatTheStatementDoesNotName) {
  DataOnDisk disk;
  const auto before = disk.scratch.path() / "before";
  ASSERT_TRUE(disk.back_up_to(before));
  const TwoTokens tokens(disk);
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  std::filesystem::copy_file(backup / "api.tokens", before / "api.tokens");
  const auto target = disk.scratch.path() / "new";
  EXPECT_EQ(refusal_of(before, target), ErrorCode::storage_corrupt) << "added";
  damage(backup / "api.tokens");
  EXPECT_EQ(refusal_of(backup, target), ErrorCode::storage_corrupt) << "changed";
  std::filesystem::remove(backup / "api.tokens");
  EXPECT_EQ(refusal_of(backup, target), ErrorCode::storage_corrupt) << "taken away";
  EXPECT_FALSE(std::filesystem::exists(target));
}

// Backups of years ago lie on disks that nobody writes to any more.
TEST(BackupStatement, WithoutTokensItIsThatOfTheFirstVersion) {
  const events::SigningKey key = test_support::a_key(1);
  BackupStatement statement{
      {the_log, events::Epoch{3}, events::Position{7}, {}}, the_morning, true};
  const std::string first = write_statement(statement, "titles.example", key);
  EXPECT_TRUE(first.starts_with("khuyenhoc-backup/1\n"));
  EXPECT_EQ(first.find("tokens"), std::string::npos);
  EXPECT_EQ(*read_statement(first, "titles.example", key.public_key()), statement);
  statement.tokens = events::sha256(events::bytes_of("x"));
  const std::string second = write_statement(statement, "titles.example", key);
  EXPECT_TRUE(second.starts_with("khuyenhoc-backup/2\n"));
  EXPECT_EQ(*read_statement(second, "titles.example", key.public_key()), statement);
  const auto with_text = [&](std::string text) {
    return read_statement(events::sign_note(text, "titles.example", key), "titles.example",
                          key.public_key());
  };
  const std::string text = *events::verify_note(second, "titles.example", key.public_key());
  EXPECT_TRUE(with_text(text));
  EXPECT_EQ(with_text(text.substr(0, text.find("tokens"))).error().code, ErrorCode::malformed);
  EXPECT_EQ(with_text(text + "more 1\n").error().code, ErrorCode::malformed);
  std::string other = text;
  other[std::string("khuyenhoc-backup/").size()] = '1';
  EXPECT_EQ(with_text(other).error().code, ErrorCode::malformed);
  other[std::string("khuyenhoc-backup/").size()] = '3';
  EXPECT_EQ(with_text(other).error().code, ErrorCode::unsupported);
}

TEST(Backup, RefusesATargetThatHoldsSomething) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  std::filesystem::create_directories(backup);
  std::ofstream(backup / "letter") << "not mine";
  const auto saved = disk.back_up_to(backup);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(files_below(backup).size(), 1U);
}

// After a restore the devices must notice: the epoch is what they see first.
TEST(Restore, BringsBackTheLogInALaterEpochAndMarksIt) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  const auto target = disk.scratch.path() / "new";
  const auto restored = restore({backup, target, std::nullopt}, {});
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->epoch, events::Epoch{2});

  RocksEventLog::Options options;
  options.path = target / "log";
  const auto log = RocksEventLog::open(options);
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ((*log)->head().epoch, events::Epoch{2});
  EXPECT_EQ((*log)->head().position, disk.log->head().position);
  EXPECT_EQ((*log)->head().root, disk.log->head().root);
  ASSERT_TRUE((*log)->repair_since());
  EXPECT_EQ(*(*log)->repair_since(), disk.log->head());
  ASSERT_TRUE((*log)->end_repair());
  EXPECT_FALSE((*log)->repair_since());
}

// Two histories under one epoch could not be told apart by their receipts.
TEST(Restore, TakesAHigherEpochAndNoLowerOne) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  const auto high = restore({backup, disk.scratch.path() / "high", events::Epoch{7}}, {});
  ASSERT_TRUE(high);
  EXPECT_EQ(high->epoch, events::Epoch{7});
  const auto same = restore({backup, disk.scratch.path() / "same", events::Epoch{1}}, {});
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().code, ErrorCode::invalid_argument);
}

TEST(Restore, RefusesATargetThatHoldsSomething) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  EXPECT_EQ(refusal_of(backup, disk.data), ErrorCode::invalid_argument);
}

// A backup disk that has decayed must say so on the day of the restore, not titles later.
TEST(Restore, RefusesADamagedBackupAndWritesNothing) {
  DataOnDisk disk(40);
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  const auto target = disk.scratch.path() / "new";
  int damaged = 0;
  for (const auto& file : files_below(backup)) {
    const bool is_table = file.extension() == ".sst" && file.parent_path().filename() == "log";
    if (!is_table && file.filename() != "statement") continue;
    SCOPED_TRACE(file.string());
    damage(file);
    EXPECT_NE(refusal_of(backup, target), ErrorCode{});
    EXPECT_FALSE(std::filesystem::exists(target));
    damage(file);  // Twice is not at all.
    ++damaged;
  }
  EXPECT_GE(damaged, 2);
  EXPECT_EQ(refusal_of(backup, target), ErrorCode{});
}

// A copy that was cut by a full disk has no statement.
TEST(Restore, RefusesABackupThatWasNotFinished) {
  DataOnDisk disk;
  const auto backup = disk.scratch.path() / "backup";
  ASSERT_TRUE(disk.back_up_to(backup));
  std::filesystem::remove(backup / "statement");
  EXPECT_EQ(refusal_of(backup, disk.scratch.path() / "new"), ErrorCode::not_found);
}

// The statement of one night on the log of another would hide what was lost between them.
TEST(Restore, RefusesAStatementOfAnotherMoment) {
  DataOnDisk disk;
  ASSERT_TRUE(disk.back_up_to(disk.scratch.path() / "monday"));
  disk.add_communes(1);
  ASSERT_TRUE(disk.back_up_to(disk.scratch.path() / "tuesday"));
  std::filesystem::copy_file(disk.scratch.path() / "tuesday" / "statement",
                             disk.scratch.path() / "monday" / "statement",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(refusal_of(disk.scratch.path() / "monday", disk.scratch.path() / "new"),
            ErrorCode::storage_corrupt);
}

}  // namespace
}  // namespace server::test
