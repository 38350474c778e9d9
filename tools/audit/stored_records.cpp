#include "tools/audit/stored_records.h"

#include "server/backup/backup_statement.h"
#include "server/backup/evidence_copy.h"
#include "server/store/rocks_private_store.h"
#include "tools/audit/block_reader.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <unordered_set>
#include <utility>
#include <variant>

namespace audit {
namespace {

using events::Error;
using events::Result;

std::string hex(const events::Digest& digest) { return events::to_hex(digest.bytes); }

Problem problem_at(Check check, const events::StoredEvent& stored, std::string place,
                   std::string message) {
  return {check,
          stored.position,
          stored.position,
          stored.event.id(),
          verification::kind_of(stored.event),
          std::move(place),
          std::move(message)};
}

/// Follows the events of a log and looks up what each of them names.
class RecordVerifier {
 public:
  /// `records`: null when there are none to be looked at.
  /// Lifetime: `records` and `report` outlive the verifier.
  RecordVerifier(const server::BackupPaths& paths, const server::RocksPrivateStore* records,
                 Report& report)
      : paths_(paths), records_(records), report_(report) {}

  void take(const events::StoredEvent& stored) {
    const auto digest = events::private_digest_of(stored.event.payload);
    if (digest && records_ != nullptr) look_up(*digest, stored);
    const auto* const file = std::get_if<events::EvidenceStored>(&stored.event.payload);
    if (file != nullptr) look_for(*file, stored);
  }

  /// Whether an event that was taken names a record under that digest.
  bool has_seen(const events::Digest& digest) const {
    return seen_.contains(events::fingerprint_of(digest));
  }

 private:
  void look_up(const events::Digest& digest, const events::StoredEvent& stored) {
    const auto record = records_->get(digest);
    if (record && !*record) return;
    if (seen_.insert(events::fingerprint_of(digest)).second) report_.count(Check::private_records);
    if (record) return;
    report_.add(problem_at(Check::private_records, stored, "record " + hex(digest),
                           record.error().message));
  }

  void look_for(const events::EvidenceStored& file, const events::StoredEvent& stored) {
    const std::string name = hex(file.sha256);
    std::error_code error;
    if (std::filesystem::exists(paths_.files() / name.substr(0, 2) / name.substr(2), error)) return;
    const char* const part = file.part == events::FilePart::original ? "original" : "thumbnail";
    report_.add(problem_at(Check::evidence_files, stored, "file " + name,
                           std::string("the ") + part + " of " + to_string(file.attached) +
                               " is missing, and the log calls it stored" +
                               (error ? ": " + error.message() : "")));
  }

  const server::BackupPaths& paths_;
  const server::RocksPrivateStore* records_;
  Report& report_;
  std::unordered_set<std::uint64_t> seen_;
};

/// Records that no event names, and tables that no event led to.
void check_rest(const server::RocksPrivateStore& records, const RecordVerifier& verifier,
                const server::BackupPaths& paths, Report& report) {
  const Result<void> read = records.check_each([&](const events::Digest& digest, bool is_own) {
    if (verifier.has_seen(digest)) return;
    report.count(Check::private_records);
    if (is_own) return;
    report.add({Check::private_records,
                {},
                {},
                {},
                {},
                "record " + hex(digest),
                "the record does not have the digest that it is stored under"});
  });
  if (read) return;
  report.add({Check::private_records,
              {},
              {},
              {},
              {},
              paths.private_records().string(),
              read.error().message});
  report.stop(Check::private_records, "the rest of the records cannot be read");
}

void check_files(const server::BackupPaths& paths, Report& report) {
  const auto visit = [&](const std::filesystem::path& file,
                         const Result<void>& whole) -> Result<void> {
    report.count(Check::evidence_files);
    if (!whole) {
      report.add({Check::evidence_files, {}, {}, {}, {}, file.string(), whole.error().message});
    }
    return {};
  };
  const Result<void> listed = server::visit_evidence(paths.files(), visit, nullptr);
  if (!listed) report.stop(Check::evidence_files, listed.error().message);
}

}  // namespace

void verify_records(const events::EventLog& log, const std::filesystem::path& directory,
                    Report& report) {
  report.apply(Check::private_records);
  report.apply(Check::evidence_files);
  const server::BackupPaths paths{directory};
  const Result<std::unique_ptr<server::RocksPrivateStore>> records =
      server::RocksPrivateStore::open_read_only(paths.private_records());
  if (!records) report.stop(Check::private_records, records.error().message);
  RecordVerifier verifier(paths, records ? records->get() : nullptr, report);
  const Result<void> read = read_blocks(
      log, [&](const events::StoredBlock&, std::span<const events::StoredEvent> stored) {
        for (const events::StoredEvent& each : stored) verifier.take(each);
      });
  if (!read) {
    report.stop(Check::private_records, "the log cannot be read: " + read.error().message);
    report.stop(Check::evidence_files, "the log cannot be read: " + read.error().message);
  }
  if (records) check_rest(**records, verifier, paths, report);
  check_files(paths, report);
}

}  // namespace audit
