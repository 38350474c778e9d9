#include "tests/sim/file_audit.h"

#include "tests/sim/violation.h"

#include <set>

namespace sim {

using events::FilePart;
namespace protocol = events::protocol;

namespace {

void add_files_of(const events::Event& event, std::set<events::Digest>& files) {
  const auto* const attached = std::get_if<events::EvidenceAttached>(&event.payload);
  if (attached == nullptr) return;
  files.insert(attached->original.sha256);
  if (attached->thumbnail) files.insert(attached->thumbnail->sha256);
}

}  // namespace

Device* FileAudit::maker_of(const projections::EvidenceFile& row) {
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled() || world_.is_twin(*device) || world_.is_revoked(*device)) continue;
    if (device->replica().identity().chain == row.attached.chain()) return device.get();
  }
  return nullptr;
}

bool FileAudit::must_be_stored(Device& device, const protocol::FileName& name,
                               const projections::EvidenceFileStatus& status) const {
  if (!device.files().is_whole(status.sha256)) return false;
  const clients::FileRecords book = device.file_records();
  if (book.damaged()->contains(name)) return false;
  if (name.part == FilePart::thumbnail || book.asked()->contains(name)) return true;
  switch (*book.policy()) {
    case clients::OriginalsPolicy::always:
      return true;
    case clients::OriginalsPolicy::good_link:
      return device.file_sync() == nullptr || device.file_sync()->progress().files_held_back == 0;
    case clients::OriginalsPolicy::asked:
      return false;
  }
  return true;
}

/// A device that has a file which the server lost with its disk, and may bring it.
Device* FileAudit::holder_of(const projections::EvidenceFile& row, FilePart part) {
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled() || world_.is_twin(*device) || world_.is_revoked(*device)) continue;
    const events::ChainNumber chain = device->replica().identity().chain;
    const bool may_bring =
        chain == row.attached.chain() || world_.host().may_fetch(chain, row.scope, world_.now());
    if (!may_bring || !device->files().is_whole(row.part(part).sha256)) continue;
    if (device->file_records().damaged()->contains({row.attached, part})) continue;
    return device.get();
  }
  return nullptr;
}

std::optional<std::string> FileAudit::missing() {
  for (const projections::EvidenceFile& row : world_.host().state().evidence_files().all()) {
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      if (!status.is_stored() || world_.host().files().files().contains(status.sha256)) continue;
      Device* const holder = holder_of(row, part);
      if (holder == nullptr) continue;
      return holder->name() + " has a file of event " + to_string(row.attached) +
             ", and the server lost it with its disk";
    }
  }
  for (const projections::EvidenceFile& row : world_.host().state().evidence_files().all()) {
    Device* const maker = maker_of(row);
    if (maker == nullptr) continue;
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      if (!status.is_named() || status.is_stored()) continue;
      if (!must_be_stored(*maker, {row.attached, part}, status)) continue;
      return maker->name() + " has a file of event " + to_string(row.attached) +
             ", and the server has not";
    }
  }
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled() || world_.is_twin(*device) || world_.is_revoked(*device)) continue;
    if (auto lack = not_fetched(*device)) return lack;
  }
  return std::nullopt;
}

/// A reader has each small picture, and each paper that somebody there asked for.
std::optional<std::string> FileAudit::not_fetched(Device& device) const {
  const ServerHost& host = world_.host();
  const events::ChainNumber chain = device.replica().identity().chain;
  const auto wanted = device.file_records().wanted();
  for (const projections::EvidenceFile& row :
       device.replica().overlay().confirmed().evidence_files().all()) {
    if (!host.may_fetch(chain, row.scope, world_.now())) continue;
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const events::Digest& sha256 = row.part(part).sha256;
      const bool is_due = part == FilePart::thumbnail || wanted->contains({row.attached, part});
      if (!is_due || !row.part(part).is_stored() || host.files().is_lost_with_disk(sha256)) {
        continue;
      }
      if (device.files().files().contains(sha256)) continue;
      return device.name() + " may read a file of event " + to_string(row.attached) +
             " and did not get it";
    }
  }
  return std::nullopt;
}

void FileAudit::check_held(const Device& device) const {
  for (const auto& [sha256, bytes] : device.files().files()) {
    require(device.files().was_worn(sha256) || events::sha256(bytes) == sha256, Promise::verifiable,
            [&] { return device.name() + " holds a file that does not have its digest"; });
  }
}

/// I6, for files: nobody keeps papers of a commune that was lost, but those that nobody else has.
std::optional<std::string> FileAudit::kept_without_right(Device& device) const {
  const ServerHost& host = world_.host();
  const events::ChainNumber chain = device.replica().identity().chain;
  std::set<events::Digest> named;
  std::set<events::Digest> may_stay;
  for (const projections::EvidenceFile& row : host.state().evidence_files().all()) {
    const bool is_own = host.state().access().made(chain, row.attached);
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      named.insert(status.sha256);
      const bool is_readable = host.may_fetch(chain, row.scope, world_.now());
      const bool is_own_here = is_own && host.may_read(chain, row.scope, world_.now());
      if (is_readable || is_own_here || (is_own && !status.is_stored())) {
        may_stay.insert(status.sha256);
      }
    }
  }
  // Of own events without effect nobody else has the papers.
  const clients::OfflineLog& own = device.replica().own();
  for (std::uint64_t seq = 1; seq <= own.head().seq; ++seq) {
    const events::Event& event = own.entry(seq).event;
    const bool has_effect = host.state().evidence_files().find(event.id()) != nullptr;
    if (!has_effect) add_files_of(event, may_stay);
  }
  // What a copy had recorded is recorded again on its new chain, as soon as its people may.
  for (const clients::Branch& branch : *device.replica().store().branches()) {
    if (branch.continued) continue;
    for (const clients::OwnEvent& event : *device.replica().store().branch_events(branch.chain)) {
      const auto read = events::read_event(event.canonical);
      if (read) add_files_of(*read, may_stay);
    }
  }
  for (const auto& [sha256, bytes] : device.files().files()) {
    if (!named.contains(sha256) || may_stay.contains(sha256)) continue;
    return device.name() + " keeps a file of a commune that it may not read any more";
  }
  return std::nullopt;
}

std::optional<std::string> FileAudit::kept_too_long() const {
  for (const auto& device : world_.devices()) {
    const bool has_log = device->is_enrolled() && device->keeps_files();
    if (!has_log || world_.is_twin(*device) || world_.is_revoked(*device)) continue;
    if (auto kept = kept_without_right(*device)) return kept;
  }
  return std::nullopt;
}

/// What an officer is told to take again was wrong once.
void FileAudit::check_damaged(Device& device) const {
  const auto damaged = device.file_records().damaged();
  require(damaged.has_value(), Promise::recorded, "a device cannot read which files are damaged");
  for (const protocol::FileName& name : *damaged) {
    const auto* const row =
        device.replica().overlay().confirmed().evidence_files().find(name.attached);
    if (row == nullptr) continue;
    require(device.files().was_worn(row->part(name.part).sha256), Promise::recorded, [&] {
      return device.name() + " is told to take a photo again that was always whole, of event " +
             to_string(name.attached);
    });
  }
}

int FileAudit::said_and_lost() const {
  int count = 0;
  for (const projections::EvidenceFile& row : world_.host().state().evidence_files().all()) {
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      const bool is_lost = world_.host().files().is_lost_with_disk(status.sha256);
      if (status.is_stored() && is_lost) ++count;
    }
  }
  return count;
}

void FileAudit::run() {
  world_.host().check_files(true);
  const std::optional<std::string> lack = missing();
  require(!lack, Promise::live, [&] { return *lack; });
  const std::optional<std::string> kept = kept_too_long();
  require(!kept, Promise::erasable, [&] { return *kept; });
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled()) continue;
    check_damaged(*device);
    check_held(*device);
  }
}

}  // namespace sim
