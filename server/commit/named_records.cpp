#include "server/commit/named_records.h"

#include "events/log/private_record.h"

#include <algorithm>

namespace server {

using events::Digest;
using events::Result;

void NamedRecords::take(const PushedRun& run, std::size_t first) {
  if (run.records.empty()) return;
  std::map<Digest, std::size_t> named;
  for (std::size_t index = 0; index < run.events.size(); ++index) {
    const auto digest = events::private_digest_of(run.events[index].payload);
    if (digest) named[*digest] = index;
  }
  for (const events::PrivateRecord& record : run.records) {
    const Digest digest = record.digest();
    const auto by = named.find(digest);
    if (by == named.end()) continue;
    if (by->second < first) {
      const Result<bool> there = store_.contains(digest);
      if (there && *there) continue;
    }
    if (places_.emplace(digest, records_.size()).second) records_.push_back(record);
  }
}

Result<void> NamedRecords::put(std::span<const events::PrivateRecord> records) {
  for (const events::PrivateRecord& record : records) {
    if (places_.emplace(record.digest(), records_.size()).second) records_.push_back(record);
  }
  return {};
}

Result<std::optional<events::PrivateRecord>> NamedRecords::get(const Digest& digest) const {
  const auto found = places_.find(digest);
  if (found != places_.end()) return std::optional{records_[found->second]};
  return store_.get(digest);
}

Result<bool> NamedRecords::contains(const Digest& digest) const {
  if (places_.contains(digest)) return true;
  return store_.contains(digest);
}

}  // namespace server
