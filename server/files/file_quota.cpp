#include "server/files/file_quota.h"

#include <string>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

void FileQuota::begin(const projections::EvidenceFiles& files) {
  files.all().for_each([&](const projections::EvidenceFile& file) {
    for (const events::FilePart part : {events::FilePart::original, events::FilePart::thumbnail}) {
      const projections::EvidenceFileStatus& status = file.part(part);
      if (status.is_stored()) dossiers_[file.dossier] += status.size;
    }
  });
}

Result<void> FileQuota::take(const Upload& upload, const FileFacts& facts, std::uint64_t factor) {
  const events::Day today = events::day_in_vietnam(clock_());
  if (today != day_) {
    sent_.clear();
    counted_.clear();
    stored_.clear();
    day_ = today;
  }
  if (counted_.contains(upload)) return {};
  // What the log calls stored is counted already; only the disk lost it.
  const auto dossier = dossiers_.find(facts.dossier);
  const std::uint64_t has = dossier == dossiers_.end() ? 0 : dossier->second;
  if (!facts.is_stored && has + facts.size > limits_.dossier_bytes * factor) {
    return Error{ErrorCode::quota, "quota: " + std::to_string(limits_.dossier_bytes * factor) +
                                       " bytes of evidence in a dossier"};
  }
  std::uint64_t& sent = sent_[upload.chain];
  if (sent + facts.size > limits_.device_bytes_a_day * factor) {
    return Error{ErrorCode::quota, "quota: " + std::to_string(limits_.device_bytes_a_day * factor) +
                                       " bytes of evidence a day"};
  }
  sent += facts.size;
  counted_.insert(upload);
  return {};
}

void FileQuota::stored(const FileFacts& facts) {
  if (facts.is_stored || !stored_.insert(facts.name).second) return;
  dossiers_[facts.dossier] += facts.size;
}

}  // namespace server
