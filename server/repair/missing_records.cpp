#include "server/repair/missing_records.h"

#include "server/repair/staged_blocks.h"

#include <optional>

namespace server {

using events::PrivateRecord;
using events::Result;

Result<MissingRecords> MissingRecords::find(const events::EventLog& log,
                                            const events::PrivateStore& privates,
                                            events::Position restored) {
  MissingRecords missing(privates);
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  for (events::Position after = restored;;) {
    events::Position scanned_to;
    const Result<std::optional<events::Bytes>> encoded =
        log.next_block(everything, after, &scanned_to);
    if (!encoded) return encoded.error();
    if (!*encoded) return missing;
    const Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    if (Result<void> noted = missing.note({&*block, 1}); !noted) return noted.error();
    after = block->last();
  }
}

Result<void> MissingRecords::note(std::span<const events::StoredBlock> blocks) {
  for (const events::StoredBlock& block : blocks) {
    for (const events::Digest& digest : records_named_by(block)) {
      const Result<bool> is_here = privates_->contains(digest);
      if (!is_here) return is_here.error();
      if (!*is_here) missing_.insert(digest);
    }
  }
  return {};
}

std::vector<PrivateRecord> MissingRecords::wanted(std::span<const PrivateRecord> given) const {
  std::vector<PrivateRecord> wanted;
  for (const PrivateRecord& record : given) {
    if (missing_.contains(record.digest())) wanted.push_back(record);
  }
  return wanted;
}

void MissingRecords::forget(std::span<const PrivateRecord> stored) {
  for (const PrivateRecord& record : stored) missing_.erase(record.digest());
}

}  // namespace server
