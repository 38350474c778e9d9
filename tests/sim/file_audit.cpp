#include "tests/sim/file_audit.h"

#include "tests/sim/violation.h"

namespace sim {

using events::FilePart;
namespace protocol = events::protocol;

Device* FileAudit::maker_of(const projections::EvidenceFile& row) {
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled() || world_.is_twin(*device) || world_.is_revoked(*device)) continue;
    if (device->replica().identity().chain == row.attached.chain()) return device.get();
  }
  return nullptr;
}

bool FileAudit::must_be_stored(Device& device, const protocol::FileName& name,
                               const projections::FileStanding& standing) const {
  if (!device.files().is_whole(standing.sha256)) return false;
  // Whose people have lost the commune does not learn that the event has effect.
  if (device.replica().overlay().confirmed().evidence_files().find(name.attached) == nullptr) {
    return false;
  }
  const clients::FileBook book = device.file_book();
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

std::optional<std::string> FileAudit::missing() {
  for (const projections::EvidenceFile& row : world_.host().state().evidence_files().all()) {
    Device* const maker = maker_of(row);
    if (maker == nullptr) continue;
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const projections::FileStanding& standing = row.part(part);
      if (!standing.is_named() || standing.is_stored()) continue;
      if (!must_be_stored(*maker, {row.attached, part}, standing)) continue;
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
  const auto wanted = device.file_book().wanted();
  for (const projections::EvidenceFile& row :
       device.replica().overlay().confirmed().evidence_files().all()) {
    if (!host.may_fetch(chain, row.scope, world_.now())) continue;
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const events::Digest& sha256 = row.part(part).sha256;
      const bool is_due = part == FilePart::thumbnail || wanted->contains({row.attached, part});
      if (!is_due || !row.part(part).is_stored() || host.files().is_lost_with_disk(sha256)) {
        continue;
      }
      if (device.files().all().contains(sha256)) continue;
      return device.name() + " may read a file of event " + to_string(row.attached) +
             " and did not get it";
    }
  }
  return std::nullopt;
}

void FileAudit::check_held(const Device& device) const {
  for (const auto& [sha256, bytes] : device.files().all()) {
    require(device.files().was_worn(sha256) || events::sha256(bytes) == sha256, Promise::verifiable,
            [&] { return device.name() + " holds a file that does not have its digest"; });
  }
}

/// What an officer is told to take again was wrong once.
void FileAudit::check_damaged(Device& device) const {
  const auto damaged = device.file_book().damaged();
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
      const projections::FileStanding& standing = row.part(part);
      const bool is_lost = world_.host().files().is_lost_with_disk(standing.sha256);
      if (standing.is_stored() && is_lost) ++count;
    }
  }
  return count;
}

void FileAudit::run() {
  world_.host().check_files(true);
  const std::optional<std::string> lack = missing();
  require(!lack, Promise::live, [&] { return *lack; });
  for (const auto& device : world_.devices()) {
    if (!device->is_enrolled()) continue;
    check_damaged(*device);
    check_held(*device);
  }
}

}  // namespace sim
