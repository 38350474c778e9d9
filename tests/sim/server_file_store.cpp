#include "tests/sim/server_file_store.h"

namespace sim {

using events::Error;
using events::ErrorCode;
using events::Result;

bool ServerFileStore::dies_before_said() {
  if (armed_ != FileCrash::before_said) return false;
  crashed_ = std::exchange(armed_, FileCrash::none);
  return true;
}

void ServerFileStore::lose_power() {
  for (const events::Digest& sha256 : unsynced_) static_cast<void>(inner_.erase(sha256));
  unsynced_.clear();
}

void ServerFileStore::calm() {
  armed_ = FileCrash::none;
  unsynced_.clear();
}

void ServerFileStore::restore(const std::map<events::Digest, events::Bytes>& backup) {
  for (const auto& [sha256, bytes] : inner_.files()) lost_.insert(sha256);
  inner_ = {};
  plant(plant_);
  unsynced_.clear();
  for (const auto& [sha256, bytes] : backup) inner_.take_over(sha256, bytes);
}

Result<server::UploadProgress> ServerFileStore::put(const server::Upload& upload,
                                                    std::uint32_t offset, events::ByteView bytes) {
  if (armed_ == FileCrash::before_piece || armed_ == FileCrash::half_piece) {
    crashed_ = std::exchange(armed_, FileCrash::none);
    if (crashed_ == FileCrash::half_piece) {
      static_cast<void>(inner_.put(upload, offset, bytes.first(bytes.size() / 2)));
    }
    return Error{ErrorCode::storage_failed, "the power was cut"};
  }
  return inner_.put(upload, offset, bytes);
}

Result<void> ServerFileStore::finish(const server::Upload& upload) {
  const bool was_there = inner_.files().contains(upload.sha256);
  Result<void> finished = inner_.finish(upload);
  const bool is_new = finished && !was_there;
  if (is_new && plant_ == Plant::file_said_before_stored) unsynced_.insert(upload.sha256);
  return finished;
}

}  // namespace sim
